/** @param {number} value */
const whole = (value) => Math.round(value).toLocaleString("en-GB");
/** @param {number} value */
const fine = (value) => (value >= 100 ? whole(value) : value.toFixed(value >= 10 ? 1 : 2));
/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
/** @param {{ median: number, min: number, max: number }} ratio */
const spread = ({ median, min, max }) => `${fine(median)}  (rounds: ${fine(min)} to ${fine(max)})`;

/**
 * The table a person reads.
 * @param {import('./bars.mjs').Results} results
 * @param {import('./bars.mjs').Bar[]} bars
 */
export function report(
  {
    weight,
    paint,
    notifications,
    events,
    entry,
    journeys,
    memory,
    adapters,
    replicas,
    scale,
    soak,
  },
  bars,
) {
  const parts = [];
  if (weight) {
    parts.push(
      [
        "Weight on the wire, bytes",
        "HTML",
        "CSS",
        "script",
        "in all",
        "with headers",
        "requests",
        "framework script",
      ],
      ...[...weight.screens, ...weight.kinds].map((screen) => [
        screen.screen,
        ...[
          screen.html,
          screen.css,
          screen.script,
          screen.bodies,
          screen.withHeaders,
          screen.requests,
          screen.framework,
        ].map(whole),
      ]),
      ["fragment for a server-side caller", whole(weight.fragment)],
      [],
    );
  }
  if (paint) {
    parts.push(
      ["Slow phone, slow network; ms after the navigation began", "first paint", "first keystroke"],
      ...paint.figures.map((figure) => [figure.name, whole(figure.paint), whole(figure.keystroke)]),
    );
    parts.push(
      ...paint.ratios.map((ratio) => [
        `${ratio.name} / ordinary page of Next`,
        fine(ratio.paint),
        fine(ratio.keystroke),
      ]),
      [],
    );
  }
  if (notifications) {
    parts.push(...rates("POST /notification, 32 connections", notifications.figures));
    parts.push(
      ["connector / empty Next route handler", spread(notifications.toEmpty)],
      ["connector / bare node:http + pg", spread(notifications.toBare)],
      [],
    );
  }
  if (events)
    parts.push(
      ...rates("POST /notification, told to a receiver and not", events.figures),
      ["with events / without", spread(events.toSilent)],
      ["p99 with events / without", fine(events.p99)],
      [],
    );
  if (entry) {
    parts.push(...rates("GET /authrefresh, 32 connections", entry.figures));
    parts.push(
      ["first GET / empty Next route handler", spread(entry.firstToEmpty)],
      ["repeat / empty Next route handler", spread(entry.repeatToEmpty)],
      [],
    );
  }
  if (journeys) {
    parts.push(...rates("Journeys of user_sms, PATCH included", journeys.figures));
    parts.push(
      ["a journey costs as many empty requests as", spread(journeys.emptyRequestsPerJourney)],
      [],
    );
    parts.push(
      ["Steps of a lone journey", "", "p50 ms", "p99 ms"],
      ...journeys.perStep.map(({ name, p50, p99 }) => [name, "", fine(p50), fine(p99)]),
      [],
    );
  }
  if (memory) {
    const { early, late, rssRatio, heapRatio } = memory;
    parts.push(["Memory of the connector", "RSS", "heap in use"]);
    parts.push(
      ...[early, late].map((at) => [
        `after ${whole(at.journeys)} journeys`,
        megabytes(at.rss),
        megabytes(at.heapUsed),
      ]),
    );
    parts.push(
      ["ratio", fine(rssRatio), fine(heapRatio)],
      [`journeys per second meanwhile, 32 at a time`, fine(memory.perSecond)],
      [],
    );
  }
  if (adapters)
    parts.push(
      ...rates("A bank’s answer, one at a time", [adapters.direct, adapters.adapter]),
      ["the adapter, ms more (p50)", fine(adapters.overheadMs)],
      [],
    );
  if (replicas) {
    parts.push(
      ...rates("Journeys of user_sms, 24 at a time", replicas.figures),
      ["three replicas / one", spread(replicas.threeToOne)],
      [],
    );
  }
  if (scale) {
    const [small] = scale.sized;
    parts.push([
      "p50 ms, with so many authorisations",
      ...scale.sized.map(({ size }) => whole(size)),
    ]);
    parts.push(
      ...(small?.statements ?? []).map(({ name }, index) => [
        name,
        ...scale.sized.map(({ statements }) => fine(statements[index]?.p50 ?? Number.NaN)),
      ]),
      [],
    );
  }
  if (soak) {
    parts.push([`Memory over ${soak.minutes} minutes`, "journeys", "RSS", "heap in use"]);
    for (const [name, at] of /** @type {const} */ ([
      ["when warm", soak.first],
      ["at the end", soak.last],
    ]))
      if (at) parts.push([name, whole(at.journeys), megabytes(at.rss), megabytes(at.heapUsed)]);
    parts.push(
      ["more for each 1,000 journeys", "", megabytes(soak.rssPer1000), megabytes(soak.heapPer1000)],
      [],
    );
  }
  if (bars.length > 0) parts.push(["What it must reach", "is", "must be"]);
  parts.push(
    ...bars.map(({ name, is, atMost, atLeast, met }) => [
      name,
      number(is),
      atMost === undefined ? `≥ ${number(atLeast ?? 0)}` : `≤ ${number(atMost)}`,
      met ? "met" : "MISSED",
    ]),
  );
  return `${aligned(parts)}\n`;
}

/** @param {number} value a count of bytes, or a ratio */
const number = (value) => (Number.isInteger(value) ? whole(value) : value.toFixed(2));

/** @param {string} title @param {import('./rounds.mjs').Figures[]} figures */
const rates = (title, figures) => [
  [title, "per second", "p50 ms", "p99 ms", "CPU ms each", "in all"],
  ...figures.map(({ name, perSecond, p50, p99, cpuMs, count }) => [
    name,
    fine(perSecond),
    fine(p50),
    fine(p99),
    cpuMs === null ? "" : fine(cpuMs),
    whole(count),
  ]),
];

/** @param {string[][]} rows first column to the left, the others to the right */
function aligned(rows) {
  const first = Math.max(...rows.map(([name = ""]) => name.length));
  return rows
    .map(([name = "", ...cells]) =>
      [name.padEnd(first), ...cells.map((cell) => cell.padStart(12))].join("  ").trimEnd(),
    )
    .join("\n");
}
