/**
 * One thing that is tried. `run` says what is wrong, in plain words and without anything a bank
 * said; undefined where nothing is.
 */
export interface Case {
  group: string;
  name: string;
  run(): Promise<string | undefined>;
  /** Of those that wait for something done elsewhere: how long, beside what a bank may take. */
  waitsMs?: number;
}

/** What a case found out on its way, in words of ours: the report shows them. */
export class Unmet extends Error {}

export interface Outcome {
  group: string;
  name: string;
  problem: string | undefined;
  milliseconds: number;
}

/** Longer than any bank may take. */
const maxMs = 35_000;

/**
 * Runs them one after the other: a bank is not to be hurried, and a failure is to belong to one
 * case.
 */
export async function runCases(
  cases: readonly Case[],
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { group, name, run, waitsMs = 0 } of cases) {
    const began = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<string>((resolve) => {
      timer = setTimeout(
        () => resolve(`has not ended after ${(maxMs + waitsMs) / 1000} s`),
        maxMs + waitsMs,
      );
    });
    const problem = await Promise.race([run().catch(wordsOf), over]);
    clearTimeout(timer);
    outcomes.push({ group, name, problem, milliseconds: performance.now() - began });
    onProgress(outcomes.length, cases.length);
  }
  return outcomes;
}

const wordsOf = (error: unknown) =>
  error instanceof Unmet
    ? error.message
    : `threw ${error instanceof Error ? error.name : typeof error}${codeOf(error)}`;

/** The closed code of a fault of ours, ahead of which is a comma. */
export const codeOf = (error: unknown) => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[\w-]{1,60}$/.test(code) ? `, ${code}` : "";
};

function grouped<Key>(
  outcomes: readonly Outcome[],
  keyOf: (outcome: Outcome) => Key,
): [Key, Outcome[]][] {
  const groups = new Map<Key, Outcome[]>();
  for (const outcome of outcomes)
    groups.set(keyOf(outcome), [...(groups.get(keyOf(outcome)) ?? []), outcome]);
  return [...groups];
}

/** Of the cases with one cause, so many are named. */
const maxNamed = 3;

/**
 * What a person reads: a line for each group, and one for each cause, with how many cases have it
 * and the first of them.
 */
export function report(outcomes: readonly Outcome[]): string {
  const lines = grouped(outcomes, ({ group }) => group).map(([group, all]) => {
    const met = all.filter(({ problem }) => problem === undefined).length;
    return `${met === all.length ? "✓" : "✗"} ${group}: ${met} of ${all.length}`;
  });
  const failed = outcomes.filter(({ problem }) => problem !== undefined);
  const causes = grouped(failed, ({ problem }) => problem)
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([problem, cases]) => {
      const named = cases.slice(0, maxNamed).map(({ group, name }) => `${group}: ${name}`);
      const more = cases.length - named.length;
      return (
        `✗ ${problem}\n    ${cases.length === 1 ? "1 case" : `${cases.length} cases`}: ` +
        [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ")
      );
    });
  const shown = causes.length > 0 ? `\n\nWhy, most cases first:\n${causes.join("\n")}` : "";
  return (
    `${lines.join("\n")}${shown}\n\n${outcomes.length} cases, ` +
    `${failed.length === 0 ? "all of them met" : `${failed.length} not met, ` + (causes.length === 1 ? "1 cause" : `${causes.length} causes`)}.\n`
  );
}
