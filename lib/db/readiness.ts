import type { Db } from "./db.ts";
import type { Log } from "../log/log.ts";

/**
 * Whether the database can be worked with. Asked several times a second, it logs each problem once,
 * and again only after it was gone.
 * @param parts `db` is asked, `log` is told
 */
export function createReadiness({
  db,
  log,
}: {
  db: Pick<Db, "problems">;
  log: Log;
}): () => Promise<boolean> {
  let known: readonly string[] = [];
  return async () => {
    const problems = await db.problems();
    for (const problem of problems)
      if (!known.includes(problem)) log.warn("database not ready", { problem });
    known = problems;
    return problems.length === 0;
  };
}
