import { Button } from "../../../lib/ui/button.tsx";
import { Form } from "../../../lib/ui/form.tsx";
import { endings } from "../../../lib/journey/endings.ts";
import type { Screen } from "../../../lib/journey/screen.ts";
import type { ScreenPageProps } from "./screen-page-props.ts";
import { ReturnLink } from "./return-link.tsx";
import { TimeLeft } from "./time-left.tsx";
import { CancelForm, polling, WizardPage } from "./wizard-page.tsx";

const waiting = (version: string, url: string) => ({
  "data-version": version,
  ...polling(url),
  "data-focus": "reauth-heading",
});

/**
 * When a wait is long, and when it is very long, in seconds: the words change, and say that nobody
 * has to wait.
 */
const longWaits = [5, 20] as const;

/**
 * The bank takes its time. The script asks for the next screen and says how long it takes; without
 * it the person does.
 */
export function WorkingPage({
  screen,
  url,
  checked = false,
  translator,
  assets,
}: ScreenPageProps<Extract<Screen, { type: "working" }>>) {
  const { t } = translator;
  const { bank, formToken, version, waitedSeconds } = screen;
  const later = longWaits.filter((seconds) => waitedSeconds < seconds);
  const since = longWaits.findLast((seconds) => waitedSeconds >= seconds);
  return (
    <WizardPage
      screen={screen}
      translator={translator}
      assets={assets}
      url={url}
      heading={t("working.heading", { bank })}
      before={<CancelForm url={url} token={formToken} translator={translator} />}
      behaviour={{
        ...waiting(version, url),
        ...Object.fromEntries(
          later.map((seconds) => [
            `data-wait-${seconds}`,
            `${(seconds - waitedSeconds) * 1000} ${t(`working.after-${seconds}`, { bank })}`,
          ]),
        ),
      }}
    >
      {checked && <p className="notice">{t("notice.nothing-new")}</p>}
      <TimeLeft secondsLeft={screen.secondsLeft} translator={translator} />
      <p id="reauth-waiting">
        {since === undefined ? t("working.text", { bank }) : t(`working.after-${since}`, { bank })}
      </p>
      <p>{t("working.then")}</p>
      <Form url={url} token={formToken}>
        <Button action="check">{t("working.check")}</Button>
        <Button action="leave" variant="secondary">
          {t("working.leave")}
        </Button>
      </Form>
    </WizardPage>
  );
}

/** It is over and Sage does not know yet. The person may go; the delivery goes on without them. */
export function FinishingPage({
  screen,
  url,
  checked = false,
  translator,
  assets,
}: ScreenPageProps<Extract<Screen, { type: "finishing" }>>) {
  const { t } = translator;
  const { bank, formToken, version } = screen;
  return (
    <WizardPage
      screen={screen}
      translator={translator}
      assets={assets}
      url={url}
      heading={t("finishing.heading")}
      before={
        <Form url={url} token={formToken} className="cancel">
          <Button action="leave" variant="link">
            {t("finishing.leave")}
          </Button>
        </Form>
      }
      behaviour={waiting(version, url)}
    >
      {checked && <p className="notice">{t("notice.nothing-new")}</p>}
      <p>{screen.succeeded ? t("finishing.authorised", { bank }) : t("finishing.ended")}</p>
      <p>{t("finishing.leave-hint")}</p>
      <p>{t("working.then")}</p>
      <Form url={url} token={formToken}>
        <Button action="check">{t("finishing.check")}</Button>
      </Form>
    </WizardPage>
  );
}

/**
 * The person did not wait for the bank. What it says is taken and passed on all the same; a further
 * question would need them again.
 */
export function LeftPage({
  screen,
  url,
  translator,
  assets,
}: ScreenPageProps<Extract<Screen, { type: "left" }>>) {
  const { t } = translator;
  return (
    <WizardPage
      screen={screen}
      translator={translator}
      assets={assets}
      url={url}
      heading={t(endings.left.title)}
      before={
        screen.returnUrl === null ? undefined : (
          <a href={screen.returnUrl}>{t("finished.return")}</a>
        )
      }
      behaviour={{ "data-version": screen.version, "data-focus": "reauth-heading" }}
    >
      <p>{t(endings.left.text, { bank: screen.bank })}</p>
      <ReturnLink returnUrl={screen.returnUrl} translator={translator} />
    </WizardPage>
  );
}
