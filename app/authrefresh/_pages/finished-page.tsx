import type { Translator } from "../../../lib/i18n/translator.ts";
import { endingOf } from "../../../lib/journey/endings.ts";
import type { Screen } from "../../../lib/journey/screen.ts";
import type { ScreenPageProps } from "./screen-page-props.ts";
import { ReturnLink } from "./return-link.tsx";
import { UncoveredAccounts } from "./uncovered-accounts.tsx";
import { WizardPage } from "./wizard-page.tsx";

type Finished = Extract<Screen, { type: "finished" }>;

/**
 * How long the message stays before the script goes back, in seconds; the person can stop it (WCAG
 * 2.2.1). Anything but good news has something to read, to note or to do, and Sage does not say it
 * again.
 */
const returnAfter = ({ result, deliveryStatus, content }: Finished) =>
  result === "cancelled" ||
  (result === "authorised" && deliveryStatus === "delivered" && content === undefined)
    ? 10
    : 60;

/**
 * The last screen: what happened, and the way back to Sage. 200 with a plain link, which the script
 * follows (design decision 11).
 */
export function FinishedPage({ screen, url, translator, assets }: ScreenPageProps<Finished>) {
  const { t } = translator;
  const { title, text } = endingOf(screen);
  const { bank, reference } = screen;
  return (
    <WizardPage
      screen={screen}
      translator={translator}
      assets={assets}
      url={url}
      heading={t(title, { bank })}
      behaviour={{
        "data-version": screen.version,
        "data-focus": "reauth-heading",
        "data-return-after": String(returnAfter(screen)),
        "data-stay": t("finished.stay"),
        "data-staying": t("finished.staying"),
        "data-leaving": t("finished.return-soon", { seconds: returnAfter(screen) }),
      }}
    >
      <p>{t(text, { bank, reference })}</p>
      {screen.retrySeconds !== null && screen.retrySeconds > 0 && (
        <p>{whenToRetry(screen.retrySeconds, bank, translator)}</p>
      )}
      {screen.content && (
        <UncoveredAccounts
          {...screen.content}
          bank={bank}
          succeeded={screen.result === "authorised"}
          translator={translator}
        />
      )}
      <ReturnLink returnUrl={screen.returnUrl} translator={translator} />
    </WizardPage>
  );
}

/** Minutes, hours or days, rounded up: nobody should come back too early. */
function whenToRetry(seconds: number, bank: string, { t }: Translator): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 90) return t("finished.retry-minutes", { bank, minutes });
  const hours = Math.ceil(minutes / 60);
  return hours <= 36
    ? t("finished.retry-hours", { bank, hours })
    : t("finished.retry-days", { bank, days: Math.ceil(hours / 24) });
}
