import type { Translator } from "../../../lib/i18n/translator.ts";
import { timeWarnings } from "../../../lib/wizard/time-warning.ts";

export interface TimeLeftProps {
  secondsLeft: number;
  /** Set on the first screen, which says how long there is in all. */
  minutesLeft?: number | undefined;
  translator: Translator;
}

/**
 * How long there is: said at the start, and again when little is left; in between there is nothing
 * to see. Later warnings wait here for the script, which asks the server for the time before it
 * shows one; without script the page says what is true when it comes.
 */
export function TimeLeft({ secondsLeft, minutesLeft, translator: { t } }: TimeLeftProps) {
  const { lessThan, later } = timeWarnings(secondsLeft);
  const words = (minutes: number) => t("time.left", { minutes });
  const now =
    lessThan !== undefined
      ? words(lessThan)
      : minutesLeft !== undefined
        ? t("page.time-limit", { minutes: minutesLeft })
        : undefined;
  return (
    <p
      id="reauth-time"
      className={lessThan === undefined ? undefined : "warning"}
      data-seconds-left={secondsLeft}
      {...Object.fromEntries(later.map((minutes) => [`data-at-${minutes * 60}`, words(minutes)]))}
    >
      {now}
    </p>
  );
}
