// `npm run events`: what the provider's own systems were told, and what they still have to be.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Client } from "pg";
import { z } from "zod";
import { systemClock } from "../lib/clock/clock.ts";
import { databaseTarget } from "../lib/config/database-url.ts";
import { readDatabaseUrl, readEventSettings, SettingsError } from "../lib/config/env.ts";
import { connectTo, plainFailure } from "../lib/db/database-check.ts";
import { bankEvents } from "../lib/events/bank-events.ts";
import type { EventTarget } from "../lib/events/event-routing.ts";
import { createSendEvent, eventTimeoutMs } from "../lib/events/send-event.ts";
import { webhookBody } from "../lib/events/webhook.ts";

const usage = `npm run events -- list [--state pending|delivered|dropped] [--limit N]
npm run events -- show ID
npm run events -- replay ID
npm run events -- replay --since TIME [--state delivered|dropped]   (24h, 3d or ISO 8601)
npm run events -- test [--bank ID]`;

/** What is wrong with a command or its target, in words. */
class CommandError extends Error {}

const states = ["pending", "delivered", "dropped"];
const id = z.uuid({ error: "is not the id of an event" });

/**
 * Runs one command.
 * @param write gets what is to be printed, line by line.
 * @throws {CommandError} or {SettingsError}
 */
async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  write: (line: string) => void,
): Promise<void> {
  const { positionals, values } = parsed(args);
  const [command, subject] = positionals;
  const state = values.state;
  if (state !== undefined && !states.includes(state))
    throw new CommandError(`--state must be one of ${states.join(", ")}`);
  const withDatabase = async (work: (client: Client) => Promise<void>) => {
    const target = databaseTarget(readDatabaseUrl(env));
    const client = await connectTo(target).catch((error: unknown) => {
      throw new SettingsError([`DATABASE_URL: ${plainFailure(error)}`]);
    });
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  switch (command) {
    case "list":
      return withDatabase((client) => list(client, { state, limit: limitOf(values.limit) }, write));
    case "show":
      return withDatabase((client) => show(client, idOf(subject), write));
    case "replay":
      return withDatabase((client) =>
        replay(client, { subject, since: values.since, state }, write),
      );
    case "test":
      return test(targetOf(env, values.bank), write);
    default:
      throw new CommandError(usage);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        state: { type: "string" },
        since: { type: "string" },
        limit: { type: "string", default: "50" },
        bank: { type: "string" },
      },
    });
  } catch (error) {
    throw new CommandError(`${(error as Error).message}\n${usage}`);
  }
}

const limitOf = (given: string): number => {
  const limit = z.coerce.number().int().min(1).max(10_000).safeParse(given);
  if (!limit.success) throw new CommandError("--limit must be between 1 and 10000");
  return limit.data;
};

const idOf = (given: string | undefined): string => {
  const read = id.safeParse(given);
  if (!read.success) throw new CommandError(`${given ?? "nothing"} is not the id of an event`);
  return read.data;
};

const columns = `id, type, state, lease_epoch AS attempts, last_status, last_failure,
  data ->> 'authorisationId' AS authorisation_id, data ->> 'sequence' AS sequence,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_at,
  CASE WHEN state = 'pending' THEN
    to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS due_at`;

async function list(
  client: Client,
  { state, limit }: { state: string | undefined; limit: number },
  write: (line: string) => void,
): Promise<void> {
  // What waits for an operator, unless something else is asked for.
  for (const one of state === undefined ? ["pending", "dropped"] : [state]) {
    const which =
      one === "pending"
        ? "settled_at IS NULL AND state::text = $2 ORDER BY due_at"
        : "settled_at IS NOT NULL AND state::text = $2 ORDER BY settled_at DESC";
    const { rows } = await client.query<Record<string, string | number | null>>(
      `SELECT ${columns} FROM outbox WHERE destination = 'provider' AND ${which} LIMIT $1`,
      [limit, one],
    );
    for (const row of rows) write(lineOf(row));
    write(`${rows.length} ${one}${rows.length === limit ? " (there may be more: --limit)" : ""}`);
  }
}

const lineOf = (row: Record<string, string | number | null>) =>
  [
    row["id"],
    row["created_at"],
    row["state"],
    row["type"],
    `authorisation ${row["authorisation_id"] ?? "none"}`,
    ...(row["sequence"] ? [`sequence ${row["sequence"]}`] : []),
    `attempts ${String(row["attempts"])}`,
    ...(row["last_failure"] ? [row["last_failure"]] : []),
    ...(row["last_status"] ? [`status ${row["last_status"]}`] : []),
    ...(row["due_at"] ? [`next ${row["due_at"]}`] : []),
  ].join("  ");

async function show(client: Client, eventId: string, write: (line: string) => void) {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT ${columns}, data, convert_from(raw, 'UTF8') AS raw FROM outbox
     WHERE id = $1 AND destination = 'provider'`,
    [eventId],
  );
  const [row] = rows;
  if (!row) throw new CommandError(`there is no event ${eventId}`);
  const { data, raw, ...about } = row;
  const event = { ...(data as object), ...(raw === null ? {} : { raw }) };
  write(JSON.stringify({ ...about, data: event }, null, 2));
}

async function replay(
  client: Client,
  which: { subject: string | undefined; since: string | undefined; state: string | undefined },
  write: (line: string) => void,
) {
  if ((which.subject === undefined) === (which.since === undefined))
    throw new CommandError(`replay needs an id or --since\n${usage}`);
  const condition =
    which.since === undefined
      ? "id = $1"
      : "settled_at >= $1 AND ($2::text IS NULL OR state::text = $2)";
  const parameters =
    which.since === undefined ? [idOf(which.subject)] : [sinceOf(which.since), which.state ?? null];
  // The connector sends them: the same id, so that a receiver sees a repeat.
  const { rowCount } = await client.query(
    `UPDATE outbox SET state = 'pending', settled_at = NULL, due_at = now(), lease_until = NULL,
       retry_until = greatest(retry_until, now() + interval '1 day')
     WHERE destination = 'provider' AND settled_at IS NOT NULL AND ${condition}`,
    parameters,
  );
  if (!rowCount && which.subject !== undefined)
    throw new CommandError(`there is no delivered or dropped event ${which.subject}`);
  write(`${rowCount ?? 0} to be sent again`);
}

const units = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

function sinceOf(given: string): Date {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  const agoMs = Number(count) * (units.get(unit) ?? NaN);
  const isDate = /^\d{4}-\d\d-\d\d/.test(given);
  const atMs = isDate ? Date.parse(given) : systemClock.now().getTime() - agoMs;
  if (Number.isNaN(atMs)) throw new CommandError("--since must be such as 24h, 3d or a date");
  return new Date(atMs);
}

/** Where the events of a bank go: its own address in the file of banks, or the one for all. */
function targetOf(env: NodeJS.ProcessEnv, bankId: string | undefined): EventTarget {
  const { target, banksFile } = readEventSettings(env);
  const own = bankId === undefined || !banksFile ? undefined : ownTarget(banksFile, bankId);
  const found = own ?? target;
  if (!found) throw new CommandError("EVENTS_URL is not set: no event is sent anywhere");
  return found;
}

const banksFileShape = z.looseObject({
  banks: z.array(
    z.looseObject({
      bankId: z.string(),
      privateHosts: z.array(z.string()).default([]),
      events: bankEvents.optional(),
    }),
  ),
});

function ownTarget(file: string, bankId: string): EventTarget | undefined {
  const { banks } = banksFileShape.parse(JSON.parse(readFileSync(file, "utf8")));
  const bank = banks.find((one) => one.bankId === bankId);
  return bank?.events && { ...bank.events, privateHosts: bank.privateHosts };
}

async function test(target: EventTarget, write: (line: string) => void): Promise<void> {
  const messageId = randomUUID();
  const body = webhookBody({
    type: "connector.test",
    timestamp: systemClock.now().toISOString(),
    data: {},
  });
  const signal = AbortSignal.timeout(eventTimeoutMs);
  const send = createSendEvent({ clock: systemClock });
  const result = await send(target, { id: messageId, body }, signal);
  const said = "failure" in result ? ` ${result.failure}` : "";
  write(`${target.url} answered ${result.status ?? "nothing"}${said} to ${messageId}`);
  if (result.type !== "applied") throw new CommandError("the test event was not taken");
}

if (import.meta.main) {
  try {
    await run(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
