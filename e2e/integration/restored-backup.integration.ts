import { readFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createConnectCodeStore } from "../../lib/banks/connect-code/connect-code-store.ts";
import { createOutboxStore } from "../../lib/delivery/outbox-store.ts";
import { pendingOutcome } from "../../lib/delivery/pending-outcome.fixture.ts";
import {
  authorised,
  bank,
  code,
  enter,
  type Open,
  open,
  outcomeOf,
  patchesOf,
  post,
  real,
  see,
  services,
  signIn,
} from "../../testing/journey.ts";

// In the order in which each may refer to those before it.
const tables = [
  "notifications",
  "authorisations",
  "sessions",
  "former_handles",
  "outcomes",
  "attempts",
  "answer_counts",
  "connect_codes",
];
const sqlOf = (statements: string[]) =>
  Promise.all(
    [statements.join(";\n")].map((all) =>
      real.db.prisma.$executeRawUnsafe(`DO $$ BEGIN ${all}; END $$`),
    ),
  );
const backUp = () =>
  sqlOf([
    "DROP SCHEMA IF EXISTS backup CASCADE",
    "CREATE SCHEMA backup",
    ...tables.map((table) => `CREATE TABLE backup.${table} AS TABLE public.${table}`),
  ]);
const restore = () =>
  sqlOf([
    `TRUNCATE ${tables.join(", ")}`,
    ...tables.map((table) => `INSERT INTO public.${table} SELECT * FROM backup.${table}`),
  ]);

/** What docs/operations.md has an operator run after a restore. */
const [, documented = ""] =
  /## Backup and restore\n.*?```sql\n(WITH .+?;)\n```/s.exec(
    readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8"),
  ) ?? [];
const endWhatWasUnfinished = () => real.db.prisma.$queryRawUnsafe(documented);

beforeEach(() => {
  bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
  bank.answer.mockResolvedValue(authorised);
});
const answerCode = (screen: Open) => post(screen, { code: "123456", action: "continue" });
async function finish(screen: Open) {
  expect(await see(await answerCode(open(await see(await post(screen, signIn)))))).toMatchObject({
    type: "finished",
    result: "authorised",
  });
}
const reEnter = (url: string) =>
  services.handleAuthrefresh.fromQuery(new URL(url).search, { bind: true });

/**
 * Journeys as a backup finds them, each of which comes to its end before the backup is restored.
 */
async function between() {
  await sqlOf([`TRUNCATE ${tables.join(", ")}`]);
  const [unused, started] = [await enter(), await enter()];
  const second = open(await see(await post(started.screen, signIn)));
  const undelivered = await pendingOutcome(real.db);
  const codes = createConnectCodeStore(real.db);
  const connectCode = {
    codeKey: `code-${unused.authorisationId}`,
    accountKeys: ["a"],
    personKey: null,
    personKeys: [],
    sealedAccounts: "x",
    validSeconds: 600,
  };
  await codes.keep(connectCode);
  await backUp();
  await finish(unused.screen);
  expect(await see(await answerCode(second))).toMatchObject({
    type: "finished",
    result: "authorised",
  });
  expect(await codes.take([connectCode.codeKey], ["a"])).toMatchObject({ type: "used" });
  expect(await patchesOf(unused.authorisationId)).toHaveLength(1);
  await restore();
  return {
    unused,
    started,
    second,
    undelivered,
    useCode: () => codes.take([connectCode.codeKey], ["a"]),
  };
}

describe("a restored backup", () => {
  test("makes what was used after it usable again, if nothing is done about it", async () => {
    const { unused, useCode } = await between();
    const again = await reEnter(unused.authrefreshUrl);
    if (again.type !== "open") throw new Error(again.type);
    await finish(open(again.screen));
    expect(await patchesOf(unused.authorisationId)).toHaveLength(2);
    expect(await useCode()).toMatchObject({ type: "used" });
  });

  describe("after the statement of docs/operations.md", () => {
    let restored: Awaited<ReturnType<typeof between>>;
    beforeAll(async () => {
      bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
      bank.answer.mockResolvedValue(authorised);
      restored = await between();
      expect(await endWhatWasUnfinished()).toEqual([
        { authorisations: expect.any(Number), journeys: 1, outcomes: 1, codes: 1 },
      ]);
    });
    test("has no authorisation that can be used, by its address or by its first screen", async () => {
      const { unused } = restored;
      expect(await reEnter(unused.authrefreshUrl)).toMatchObject({ type: "refused" });
      expect(await post(unused.screen, signIn)).toMatchObject({ type: "gone" });
      expect(await patchesOf(unused.authorisationId)).toHaveLength(1);
    });
    test("has no journey that goes on, and tells Sage nothing more about one", async () => {
      const { started, second } = restored;
      await answerCode(second);
      expect(bank.answer).not.toHaveBeenCalled();
      expect((await services.showStep(second.handle)).screen).toMatchObject({
        type: "finished",
        result: "expired",
      });
      expect(await outcomeOf(started.authorisationId)).toMatchObject({ state: "not_required" });
      expect(await patchesOf(started.authorisationId)).toHaveLength(1);
    });
    test("has no outcome that is delivered: one that may have been is left to an operator", async () => {
      expect(await createOutboxStore(real.db, { requestsPerSecond: 10 }).take({})).toBeUndefined();
      expect(await outcomeOf(restored.undelivered)).toMatchObject({ state: "undeliverable" });
    });
    test("has no connect code that opens anything", async () =>
      expect(await restored.useCode()).toEqual({ type: "over" }));
    test("takes what is announced from now on as ever", async () => {
      const { screen, authorisationId } = await enter();
      await finish(screen);
      expect(await patchesOf(authorisationId)).toHaveLength(1);
    });
    test("may be given the statement again", async () => {
      expect(await endWhatWasUnfinished()).toEqual([
        { authorisations: expect.any(Number), journeys: 0, outcomes: 0, codes: 0 },
      ]);
    });
  });
});
