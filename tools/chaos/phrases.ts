import type { Figures } from "./check/check.ts";

const seconds = (ms: number) =>
  Number.isFinite(ms) ? `${(ms / 1000).toFixed(ms < 995 ? 2 : 1)} s` : "never";

/** What most rows of the table say was measured. */
export const deliveries = ({
  successes,
  lost,
  wrong,
  doubled,
  deliveryP50Ms,
  deliveryP99Ms,
}: Figures): string =>
  `${lost} lost, ${wrong} wrong, ${doubled} doubled; ${successes} successes at Sage: p50 ${seconds(deliveryP50Ms)}, p99 ${seconds(deliveryP99Ms)}`;

export const refusals = (figures: Figures): string =>
  `${deliveries(figures)}; ${figures.answers503} answers of 503, the slowest after ${seconds(figures.slowest503Ms)}`;

export const recovered = (figures: Figures): string =>
  `${refusals(figures)}; recovery p99 ${seconds(figures.measured["recovery p99, ms"] ?? Infinity)}`;

export const rates = (figures: Figures): string =>
  `${deliveries(figures)}; at most ${figures.maxPatchesInASecond} calls in a second`;
