import type { TestBed, ArenaOptions } from "./test-bed.ts";
import type { Promises } from "./check/promises.ts";
import type { Figures } from "./check/check.ts";

/** One kind of fault, how it is made, and what is promised under it. */
export interface Scenario {
  name: string;
  /** As the table names it. */
  fault: string;
  /** As the table says it. */
  promised: string;
  promises: Promises;
  testBed?: ArenaOptions;
  /** How often the fault is made, in a full run. */
  rounds: number;
  /**
   * Makes it, `rounds` times, while people travel; resolves when the fault is over and the last one
   * is through.
   */
  run(testBed: TestBed, rounds: number): Promise<void>;
  /** What the table says was measured. */
  measured(figures: Figures): string;
  /** Why it cannot be made on this machine, if it cannot. */
  impossible?(): string | undefined;
}
