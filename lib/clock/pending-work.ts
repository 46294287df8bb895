/** Work that goes on after its caller went on, such as a call that a request does not wait for. */
export interface PendingWork {
  /** Remembers the work until it ends. */
  add: <Value>(work: Promise<Value>) => Promise<Value>;
  readonly all: ReadonlySet<Promise<unknown>>;
  /** Waits for all that goes on now, whether it succeeds or fails. */
  settled: () => Promise<void>;
}

export function createPendingWork(): PendingWork {
  const all = new Set<Promise<unknown>>();
  return {
    all,
    add(work) {
      const remembered = work.finally(() => all.delete(remembered));
      all.add(remembered);
      return remembered;
    },
    settled: async () => void (await Promise.allSettled(all)),
  };
}
