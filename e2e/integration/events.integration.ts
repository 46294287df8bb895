import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DeliveryLoop } from "../../lib/delivery/delivery-loop.ts";
import { startEventReceiver } from "../../testing/event-receiver.ts";
import {
  authorised,
  bank,
  enter,
  journeySettings,
  open,
  outcomeOf,
  post,
  real,
  services,
  signIn,
} from "../../testing/journey.ts";

const receiver = await startEventReceiver();
Object.assign(journeySettings, { EVENTS_URL: receiver.url, EVENTS_SECRETS: receiver.secret });

let loop: DeliveryLoop | undefined;
beforeAll(() => void (loop = services.startDeliveryLoop()));
beforeEach(() => receiver.behave((_, response) => response.writeHead(204).end()));
afterEach(() => expect(receiver.badSignatures).toEqual([]));
afterAll(async () => {
  await loop?.stop();
  await receiver.close();
});

const wait = { timeout: 45_000, interval: 50 };
const typesOf = (id: string) =>
  receiver.of(id).map(({ type, data }) => `${String(data["sequence"])} ${type}`);

describe("the provider's own systems", () => {
  test("hear of the start, the end and what was reported of it", async () => {
    bank.start.mockResolvedValueOnce(authorised);
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect
      .poll(() => typesOf(authorisationId).toSorted(), wait)
      .toEqual([
        "1 reauthorisation.started",
        "2 reauthorisation.finished",
        "3 reauthorisation.reported",
      ]);
    const [started, finished, reported] = receiver
      .of(authorisationId)
      .toSorted((a, b) => Number(a.data["sequence"]) - Number(b.data["sequence"]));
    const about = { authorisationId, bankId: null, externalId: "account" };
    expect(started?.data).toEqual({ ...about, sequence: 1 });
    expect(finished?.data).toEqual({
      ...about,
      sequence: 2,
      result: "authorised",
      reason: null,
      accounts: [{ externalId: "account" }],
      finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    expect(reported?.data).toEqual({
      authorisationId,
      sequence: 3,
      state: "delivered",
      lastStatus: 200,
      settledAt: expect.stringMatching(/Z$/) as string,
    });
    expect(new Set(receiver.of(authorisationId).map(({ id }) => id)).size).toBe(3);
  });
  test("hear of an end without success, of which Sage is told nothing", async () => {
    bank.start.mockResolvedValueOnce({ type: "refused", reason: "locked" });
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect.poll(() => typesOf(authorisationId), wait).toContain("2 reauthorisation.finished");
    const finished = receiver.of(authorisationId).find(({ type }) => type.endsWith("finished"));
    expect(finished?.data).toMatchObject({ result: "refused", reason: "locked", accounts: [] });
    expect((await outcomeOf(authorisationId))?.state).toBe("not_required");
  });
  test("get an event again, under the same id, until they have taken it", async () => {
    bank.start.mockResolvedValueOnce({ type: "refused", reason: "denied" });
    let refusals = 0;
    receiver.behave((event, response) => {
      const refuse = event.type.endsWith("finished") && refusals < 3;
      refusals += refuse ? 1 : 0;
      response.writeHead(refuse ? 500 : 204).end();
    });
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    const finished = () =>
      receiver.of(authorisationId).filter(({ type }) => type.endsWith("finished"));
    await expect.poll(() => finished().length, wait).toBe(4);
    expect(new Set(finished().map(({ id }) => id)).size).toBe(1);
    expect(new Set(finished().map((event) => JSON.stringify(event))).size).toBe(1);
    await expect
      .poll(() => real.db.prisma.outbox.findUnique({ where: { id: finished()[0]!.id } }), wait)
      .toMatchObject({ state: "delivered", leaseEpoch: 4, lastStatus: 204 });
  });
  test("end an event with 410", async () => {
    bank.start.mockResolvedValueOnce({ type: "refused", reason: "denied" });
    receiver.behave((_, response) => response.writeHead(410).end());
    const { authorisationId, screen } = await enter();
    await post(open(screen), signIn);
    await expect
      .poll(
        () => real.db.prisma.outbox.findMany({ where: { authorisationId, lastStatus: 410 } }),
        wait,
      )
      .toEqual([
        expect.objectContaining({ state: "dropped", lastFailure: "gone", leaseEpoch: 1 }),
        expect.objectContaining({ state: "dropped", lastFailure: "gone", leaseEpoch: 1 }),
      ]);
  });
});
