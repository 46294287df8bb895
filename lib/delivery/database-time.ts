interface Sample {
  askedAt: number;
  answeredAt: number;
  /** The database's own time in between. */
  at: number;
}

// Quartz clocks drift apart by less than this, so an old sample is worth a little less than a new
// one that took as long.
const driftPerMs = 1 / 5000;

/**
 * Tells when, on this process's clock, it was a given time at the database: somewhere between
 * question and answer, and the quickest answer so far says best where. Turns are times of the
 * database, and with a slow answer alone nobody would know whether they have passed.
 *
 * @returns a function that takes a question's and its answer's time here and the time there (all in
 *   milliseconds) and gives the latest moment here that the time there can have been.
 */
export function createDatabaseTime(): (sample: Sample) => number {
  let best: Sample | undefined;
  const spread = ({ askedAt, answeredAt }: Sample, now: number) =>
    answeredAt - askedAt + (now - answeredAt) * driftPerMs;

  return (sample) => {
    const now = sample.answeredAt;
    const expected = best && best.answeredAt + (sample.at - best.at);
    // Not between question and answer: one of the clocks was set, or the database is another one.
    // What was known before is worth nothing.
    const agrees =
      best &&
      expected !== undefined &&
      expected >= sample.askedAt &&
      expected - spread(best, now) <= sample.answeredAt;
    if (!best || !agrees || spread(sample, now) <= spread(best, now)) best = sample;
    return Math.min(best.answeredAt + (sample.at - best.at), sample.answeredAt);
  };
}
