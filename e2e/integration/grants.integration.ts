import { generateKeyPairSync } from "node:crypto";
import { compactDecrypt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { BankResult, Undo } from "../../lib/banks/bank-adapter.ts";
import { createGrantEncryption } from "../../lib/banks/grant-key.ts";
import { sql } from "../../lib/db/db.ts";
import type { DeliveryLoop } from "../../lib/delivery/delivery-loop.ts";
import { startEventReceiver } from "../../testing/event-receiver.ts";
import {
  approval,
  bank,
  code,
  enter,
  journeySettings,
  open,
  outcomeOf,
  patchesOf,
  post,
  real,
  see,
  services,
  signIn,
} from "../../testing/journey.ts";

const receiver = await startEventReceiver();
Object.assign(journeySettings, { EVENTS_URL: receiver.url, EVENTS_SECRETS: receiver.secret });
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const encrypt = createGrantEncryption(publicKey.export({ type: "spki", format: "pem" }).toString());

let loop: DeliveryLoop | undefined;
beforeAll(() => void (loop = services.startDeliveryLoop()));
beforeEach(() => {
  bank.grants.mockReturnValue({ required: true, encrypt });
  receiver.behave((_, response) => response.writeHead(204).end());
});
afterAll(async () => {
  await loop?.stop();
  await receiver.close();
});

const wait = { timeout: 45_000, interval: 50 };
const secret = "access-token-4711-canary";
const undoOf = (id: string): Undo => ({ id, state: { consent: `${id}-consent-4711-canary` } });
const granted = (undo: Undo): BankResult => ({
  type: "authorised",
  accounts: [{ externalId: "account" }],
  grant: { accessToken: secret },
  undo,
});
const refuse = (types: readonly string[], status: number) =>
  receiver.behave((event, response) =>
    response.writeHead(types.includes(event.type) ? status : 204).end(),
  );
const eventOf = (id: string, type: string) => receiver.of(id).find((event) => event.type === type);
const undone = (id: string) =>
  bank.undo.mock.calls.filter(([request]) => request.undo.id === id).length;
const rowsOf = (authorisationId: string) =>
  real.db.prisma.outbox.findMany({ where: { authorisationId, destination: "bank" } });
const timeIsOver = (authorisationId: string) =>
  real.db.rows(
    z.unknown(),
    sql`UPDATE outcomes SET deliver_until = now() WHERE authorisation_id = ${authorisationId}::uuid
      RETURNING 1`,
  );

describe("with a grant that is required", () => {
  test("Sage is told after the provider took it, and it opens with the provider's key alone", async () => {
    bank.start.mockResolvedValueOnce(granted(undoOf("taken")));
    const { authorisationId, screen } = await enter();
    const ended = await see(await post(open(screen), signIn));
    // Both within the inline attempt: the person waits for neither.
    expect(ended).toMatchObject({ type: "finished" });
    const finished = eventOf(authorisationId, "reauthorisation.finished");
    expect(await patchesOf(authorisationId)).toHaveLength(1);
    const { plaintext } = await compactDecrypt(String(finished?.data["grant"]), privateKey);
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({ accessToken: secret });
    // What belongs to a success is not undone, and is kept no longer.
    await expect
      .poll(async () => (await rowsOf(authorisationId))[0], wait)
      .toMatchObject({ state: "not_needed", sealedUndo: null, isSuccess: true });
    expect(undone("taken")).toBe(0);
  });
  test("Sage hears nothing while the provider does not take it, and at once when it does", async () => {
    bank.start.mockResolvedValueOnce(granted(undoOf("late")));
    refuse(["reauthorisation.finished"], 503);
    const { authorisationId, screen } = await enter();
    // “Telling Sage that you are done”.
    expect(await see(await post(open(screen), signIn))).toMatchObject({ type: "finishing" });
    const tries = () =>
      receiver.of(authorisationId).filter(({ type }) => type === "reauthorisation.finished");
    await expect.poll(() => tries().length, wait).toBeGreaterThan(2);
    expect(await patchesOf(authorisationId)).toEqual([]);
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: "pending", held: true });
    receiver.behave((_, response) => response.writeHead(204).end());
    await expect
      .poll(() => outcomeOf(authorisationId), wait)
      .toMatchObject({ state: "delivered", held: false });
  });
  test("410 ends the wait", async () => {
    bank.start.mockResolvedValueOnce(granted(undoOf("gone")));
    refuse(["reauthorisation.finished"], 410);
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect
      .poll(() => outcomeOf(authorisationId), wait)
      .toMatchObject({ state: "delivered", held: false });
  });
  test("when the time ends first, Sage is told nothing, the provider is, and it is undone", async () => {
    bank.start.mockResolvedValueOnce(granted(undoOf("over")));
    refuse(["reauthorisation.finished"], 503);
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect
      .poll(() => eventOf(authorisationId, "reauthorisation.finished"), wait)
      .toBeDefined();
    await timeIsOver(authorisationId);
    await expect
      .poll(() => eventOf(authorisationId, "reauthorisation.reported")?.data, wait)
      .toMatchObject({ state: "undeliverable", lastStatus: null });
    await expect.poll(() => undone("over"), wait).toBe(1);
    expect(await patchesOf(authorisationId)).toEqual([]);
    expect(bank.undo.mock.lastCall?.[0]).toMatchObject({
      externalId: "account",
      undo: undoOf("over"),
    });
  });
});

describe("what was begun at the bank", () => {
  test("is undone when the account is another one", async () => {
    bank.start.mockResolvedValueOnce({
      type: "authorised",
      accounts: [{ externalId: "other" }],
      undo: undoOf("other"),
    });
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect.poll(() => undone("other"), wait).toBe(1);
    await expect
      .poll(async () => (await rowsOf(authorisationId))[0], wait)
      .toMatchObject({ state: "delivered", sealedUndo: null });
  });
  test("is undone when the person cancels later, and not before", async () => {
    bank.start.mockResolvedValueOnce({
      type: "challenge",
      challenge: code,
      state: 1,
      undo: undoOf("asked"),
    });
    const { authorisationId, screen } = await enter();
    const next = open(await see(await post(open(screen), signIn)));
    expect(await rowsOf(authorisationId)).toHaveLength(1);
    expect(undone("asked")).toBe(0);
    await post(next, { action: "cancel" });
    await expect.poll(() => undone("asked"), wait).toBe(1);
  });
  test("is undone when the answer comes after the person has cancelled", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const working = open(await see(await post(open(screen), signIn)));
    await post(working, { action: "cancel" });
    answer(granted(undoOf("too late")));
    await expect.poll(() => undone("too late"), wait).toBe(1);
    expect(await patchesOf(authorisationId)).toEqual([]);
  });
  test("belongs to a success that does not name it again", async () => {
    bank.start.mockResolvedValueOnce({
      type: "challenge",
      challenge: code,
      state: 1,
      undo: undoOf("named once"),
    });
    bank.answer.mockResolvedValueOnce({
      type: "authorised",
      accounts: [{ externalId: "account" }],
    });
    const { authorisationId, screen } = await enter();
    const next = open(await see(await post(open(screen), signIn)));
    await post(next, { code: "123456", action: "continue" });
    await expect
      .poll(async () => (await rowsOf(authorisationId))[0], wait)
      .toMatchObject({ state: "not_needed", sealedUndo: null });
    expect(undone("named once")).toBe(0);
  });
  test("is tried again when the bank is away", async () => {
    bank.undo.mockRejectedValueOnce(new Error("a bug")).mockResolvedValueOnce();
    bank.start.mockResolvedValueOnce({ ...granted(undoOf("away")), accounts: [] } as BankResult);
    const { screen } = await enter();
    await post(open(screen), signIn);
    await expect.poll(() => undone("away"), wait).toBe(2);
  });
  test("is left alone where two answers name the same, and one of them succeeds", async () => {
    const undo = undoOf("shared");
    bank.start.mockResolvedValueOnce({ type: "challenge", challenge: approval, state: 1, undo });
    bank.poll.mockResolvedValue(granted(undo));
    const { authorisationId, screen } = await enter();
    const next = open(await see(await post(open(screen), signIn)));
    // Several ask how it stands at once; one of them ends the session, the others come too late.
    await Promise.all([1, 2, 3].map(() => services.showStep(next.handle, { poll: true })));
    await services.settled();
    await expect.poll(() => outcomeOf(authorisationId), wait).toMatchObject({ state: "delivered" });
    await expect
      .poll(() => rowsOf(authorisationId), wait)
      .toEqual([expect.objectContaining({ state: "not_needed", isSuccess: true })]);
    expect(undone("shared")).toBe(0);
  });
});

test("no token and no consent stands in the database in clear", async () => {
  bank.start.mockResolvedValueOnce({ ...granted(undoOf("seen")), accounts: [] } as BankResult);
  const { screen } = await enter();
  await post(open(screen), signIn);
  const tables = await real.db.rows(
    z.object({ name: z.string() }),
    sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(tables.map(({ name }) => name)).toContain("outbox");
  const text = await real.db.rows(
    z.object({ dump: z.string() }),
    sql`SELECT table_to_xml(quote_ident(tablename)::regclass, true, false, '')::text AS dump
      FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(text.map(({ dump }) => dump).join()).not.toMatch(/4711-canary/);
});
