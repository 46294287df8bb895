import { setTimeout as pause } from "node:timers/promises";
import type { Figures } from "./check/check.ts";
import type { Promises } from "./check/promises.ts";
import type { Load, LoadOptions } from "./load.ts";
import type { TestBed, TestBedOptions } from "./test-bed.ts";

/** Makes a fault once. @returns what it measured, for {@link Scenario.measure} */
export type Fault = (testBed: TestBed, round: number) => Promise<number | number[] | void>;

/** Prepares a test bed. @returns what is done when the last person is through */
export type Setup = (testBed: TestBed) => Promise<((loads: Load[]) => Promise<void>) | undefined>;

/** One kind of fault, how it is made, and what is promised under it: a row of the table. */
export interface Scenario {
  name: string;
  /** As the table names it. */
  fault: string;
  /** As the table says it. */
  promised: string;
  /** What is promised differently from {@link usualPromises}. */
  promises?: Partial<Promises>;
  testBed?: TestBedOptions;
  /** Who is on their way meanwhile; 40 persons, if it is not given. */
  loadOptions?: readonly LoadOptions[];
  setup?: Setup;
  /** How long people are on their way before the first fault, in milliseconds. */
  warmUpMs?: number;
  /** How often the fault is made, in a full run. */
  rounds: number;
  makeFault: Fault;
  /** The name of a measurement, and what all values that the fault returned come to. */
  measure?: readonly [name: string, combine: (values: readonly number[]) => number];
  /** What the table says was measured; the deliveries, if it is not given. */
  measured?(figures: Figures): string;
  /** Why it cannot be made on this machine, if it cannot. */
  impossible?(): string | undefined;
}

/** What is promised where a scenario says nothing else. */
export const usualPromises: Promises = {
  may503: false,
  mayCut: false,
  delivery: { share: 0.99, withinMs: 15_000 },
};

/**
 * Makes a scenario's fault so many times while people are on their way; resolves when the last one
 * is through.
 */
export async function makeFaults(
  { loadOptions = [{ virtualUsers: 40 }], setup, warmUpMs = 7000, makeFault, measure }: Scenario,
  testBed: TestBed,
  rounds: number,
): Promise<void> {
  const end = await setup?.(testBed);
  const loads = loadOptions.map(testBed.load);
  await pause(warmUpMs);
  const values: number[] = [];
  for (let round = 0; round < rounds; round++)
    values.push(...[(await makeFault(testBed, round)) ?? []].flat());
  await Promise.all(loads.map((load) => load.stop()));
  await end?.(loads);
  if (measure) testBed.history.measured(measure[0], measure[1](values));
}
