import { readFile } from "node:fs/promises";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import { type BankConfig, type FileContext, parseBanks } from "./banks-file.ts";

const checkIntervalMs = 2000;
/** Files of secrets change without the file that names them. */
const readAgainMs = 60_000;
const maxProblems = 50;

/**
 * Asks again and again what the file says: a file that a cluster mounts is put in place of the old
 * one, which no notification of the file system tells reliably.
 */
export function watchBanksFile(deps: {
  file: string;
  context: FileContext;
  take: (banks: readonly BankConfig[]) => void;
  clock: Clock;
  log: Log;
}) {
  const { file, context, take, clock, log } = deps;
  let last: { text: string; done: boolean; atMs: number } | undefined;

  const refuse = (problems: readonly string[]) => {
    for (const problem of problems.slice(0, maxProblems))
      log.error("banks file refused", { problem });
  };

  /**
   * One look. A text is taken when it is found a second time: whoever writes a file may be in the
   * middle of it.
   */
  const checkFile = async (): Promise<void> => {
    const text = await readFile(file, "utf8").catch(() => undefined);
    const seen = text ?? "";
    if (last?.text !== seen) {
      last = { text: seen, done: false, atMs: clock.monotonicMs() };
      return;
    }
    if (last.done && (text === undefined || clock.monotonicMs() - last.atMs < readAgainMs)) return;
    const retried = last.done;
    last = { text: seen, done: true, atMs: clock.monotonicMs() };
    if (text === undefined) return void refuse(["cannot be read"]);
    const read = parseBanks(text, context);
    if ("problems" in read) return void refuse(read.problems);
    try {
      take(read.banks);
      log[retried ? "debug" : "info"]("banks loaded", { count: read.banks.length });
    } catch (error) {
      log.error("banks file refused", {
        problem: "an adapter cannot be made",
        ...errorFields(error),
      });
    }
  };

  const stopping = new AbortController();
  const stopped = () => stopping.signal.aborted;
  const watch = async () => {
    while (!stopped()) {
      await clock.sleep(checkIntervalMs, stopping.signal).catch(() => undefined);
      if (!stopped()) await checkFile();
    }
  };
  let watching: Promise<void> | undefined;
  return {
    checkFile,
    start: () => void (watching ??= watch()),
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
