import type { Verdict } from "./check/check.ts";
import { deliveries } from "./phrases.ts";
import type { Scenario } from "./scenario.ts";

export interface Row {
  scenario: Scenario;
  verdict?: Verdict;
  /** Why it was left out. */
  impossible?: string;
}

const shown = 12;

/** The table a person reads, in Markdown, and what was broken below it. */
export function report(
  rows: readonly Row[],
  { minutes, node, cores }: { minutes: number; node: string; cores: number },
): string {
  const injected = rows.reduce((total, { verdict }) => total + (verdict?.figures.injected ?? 0), 0);
  const lines = rows.map(({ scenario, verdict, impossible }) => {
    if (!verdict)
      return `| ${scenario.fault} | – | – | ${scenario.promised} | ${impossible} | not run |`;
    const { figures, violations } = verdict;
    return `| ${scenario.fault} | ${figures.injected} | ${figures.journeys} | ${scenario.promised} | ${(scenario.measured ?? deliveries)(figures)} | ${violations.length === 0 ? "kept" : `BROKEN (${violations.length})`} |`;
  });
  const broken = rows.flatMap(({ scenario, verdict }) => {
    const found = verdict?.violations ?? [];
    return [
      ...(found.length > 0 ? ["", `${scenario.name}:`] : []),
      ...found
        .slice(0, shown)
        .map(({ rule, id, detail }) => `  ${rule}: ${detail}${id ? ` (${id})` : ""}`),
      ...(found.length > shown ? [`  … and ${found.length - shown} more`] : []),
    ];
  });
  const head = [
    `\n${injected} faults injected in ${minutes.toFixed(1)} minutes; Node ${node}, ${cores} cores; histories in .data/chaos/\n`,
    "| fault | injected | journeys | promised | measured | verdict |",
    "|---|---|---|---|---|---|",
  ];
  return `${[...head, ...lines, ...broken].join("\n")}\n`;
}
