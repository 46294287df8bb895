import { Client, type PoolConfig } from "pg";
import { clientConfig, type DatabaseTarget } from "../config/database-url.ts";

/** The SQLSTATE of a standby, or of a server that was made read-only. */
export const readOnlyState = "25006";

// A statement runs on after we have given it up unless the server bounds it.
const bounds = {
  statement_timeout: "2500",
  lock_timeout: "2000",
  idle_in_transaction_session_timeout: "5000",
};

/**
 * The connections of a pool, each of them to the first host at first. A host that takes none, or
 * cannot be written to, gives way to the next one for those that follow. Whether a pooler stands in
 * between shows by the process id: PgBouncer tells one of its own. Nothing may then be left on a
 * connection, since another client may get it.
 */
export function connectionsTo(target: DatabaseTarget) {
  let current = 0;
  return class extends Client {
    readonly #host = current;
    #shared = target.pooler;
    constructor(options: PoolConfig) {
      super({ ...options, ...clientConfig(target, target.hosts[current]) });
    }
    override connect(): Promise<Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<Client> | void {
      if (!callback) return super.connect();
      super.connect((error: Error | null) => {
        if (error) this.giveWay();
        callback(error as Error);
      });
    }
    /**
     * Refuses a server that cannot be written to, and has the server bound what runs on a
     * connection of our own.
     */
    async prepare(): Promise<void> {
      const ours = `pg_backend_pid() = ${Number((this as unknown as { processID: unknown }).processID ?? 0)}`;
      const set = Object.entries(bounds).map(
        ([name, value]) => `set_config('${name}', '${value}', false)`,
      );
      const bound = target.pooler
        ? "false"
        : `CASE WHEN ${ours} THEN ${set.join(" || ")} END IS NOT NULL`;
      const { rows } = await super.query<{ bound: boolean; read_only: boolean }>(
        `SELECT ${bound} AS bound, current_setting('transaction_read_only') = 'on' AS read_only`,
      );
      this.#shared = !rows[0]?.bound;
      if (!rows[0]?.read_only) return;
      this.giveWay();
      throw Object.assign(new Error("read-only"), { code: readOnlyState, severity: "ERROR" });
    }
    giveWay(): void {
      if (current === this.#host) current = (current + 1) % target.hosts.length;
    }
    // Named statements would stay on a connection that is not ours.
    override query(...args: unknown[]): never {
      const [statement] = args;
      if (
        this.#shared &&
        typeof statement === "object" &&
        statement !== null &&
        "name" in statement
      )
        statement.name = undefined;
      return (super.query as (...args: unknown[]) => unknown).apply(this, args) as never;
    }
  };
}
