/**
 * What a failed statement means. `conflict`: the database undid it and it may be repeated. `away`:
 * ask again later. `bug`: neither.
 */
export type DatabaseFailure = "conflict" | "away" | "bug";

// Class 40, transaction rollback: serialization failures and deadlocks. 40003, completion unknown,
// is not among them.
const conflictStates = /^(40001|40002|40P01)$/;

// Class 08 connection exceptions, 28 and 3D000 a password or database that is being changed, 53 out
// of resources (connections, memory, disk), 57P0x the server stops or a statement was cancelled, 58
// the machine's own faults, 55P03 lock not available, 25006 a standby; 42P01, 42703 and 42501 a
// table, column or right that is not there yet: the database waits for its migrations or grants.
const awayStates =
  /^(08...|28...|3D000|40...|53...|57P0.|57014|58...|55P03|25006|42P01|42703|42501)$/;

/**
 * Judges a failure of `$queryRaw`. One without an SQLSTATE never reached the server or lost it: raw
 * statements surface as P2010 with the state in `meta.driverAdapterError.cause.originalCode`, a
 * restart as an error with no code at all.
 */
export function databaseFailure(error: unknown): DatabaseFailure {
  if (!(error instanceof Error)) return "bug";
  if (
    error.name === "PrismaClientValidationError" ||
    error instanceof TypeError ||
    error instanceof RangeError
  )
    return "bug";
  const state = sqlState(error);
  if (state !== undefined && conflictStates.test(state)) return "conflict";
  return state === undefined || awayStates.test(state) ? "away" : "bug";
}

/** The SQLSTATE the server gave; undefined when it gave none. */
export function sqlState(error: Error): string | undefined {
  const cause = (
    error as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } }
  ).meta?.driverAdapterError?.cause;
  return typeof cause?.originalCode === "string" ? cause.originalCode : undefined;
}

/**
 * What the driver met: an SQLSTATE, a system's code or the adapter's word for it, and the message.
 * For plain words about it; a message may quote values.
 */
export function failureCause(error: unknown): { code: string; message: string } {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error)
    innermost = innermost.cause;
  const { meta, code, message } = (innermost ?? {}) as {
    meta?: { driverAdapterError?: { cause?: Record<string, unknown> } };
    code?: unknown;
    message?: unknown;
  };
  const cause = meta?.driverAdapterError?.cause;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    code: text(cause?.["originalCode"] ?? cause?.["kind"] ?? code),
    message: text(cause?.["reason"] ?? cause?.["originalMessage"] ?? message),
  };
}
