import { z } from "zod";
import { waitUntil } from "../../testing/wait-until.mjs";
import type { TestBed } from "./test-bed.ts";

const row = z.object({
  id: z.string(),
  claimed: z.boolean(),
  state: z.string().nullable(),
  result: z.string().nullable(),
  finished_at: z.number().nullable(),
  delivery: z.string().nullable(),
  written: z.number(),
  attempts: z.array(
    z.object({
      number: z.number(),
      startedAt: z.number(),
      result: z.string().nullable(),
      status: z.number().nullable(),
    }),
  ),
});

const everything = `
  SELECT a.id, a.claimed_at IS NOT NULL AS claimed, s.state::text, s.result::text,
    (extract(epoch FROM s.finished_at) * 1000)::float8 AS finished_at, o.state::text AS delivery,
    a.event_sequence AS written,
    coalesce((SELECT json_agg(json_build_object('number', t.number, 'startedAt', (extract(epoch
      FROM t.started_at) * 1000)::float8, 'result', t.result, 'status', t.http_status)
        ORDER BY t.number)
      FROM attempts t WHERE t.authorisation_id = a.id), '[]') AS attempts
  FROM authorisations a LEFT JOIN sessions s ON s.authorisation_id = a.id LEFT
    JOIN outcomes o ON o.authorisation_id = a.id`;

const unsettled = `SELECT (SELECT count(*) FROM outcomes
    WHERE settled_at IS NULL AND state::text <> 'not_required')
  + (SELECT count(*) FROM outbox WHERE settled_at IS NULL AND destination = 'provider') AS count`;

/**
 * Waits until nothing is on its way to Sage or the provider any more, but not for ever: what is still there then is
 * lost or late, and the checker says so.
 */
export async function waitForQuiet({ count }: TestBed, withinMs: number): Promise<void> {
  await waitUntil(async () => (await count(unsettled)) === 0, { what: "quiet", withinMs }).catch(
    () => undefined,
  );
}

/** Puts what the database, the Provider API and the replicas' logs know into the history. */
export async function collect({
  cluster,
  database,
  history,
  sage,
  replicas,
  eventSink,
}: TestBed): Promise<void> {
  for (const { at, authorisationId, applied, status } of await sage.providerCalls())
    history.note({ what: "patch", id: authorisationId, applied, status }, at);
  const { rows } = await cluster.query(database, everything);
  for (const { finished_at, written, ...rest } of row.array().parse(rows))
    history.note({
      what: "stored",
      ...rest,
      finishedAt: finished_at,
      ...(eventSink ? { events: { written } } : {}),
    });
  for (const replica of replicas) replica.readLog();
}
