const maxMs = 3_600_000;

// RFC 9110 §5.6.7, the one form a sender may generate. The two obsolete ones are left alone: a year
// of two digits and a time without zone would be guesses.
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long an answer asks us to wait (RFC 9110 §10.2.3), in milliseconds, never more than an hour:
 * an authorisation lives for minutes, and a wrong header must not stop its outcome for good. A date
 * is taken relative to the answer's own `Date`, so that neither side's clock matters.
 *
 * @param now our clock, for an answer without `Date`.
 * @returns undefined without the header or when it says nothing we understand; 0 for a time in the
 *   past.
 */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, maxMs);
  const until = dateMs(value);
  if (until === undefined) return undefined;
  const from = dateMs(headers.get("date") ?? "") ?? now.getTime();
  return Math.min(Math.max(until - from, 0), maxMs);
}

function dateMs(value: string): number | undefined {
  const ms = httpDate.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
