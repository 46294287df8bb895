import type { ReactNode } from "react";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { Button } from "../../../lib/ui/button.tsx";
import { Form } from "../../../lib/ui/form.tsx";
import { type Assets, Page, type PageProps } from "../../../lib/ui/page.tsx";
import { StepIndicator } from "../../../lib/ui/step-indicator.tsx";
import { BankHelp } from "./bank-help.tsx";
import { progress, type Screen } from "../../../lib/journey/screen.ts";

export interface WizardPageProps {
  screen: Exclude<Screen, { type: "gone" | "unknown-bank" }>;
  translator: Translator;
  assets: Assets;
  /** Absolute address of the screen. */
  url: string;
  heading: string;
  wrong?: boolean;
  before?: ReactNode;
  behaviour?: PageProps["behaviour"];
  keeping?: PageProps["keeping"];
  carried?: PageProps["carried"];
  children: ReactNode;
}

/**
 * What all screens of a journey share: the title with the state first, the number of the step
 * inside the h1 (so that it is spoken with it), the step indicator.
 */
export function WizardPage({
  screen,
  translator,
  assets,
  url,
  heading,
  wrong = false,
  before,
  behaviour = {},
  keeping,
  carried,
  children,
}: WizardPageProps) {
  const { t } = translator;
  const phases = progress(screen);
  const step = phases.findIndex(({ status }) => status === "current") + 1;
  const numbered = step > 0 ? t("page.step-heading", { step, heading }) : heading;
  const title = t(wrong ? "page.title-error" : "page.title", {
    heading: numbered,
    bank: screen.bank,
  });
  return (
    <Page
      translator={translator}
      assets={assets}
      title={title}
      heading={numbered}
      before={before}
      behaviour={behaviour}
      languageAt={url}
      keeping={keeping}
      carried={carried}
    >
      {phases.length > 0 && (
        <StepIndicator
          label={t("phase.list")}
          doneWord={t("phase.done")}
          currentWord={t("phase.current")}
          phases={phases.map(({ phase, status }) => ({ name: t(`phase.${phase}`), status }))}
        />
      )}
      {children}
      <BankHelp bank={screen.bank} help={screen.help} translator={translator} />
    </Page>
  );
}

/** For a screen that waits: its script asks here whether another one is due. */
export const polling = (url: string) => ({
  "data-poll": `${url.replace(/\?.*/, "")}/status`,
});

/**
 * The way out, first on the screen. A form of its own, so that Enter in a field presses Continue
 * and not this.
 */
export function CancelForm({
  url,
  token,
  translator,
}: {
  url: string;
  token: string;
  translator: Translator;
}) {
  return (
    <Form url={url} token={token} className="cancel">
      <Button action="cancel" variant="link">
        {translator.t("page.cancel")}
      </Button>
    </Form>
  );
}
