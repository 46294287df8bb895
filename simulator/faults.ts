import { drawsFrom } from "./draws.ts";
import type {
  Fault,
  FaultRate,
  FaultTarget,
  RandomFaultsMet,
  RandomFaultsReport,
} from "./control-api.ts";

/** Faults by chance, for long runs that no script covers. */
export type RandomFaults = {
  set(report: RandomFaultsReport): void;
  clear(): void;
  /** Draws whether the next call of this kind meets a fault, and which. */
  next(target: FaultTarget): Fault | undefined;
  readonly met: RandomFaultsMet;
};

/** Makes calls that meet no fault until some are set. */
export function createRandomFaults(): RandomFaults {
  const now = new Map<FaultTarget, FaultRate>();
  const met: RandomFaultsMet = { patch: 0, token: 0, jwks: 0 };
  let random = drawsFrom(1);
  return {
    met,
    set({ seed, ...report }) {
      if (seed !== undefined) random = drawsFrom(seed);
      for (const [target, rate] of Object.entries(report) as [FaultTarget, FaultRate][])
        now.set(target, rate);
    },
    clear: () => now.clear(),
    next(target) {
      const { share = 0, faults = [] } = now.get(target) ?? {};
      const drawn = random();
      if (drawn >= share) return undefined;
      met[target]++;
      return faults[Math.floor((drawn / share) * faults.length)];
    },
  };
}
