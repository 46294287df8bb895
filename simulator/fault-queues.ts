import type { Fault, FaultQueues, FaultTarget } from "./control-api.ts";

/** The faults still to come, per kind of call. */
export type ScriptedFaults = {
  /** Replaces the queues that are named. */
  set(queues: FaultQueues): void;
  clear(): void;
  /** Takes the fault the next call of this kind meets, if any. */
  next(target: FaultTarget, authorisationId?: string): Fault | undefined;
  /** What is left, for a test that ends to see that its faults were met. */
  left(): Required<FaultQueues>;
};

/** Makes empty fault queues. */
export function createFaultQueues(): ScriptedFaults {
  const queues: Required<FaultQueues> = { patch: [], token: [], jwks: [] };
  return {
    set(given) {
      for (const target of Object.keys(given) as FaultTarget[]) {
        queues[target] = (given[target] ?? []).map((fault) => ({
          ...fault,
          times: Math.max(1, fault.times ?? 1),
        }));
      }
    },
    clear() {
      queues.patch = queues.token = queues.jwks = [];
    },
    next(target, authorisationId) {
      const queue = queues[target];
      const index = queue.findIndex(
        (fault) => (fault.authorisationId ?? authorisationId) === authorisationId,
      );
      const fault = queue[index];
      if (!fault) return undefined;
      fault.times = (fault.times ?? 1) - 1;
      if (fault.times <= 0) queue.splice(index, 1);
      return fault;
    },
    left: () => structuredClone(queues),
  };
}
