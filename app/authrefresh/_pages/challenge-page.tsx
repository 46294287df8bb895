import type { Action } from "../../../lib/challenges/challenge.ts";
import { kindOf } from "../../../lib/challenges/index.ts";
import { ProblemText } from "../../../lib/challenges/problem-text.tsx";
import { otherLanguage } from "../../../lib/i18n/languages.ts";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { Button } from "../../../lib/ui/button.tsx";
import { ErrorSummary, type SummaryItem } from "../../../lib/ui/error-summary.tsx";
import { Form } from "../../../lib/ui/form.tsx";
import { endings } from "../../../lib/journey/endings.ts";
import type { Screen } from "../../../lib/journey/screen.ts";
import type { ScreenPageProps } from "./screen-page-props.ts";
import { TimeLeft } from "./time-left.tsx";
import { CancelForm, polling, WizardPage } from "./wizard-page.tsx";

const stepForm = "reauth-step";
const otherWay: Action = { action: "other-way", key: "page.other-way" };

/** What the bank asks, of whatever kind. */
export function ChallengePage({
  screen,
  url,
  acted = false,
  checked = false,
  translator,
  assets,
}: ScreenPageProps<Extract<Screen, { type: "challenge" }>>) {
  const { t } = translator;
  const { bank, content, formToken, minutesLeft, version } = screen;
  const kind = kindOf(content.challenge);
  const errors = errorsOf(screen, translator);
  const wrong = errors.length > 0;
  const otherWays = [...kind.otherWays, ...(content.otherWay ? [otherWay] : [])];
  const question = kind.render({
    bank,
    translator,
    problems: content.problems,
    fields: content.fields,
    bankLang: otherLanguage(content.lang, translator.locale),
    otherWay: content.otherWay,
  });
  // The first screen appears while the person is still in Sage's page: it must not take the focus
  // from there (accessibility rule 4). With an error it follows a form.
  const focus =
    minutesLeft === undefined || acted || wrong
      ? { "data-focus": wrong ? "reauth-errors" : "reauth-heading" }
      : {};
  // Before the claim there is nothing yet that could keep an entry (docs/decisions/049).
  const keeping = minutesLeft === undefined && kind.kept.length > 0 ? stepForm : undefined;
  return (
    <WizardPage
      screen={screen}
      translator={translator}
      assets={assets}
      url={url}
      wrong={wrong}
      keeping={keeping}
      carried={screen.limitNotice === undefined ? undefined : { limit_notice: screen.limitNotice }}
      heading={t(kind.heading, { ...kind.values, bank })}
      before={<CancelForm url={url} token={formToken} translator={translator} />}
      behaviour={{
        "data-version": version,
        ...focus,
        ...(kind.pollSeconds === undefined ? {} : polling(url)),
      }}
    >
      <ErrorSummary heading={t("page.errors")} items={errors} />
      {content.notice && !checked && (
        <p className="notice">
          {t(`notice.${content.notice}`, { bank, seconds: content.waitSeconds ?? 0 })}
        </p>
      )}
      {checked && kind.pollSeconds !== undefined && !wrong && (
        <p className="notice">{t("notice.nothing-new")}</p>
      )}
      <TimeLeft
        secondsLeft={screen.secondsLeft}
        minutesLeft={minutesLeft}
        translator={translator}
      />
      {kind.primary || otherWays.length > 0 ? (
        <Form id={keeping} url={url} token={formToken}>
          {question}
          {kind.primary && (
            <Button action={kind.primary.action}>{t(kind.primary.key, { bank })}</Button>
          )}
          {otherWays.map(({ action, key }) => (
            <Button key={action} action={action} variant="secondary">
              {t(key, { bank })}
            </Button>
          ))}
        </Form>
      ) : (
        question
      )}
    </WizardPage>
  );
}

/** What is wrong: with the page, with fields, and how often it may be wrong again. */
function errorsOf(
  {
    content: { pageProblem, problems, triesLeft, waitSeconds, lang },
    bank,
    reference,
  }: Extract<Screen, { type: "challenge" }>,
  translator: Translator,
): SummaryItem[] {
  const { t } = translator;
  const wrong = [
    ...(pageProblem
      ? [
          {
            text: t(endings[pageProblem].text, {
              bank,
              reference,
              minutes: Math.ceil((waitSeconds ?? 0) / 60),
            }),
          },
        ]
      : []),
    ...problems.map((problem) => ({
      field: problem.field ?? undefined,
      text: (
        <ProblemText
          problem={problem}
          translator={translator}
          bank={bank}
          bankLang={otherLanguage(lang, translator.locale)}
        />
      ),
    })),
  ];
  return wrong.length > 0 && triesLeft !== null
    ? [...wrong, { text: t("page.tries-left", { count: triesLeft, bank }), className: "tries" }]
    : wrong;
}
