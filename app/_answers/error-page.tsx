import type { Translator } from "../../lib/i18n/translator.ts";
import { type Assets, Page } from "../../lib/ui/page.tsx";
import { HostSection, hostProof } from "../../lib/ui/host-section.tsx";
import { type ErrorName, endings } from "../../lib/journey/endings.ts";

export interface ErrorPageProps {
  name: ErrorName;
  translator: Translator;
  assets: Assets;
  /** The screen's address, where there is one; the language can be chosen there. */
  url: string | undefined;
  /** Whether the page follows something the person did here. */
  acted: boolean;
}

/**
 * Where the browser may have a newer screen: somebody who pressed Back is taken forward again,
 * once.
 */
const formerScreens: readonly ErrorName[] = [
  "already-started",
  "already-answered",
  "over",
  "refused",
];

/**
 * What happened and what to do next, as a document of its own. Where it follows something the
 * person did in the frame, its heading takes the focus.
 */
export function ErrorPage({ name, translator, assets, url, acted }: ErrorPageProps) {
  const { t } = translator;
  const { title, text, next } = endings[`error.${name}`];
  const heading = t(title);
  // A GET of a screen's address is repeat-safe, so it is also where a post that failed starts
  // again; a frame may have no button to reload.
  const again = next === "try-again-here" ? url : undefined;
  return (
    <Page
      translator={translator}
      assets={assets}
      title={t("page.title", { heading, bank: t("error.service") })}
      heading={heading}
      before={again && <a href={again}>{t("error.back")}</a>}
      behaviour={{
        ...(again || acted ? { "data-focus": "reauth-heading" } : {}),
        ...(formerScreens.includes(name) ? { "data-forward": "" } : {}),
      }}
      languageAt={url}
    >
      <p>{t(text)}</p>
      {again && (
        <p>
          <a className="primary" href={again}>
            {t("error.try-again")}
          </a>
        </p>
      )}
    </Page>
  );
}

/** The same for somebody else's page; nothing of the request comes back in it. */
export function ErrorFragment({ name, translator }: { name: ErrorName; translator: Translator }) {
  const { t } = translator;
  const { title, text } = endings[`error.${name}`];
  return (
    <HostSection translator={translator} heading={t(title)} style={{ padding: "1em" }}>
      <b style={{ all: "revert", ...hostProof }}>{t(title)}</b>
      {t(text)}
    </HostSection>
  );
}
