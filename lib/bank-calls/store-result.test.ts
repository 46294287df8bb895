import { describe, expect, test, vi } from "vitest";
import type { RunningStatus, SessionStatus } from "../authorisations/session.ts";
import { systemClock } from "../clock/clock.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import { DatabaseUnavailable } from "../db/db.ts";
import type { SessionRef, SessionSteps } from "../journey/session-steps.ts";
import { createStoreResult, storeLateUndo, type StoreUndo } from "./store-result.ts";

const session: SessionRef = {
  handle: "h",
  id: "i",
  bankId: null,
  authorisationId: "a",
  externalId: "account",
};
const from = { state: "awaiting_bank", step: 1 } as RunningStatus;
const ended = (result: "authorised" | "refused"): SessionStatus => ({
  state: "finished",
  step: 1,
  result,
  reason: null,
});
const undo = { id: "consent 7", state: null };
const other = { id: "consent 8", state: null };
const clock = { ...systemClock, sleep: () => Promise.resolve() };
const gone = () => Promise.reject(new DatabaseUnavailable(new Error("gone")));

function storing({ first = true }: { first?: boolean } = {}) {
  const move = vi.fn<SessionSteps["move"]>().mockResolvedValue(first);
  const storeUndo = vi.fn<StoreUndo>().mockResolvedValue();
  const deliver = { soon: vi.fn(), take: vi.fn(), send: vi.fn(), stop: vi.fn() };
  const store = createStoreResult({
    steps: { move } as unknown as SessionSteps,
    deliver,
    storeUndo,
    clock,
  });
  return { store, move, storeUndo, deliver };
}

describe("a result of a bank", () => {
  test("that succeeds is stored with its grant and with what undoes it", async () => {
    const { store, move, storeUndo, deliver } = storing();
    await store(session, from, ended("authorised"), { grant: "jwe", undo }, "accepted");
    expect(move.mock.calls).toEqual([
      [session, from, ended("authorised"), { verdict: "accepted", grant: "jwe", undo }],
    ]);
    expect(storeUndo).not.toHaveBeenCalled();
    expect(deliver.soon).toHaveBeenCalledWith("a");
  });
  test("that is no success hands no grant over, such as somebody else's account", async () => {
    const { store, move } = storing();
    await store(session, from, ended("refused"), { grant: "jwe", undo });
    expect(move.mock.calls[0]?.[3]).toEqual({ verdict: undefined, undo });
  });
  test("that comes when another one was stored is undone, and told to nobody", async () => {
    const { store, storeUndo, deliver } = storing({ first: false });
    await store(session, from, ended("authorised"), { grant: "jwe", undo, begun: [other] });
    expect(storeUndo.mock.calls).toEqual([
      [session, undo],
      [session, other],
    ]);
    expect(deliver.soon).not.toHaveBeenCalled();
  });
  test("that leads nowhere leaves what was begun to be undone", async () => {
    const { store, move, storeUndo } = storing();
    await store(session, from, undefined, { undo, begun: [other] });
    expect(move).not.toHaveBeenCalled();
    expect(storeUndo).toHaveBeenCalledTimes(2);
  });
  test("has what undoes it kept while the database is away", async () => {
    const { store, storeUndo } = storing({ first: false });
    storeUndo.mockImplementationOnce(gone).mockImplementationOnce(gone);
    await store(session, from, ended("authorised"), { undo });
    expect(storeUndo).toHaveBeenCalledTimes(3);
  });
});

test("what an adapter begins too late is stored, and waited for before a process stops", async () => {
  const pending = createPendingWork();
  const storeUndo = vi.fn<StoreUndo>().mockImplementationOnce(gone).mockResolvedValue();
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  storeLateUndo({ storeUndo, session, pending, clock, log })(undo);
  await pending.settled();
  expect(storeUndo.mock.calls).toEqual([
    [session, undo],
    [session, undo],
  ]);
  storeUndo.mockRejectedValueOnce(new TypeError("a bug"));
  storeLateUndo({ storeUndo, session, pending, clock, log })(undo);
  await pending.settled();
  expect(log.error).toHaveBeenCalledWith("bank result not stored", expect.anything());
});
