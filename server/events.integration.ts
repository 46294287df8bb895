import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../lib/db/db.ts";
import { startEventReceiver } from "../testing/event-receiver.ts";
import { useTestDb } from "../testing/test-db.ts";

const real = useTestDb();
let receiver: Awaited<ReturnType<typeof startEventReceiver>>;
beforeAll(async () => void (receiver = await startEventReceiver()));
afterAll(() => receiver.close());

/** `npm run events -- …`, without npm. */
const events = (args: readonly string[], settings: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string; error: string }>((resolve) => {
    execFile(
      process.execPath,
      [path.resolve(import.meta.dirname, "events.ts"), ...args],
      {
        env: {
          DATABASE_URL: real.url,
          EVENTS_URL: receiver.url,
          EVENTS_SECRETS: receiver.secret,
          ...settings,
        } as unknown as NodeJS.ProcessEnv,
      },
      (failed, out, error) => resolve({ code: failed ? Number(failed.code) : 0, out, error }),
    );
  });

const add = async (state: "pending" | "delivered" | "dropped") => {
  const id = randomUUID();
  await real.db.rows(
    z.unknown(),
    sql`INSERT INTO outbox (id, destination, type, data, raw, retry_until, state, settled_at)
      VALUES (${id}::uuid, 'provider', 'sage.notification.received', '{"resourceId": "r-1"}',
        ${Buffer.from('{"type":"resourceCreated"}')}, now() - interval '1 hour',
        ${state}::outbox_state, ${state === "pending" ? sql`NULL` : sql`now()`}) RETURNING 1`,
  );
  return id;
};
const stateOf = async (id: string) =>
  (await real.db.prisma.outbox.findUniqueOrThrow({ where: { id } })).state;

beforeEach(() => real.db.rows(z.unknown(), sql`TRUNCATE outbox`));

describe("npm run events", () => {
  test("lists what waits and what was dropped, or what is asked for", async () => {
    const [pending, dropped, delivered] = [
      await add("pending"),
      await add("dropped"),
      await add("delivered"),
    ];
    const { out } = await events(["list"]);
    expect(out).toContain(pending);
    expect(out).toContain(dropped);
    expect(out).not.toContain(delivered);
    expect((await events(["list", "--state", "delivered"])).out).toContain(delivered);
  });
  test("shows one as it is sent, and says when there is none", async () => {
    const id = await add("delivered");
    expect(JSON.parse((await events(["show", id])).out)).toMatchObject({
      id,
      state: "delivered",
      data: { resourceId: "r-1", raw: '{"type":"resourceCreated"}' },
    });
    const unknown = await events(["show", randomUUID()]);
    expect(unknown).toMatchObject({ code: 1 });
    expect(unknown.error).toMatch(/^there is no event/);
  });
  test("has one sent again, or all since a time, with time to retry", async () => {
    const [one, other, left] = [await add("dropped"), await add("delivered"), await add("dropped")];
    expect(await events(["replay", one])).toMatchObject({ code: 0, out: "1 to be sent again\n" });
    expect(await stateOf(one)).toBe("pending");
    expect(await stateOf(left)).toBe("dropped");
    expect((await events(["replay", "--since", "1h"])).out).toBe("2 to be sent again\n");
    expect(await stateOf(other)).toBe("pending");
    const { retryUntil } = await real.db.prisma.outbox.findUniqueOrThrow({ where: { id: one } });
    expect(retryUntil.getTime()).toBeGreaterThan(Date.now());
  });
  test("sends a signed event to try the address", async () => {
    expect(await events(["test"])).toMatchObject({ code: 0 });
    expect(receiver.received.at(-1)).toMatchObject({ type: "connector.test", data: {} });
    receiver.behave((_, response) => response.writeHead(503).end());
    const refused = await events(["test"]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.out).toMatch(/answered 503 refused/);
  });
  test.each([
    [["list", "--state", "lost"], "--state must be one of"],
    [["show", "1"], "1 is not the id of an event"],
    [["replay"], "replay needs an id or --since"],
    [["replay", "--since", "yesterday"], "--since must be such as"],
    [["rm"], "npm run events -- list"],
    [["list", "--all"], "Unknown option"],
  ])("says what is wrong with %j", async (args, problem) => {
    const { code, error } = await events(args);
    expect(code).toBe(1);
    expect(error).toContain(problem);
  });
  test("says that no address is set", async () => {
    const { error } = await events(["test"], { EVENTS_URL: "", EVENTS_SECRETS: "" });
    expect(error).toContain("EVENTS_URL is not set");
  });
});
