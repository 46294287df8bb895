import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame } from "playwright/test";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * What axe cannot decide by itself and a person has decided. Everything else it leaves open fails
 * the test, as a violation does.
 */
const decided: readonly { rule: string; target: RegExp; why: string }[] = [
  {
    rule: "bypass",
    target: /^html$/,
    why:
      "Sage’s redirect page holds our fragment alone: there is no repeated block to skip, " +
      "and the rule asks for one only of whole pages.",
  },
];

interface Check {
  message: string;
}
interface Finding {
  id: string;
  help: string;
  nodes: { target: unknown; any: Check[]; all: Check[]; none: Check[] }[];
}
interface Findings {
  violations: Finding[];
  incomplete: Finding[];
  passes: unknown[];
}

// The package gives a frame one second to take axe in, and leaves a frame that takes longer out
// without a word (its `inject`): a busy machine would find nothing wrong. So only its axe is used
// here, and it must answer.
const packaged = readFileSync(
  createRequire(createRequire(import.meta.url).resolve("@axe-core/playwright")).resolve(
    "axe-core/axe.min.js",
  ),
  "utf8",
);
// It has no end in a page whose clock is stopped (virtual-screen-reader.ts).
const source = `(setTimeout => {${packaged}})(window.realSetTimeout ?? window.setTimeout)`;

/** `without`: rules to leave out; `within`: the part of the document that is ours. */
export interface AxeOptions {
  without?: string[];
  within?: string;
}

/** What axe finds in a frame's document, and what it cannot decide; empty is good. */
export const axeFindingsIn = async (frame: Frame, options?: AxeOptions): Promise<string[]> =>
  (await axeReportOn(frame, options)).findings;

/** The same, with how many rules found nothing wrong. */
export async function axeReportOn(
  frame: Frame,
  { without = [], within = "html" }: AxeOptions = {},
): Promise<{ findings: string[]; passed: number }> {
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(source);
  const { violations, incomplete, passes } = await frame.evaluate(
    ({ values, rules, part }) => {
      const { axe } = window as unknown as {
        axe: { run(part: string, options: unknown): Promise<Findings> };
      };
      return axe.run(part, {
        runOnly: { type: "tag", values },
        rules,
        iframes: false,
        resultTypes: ["violations", "incomplete"],
      });
    },
    {
      values: tags,
      rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
      part: within,
    },
  );
  if (passes.length === 0) throw new Error(`axe looked at nothing in ${frame.url()}`);
  const undecided = told("undecided", incomplete).filter(
    ({ id, target }) => !decided.some((entry) => entry.rule === id && entry.target.test(target)),
  );
  return {
    findings: [...told("violation", violations), ...undecided].map(({ text }) => text),
    passed: passes.length,
  };
}

function told(kind: string, findings: Finding[]) {
  return findings.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) => ({
      id,
      target: String(target),
      text:
        `${kind} ${id} (${help}) at ${String(target)}: ` +
        [...any, ...all, ...none].map(({ message }) => message).join("; "),
    })),
  );
}
