import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { BankResult } from "../../lib/banks/bank-adapter.ts";
import { sql } from "../../lib/db/db.ts";
import { RemoteFault } from "../../lib/http/http.ts";
import {
  bank,
  real,
  services,
  code,
  approval,
  authorised,
  signIn,
  enter,
  post,
  see,
  type Open,
  open,
  outcomeOf,
} from "../../testing/journey.ts";

const ownPage = (opens: "frame" | "window") =>
  ({ kind: "redirect", prompt: { url: "https://bank.example/", opens } }) as const;

describe("a bank that waits for something done elsewhere", () => {
  const waiting = async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: approval, state: { request: 7 } });
    const { authorisationId, screen } = await enter();
    return { authorisationId, screen: open(await see(await post(screen, signIn))) };
  };
  const look = async ({ handle }: Open) => (await services.showStep(handle, { poll: true })).screen;
  const due = (authorisationId: string) =>
    real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET poll_due_at = now()
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );

  test("is asked once, however many look at the same time, and again when it is time", async () => {
    bank.poll.mockResolvedValue({ type: "pending", pollSeconds: 60 });
    const { authorisationId, screen } = await waiting();
    await Promise.all(Array.from({ length: 20 }, () => look(screen)));
    await services.settled();
    expect(bank.poll).toHaveBeenCalledTimes(1);
    expect(bank.poll).toHaveBeenCalledWith(
      expect.objectContaining({ state: { request: 7 }, challenge: approval, locale: "en-GB" }),
      expect.anything(),
    );
    await due(authorisationId);
    bank.poll.mockResolvedValue(authorised);
    expect(await look(screen)).toMatchObject({
      type: "finished",
      result: "authorised",
      deliveryStatus: "delivered",
    });
  });
  test("is asked for the script when it is time, and in between the step is not even opened", async () => {
    bank.poll.mockResolvedValue({ type: "pending", pollSeconds: 60 });
    const { authorisationId, screen } = await waiting();
    const told = { version: screen.version, secondsLeft: expect.any(Number) };
    expect(await services.getStepStatus(screen.handle, { poll: false })).toEqual(told);
    expect(bank.poll).not.toHaveBeenCalled();
    expect(await services.getStepStatus(screen.handle, { poll: true })).toEqual({
      ...told,
      nextMs: 1000,
    });
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET sealed_step = 'unreadable'
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    await expect(services.showStep(screen.handle)).rejects.toThrow();
    expect(await services.getStepStatus(screen.handle, { poll: true })).toEqual({
      ...told,
      nextMs: 5000,
    });
    expect(bank.poll).toHaveBeenCalledTimes(1);
  });
  test("and wants to be asked seldom is looked at often all the same, since it may say that there is something new", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: { kind: "approval", prompt: { status: "waiting", pollSeconds: 60 } },
      state: null,
    });
    bank.poll.mockResolvedValue({ type: "pending", pollSeconds: 60 });
    const { screen } = await enter();
    const { handle } = open(await see(await post(screen, signIn)));
    for (let looks = 0; looks < 3; looks += 1)
      expect(await services.getStepStatus(handle, { poll: true })).toMatchObject({ nextMs: 5000 });
    expect(bank.poll).toHaveBeenCalledTimes(1);
  });
  test("is asked by Check now too, and not by looking at the page", async () => {
    const { screen } = await waiting();
    expect((await services.showStep(screen.handle)).screen).toEqual(
      expect.objectContaining({ version: screen.version }),
    );
    expect(bank.poll).not.toHaveBeenCalled();
    bank.poll.mockResolvedValue({
      type: "challenge",
      challenge: { kind: "approval", prompt: { status: "over", pollSeconds: 1 } },
      problem: "denied",
    });
    expect(await see(await post(screen, { action: "check" }))).toMatchObject({
      type: "challenge",
      content: { problems: [{ field: null, message: { key: "approval.denied" } }] },
    });
  });
  test("is asked at once when it says that there is something new, and as soon as it has answered where it is being asked; a made-up word of it changes nothing", async () => {
    let answer: (result: { type: "pending"; pollSeconds: number }) => void = () => undefined;
    bank.poll.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const { screen } = await waiting();
    const looking = look(screen);
    await vi.waitFor(() => expect(bank.poll).toHaveBeenCalled());
    const token = (await bank.start.mock.lastCall?.[0].clientNotificationToken?.()) ?? "";
    expect(await services.ping(`Bearer ${token}`)).toBe(true);
    // What is taken once (a CIBA grant) must not be asked for twice at a time.
    await Promise.all([
      look(screen),
      look(screen),
      services.getStepStatus(screen.handle, { poll: true }),
    ]);
    expect(bank.poll).toHaveBeenCalledTimes(1);
    answer({ type: "pending", pollSeconds: 60 });
    await looking;
    await services.settled();
    bank.poll.mockResolvedValueOnce({ type: "pending", pollSeconds: 60 });
    await look(screen);
    await services.settled();
    expect(bank.poll).toHaveBeenCalledTimes(2);
    const returned = new URL(bank.start.mock.lastCall?.[0].returnAddress ?? "").searchParams.get(
      "state",
    );
    for (const forged of [
      null,
      "",
      "Bearer ",
      `Bearer ${screen.handle}`,
      `Bearer ${returned}`,
      `Basic ${token}`,
      `Bearer ${token.slice(0, -1)}`,
    ])
      expect(await services.ping(forged)).toBe(false);
    await look(screen);
    expect(bank.poll).toHaveBeenCalledTimes(2);
    bank.poll.mockResolvedValueOnce(authorised);
    expect(await services.ping(`Bearer ${token}`)).toBe(true);
    expect(await look(screen)).toMatchObject({ type: "finished", result: "authorised" });
    expect(await services.ping(`Bearer ${token}`)).toBe(true);
  });
  test("and is away is asked again later; the person stays where they are", async () => {
    bank.poll.mockRejectedValueOnce(new RemoteFault("network"));
    const { screen } = await waiting();
    expect(await look(screen)).toMatchObject({ type: "challenge", version: screen.version });
  });
  test.each([
    ["throws", () => Promise.reject(new TypeError("x")), "unexpected"],
    ["answers nonsense", () => Promise.resolve({ type: "soon" } as never), "unexpected"],
    [
      "asks something we have no screen for",
      () =>
        Promise.resolve({ type: "challenge", challenge: { kind: "riddle", prompt: {} } } as never),
      "unknown-challenge",
    ],
  ])("and %s ends the journey truthfully", async (_, does, reason) => {
    bank.poll.mockImplementation(does);
    const { screen } = await waiting();
    expect(await look(screen)).toMatchObject({ type: "finished", result: "failed", reason });
  });
  test("changes nothing once the person cancelled", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.poll.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await waiting();
    const looking = look(screen);
    await vi.waitFor(() => expect(bank.poll).toHaveBeenCalled());
    expect(await see(await post(screen, { action: "cancel" }))).toMatchObject({
      result: "cancelled",
    });
    answer(authorised);
    await looking;
    await services.settled();
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: "not_required" });
  });
  test("takes the wish for another way only where it offers one", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      otherWay: true,
    });
    bank.answer.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { screen } = await enter();
    const offered = open(await see(await post(screen, signIn)));
    const without = open(await see(await post(offered, { action: "other-way" })));
    expect(bank.answer).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: "other-way" } }),
      expect.anything(),
    );
    await post(without, { action: "other-way" });
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
});

describe("a page of the bank’s own", () => {
  const otherWindow = { type: "other-window", locale: "en-GB" } as const;
  const sent = async (opens: "frame" | "window") => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: ownPage(opens), state: null });
    const { authorisationId, screen } = await enter();
    const there = open(await see(await post(screen, signIn)));
    const back = bank.start.mock.lastCall?.[0].returnAddress ?? "";
    return { authorisationId, there, query: new URL(back).search.slice(1) };
  };
  const aMinuteLater = (authorisationId: string) =>
    real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET returned_at = returned_at - interval '1 minute'
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
  test("leads back to one address, and what it brings answers the step, once", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.answer.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, there, query } = await sent("frame");
    expect(query).not.toContain(there.handle);
    const back = () => services.returnFromBank(`${query}&code=a%20b`);
    const first = back();
    await vi.waitFor(() => expect(bank.answer).toHaveBeenCalled(), { timeout: 20_000 });
    expect([await back(), await back()]).toEqual(
      Array.from({ length: 2 }, () => ({ type: "here", handle: there.handle })),
    );
    answer(authorised);
    expect(await first).toEqual({ type: "here", handle: there.handle });
    await services.settled();
    expect(bank.answer).toHaveBeenCalledTimes(1);
    expect(bank.answer).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: "redirect", value: { query: "code=a+b" } } }),
      expect.anything(),
    );
    expect((await services.showStep(there.handle)).screen).toMatchObject({ result: "authorised" });
    // A double click on the bank's page may come after the end; whoever finds the address learns
    // nothing of the journey.
    const framed = () => services.returnFromBank(query, { framed: true });
    expect(await framed()).toEqual({ type: "here", handle: there.handle });
    expect(await back()).toEqual({ ...otherWindow, frameError: "over" });
    await aMinuteLater(authorisationId);
    expect(await framed()).toEqual({ ...otherWindow, frameError: "over" });
  });
  test("in a window of its own ends there, and the window that was left goes on", async () => {
    bank.answer.mockResolvedValue(authorised);
    const { there, query } = await sent("window");
    expect(await services.returnFromBank(query)).toMatchObject(otherWindow);
    expect((await services.showStep(there.handle, { poll: true })).screen).toMatchObject({
      result: "authorised",
    });
    expect(await services.returnFromBank(query, { framed: true })).toEqual({
      ...otherWindow,
      frameError: "over",
    });
  });
  test("in a window of its own shows the handle to nobody, not even once something else is asked", async () => {
    bank.answer.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { query } = await sent("window");
    for (let times = 0; times < 2; times += 1)
      expect(await services.returnFromBank(query)).toMatchObject(otherWindow);
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
  test("that nobody was sent to leads nowhere", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: approval, state: null });
    const { screen } = await enter();
    await post(screen, signIn);
    const { search } = new URL(bank.start.mock.lastCall?.[0].returnAddress ?? "");
    expect(await services.returnFromBank(search.slice(1))).toMatchObject(otherWindow);
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test.each([
    "",
    "state=",
    "state=garbage",
    `state=${"A".repeat(5000)}`,
    "code=1",
    "error=invalid_request&iss=https%3A%2F%2Fbank.example",
    "error=access_denied&state=garbage",
  ])("takes nobody back with %j", async (query) => {
    const { there } = await sent("frame");
    expect(await services.returnFromBank(query, { framed: true })).toEqual({ type: "gone" });
    expect(bank.answer).not.toHaveBeenCalled();
    expect((await services.showStep(there.handle)).screen).toMatchObject({
      version: there.version,
    });
  });
  test("leads into its own journey alone, and what a bank has of ours for something else leads nowhere", async () => {
    bank.answer.mockResolvedValue({
      type: "challenge",
      challenge: ownPage("frame"),
      state: null,
      problem: "denied",
    });
    const [one, other] = [await sent("frame"), await sent("frame")];
    await services.returnFromBank(`${one.query}&error=access_denied`);
    expect(bank.answer).toHaveBeenCalledTimes(1);
    expect((await services.showStep(other.there.handle)).screen).toMatchObject({
      version: other.there.version,
    });
    const token = (await bank.start.mock.lastCall?.[0].clientNotificationToken?.()) ?? "";
    for (const state of [token, other.query.slice("state=".length, -1)])
      expect(await services.returnFromBank(`state=${state}&error=access_denied`)).toEqual({
        type: "gone",
      });
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
  test("whose address does not last is asked for when the person goes there, as often as they go", async () => {
    const { there } = await sent("frame");
    expect(bank.start.mock.lastCall?.[0].redirectUrl).toMatch(
      new RegExp(`/authrefresh/${there.handle}/bank$`),
    );
    bank.redirectToBank
      .mockResolvedValueOnce({ url: "https://bank.example/1" })
      .mockResolvedValueOnce({ url: "https://bank.example/2" });
    expect(await services.redirectToBank(there.handle)).toEqual({
      type: "bank",
      url: "https://bank.example/1",
    });
    expect(await services.redirectToBank(there.handle)).toEqual({
      type: "bank",
      url: "https://bank.example/2",
    });
    expect((await services.showStep(there.handle)).screen).toMatchObject({
      version: there.version,
    });
    expect(await services.redirectToBank("nobody")).toEqual({ type: "gone", error: "gone" });
  });
  test("that the bank is not asked for leaves everything as it is, whoever goes there", async () => {
    const { there } = await sent("frame");
    bank.redirectToBank.mockResolvedValueOnce(undefined as never);
    expect(await services.redirectToBank(there.handle)).toEqual({ type: "screen" });
    expect((await services.showStep(there.handle)).screen).toMatchObject({
      type: "challenge",
      version: there.version,
    });
  });
  test("that cannot be had now leaves the person where they are, and says so", async () => {
    const { there } = await sent("frame");
    bank.redirectToBank.mockRejectedValueOnce(new RemoteFault("network"));
    expect(await services.redirectToBank(there.handle)).toEqual({ type: "screen" });
    expect((await services.showStep(there.handle)).screen).toMatchObject({
      type: "challenge",
      content: { pageProblem: "bank-away" },
    });
  });
  test.each(["http://bank.example/", "javascript:alert(1)", "https://user@bank.example/"])(
    "is not gone to at %s, and the journey ends truthfully",
    async (url) => {
      const { there } = await sent("frame");
      bank.redirectToBank.mockResolvedValueOnce({ url });
      expect(await services.redirectToBank(there.handle)).toEqual({ type: "screen" });
      expect((await services.showStep(there.handle)).screen).toMatchObject({
        type: "finished",
        result: "failed",
        reason: "unexpected",
      });
    },
  );
  test("that comes back after another way was taken shows nothing of what follows, and answers nothing", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: ownPage("frame"),
      state: null,
      otherWay: true,
    });
    bank.answer.mockResolvedValue({ type: "challenge", challenge: ownPage("frame"), state: null });
    const { screen } = await enter();
    const there = open(await see(await post(screen, signIn)));
    const { search } = new URL(bank.start.mock.lastCall?.[0].returnAddress ?? "");
    const after = open(await see(await post(there, { action: "other-way" })));
    expect(after.handle).not.toBe(there.handle);
    expect(await services.returnFromBank(`${search.slice(1)}&code=1`, { framed: true })).toEqual({
      ...otherWindow,
      frameError: "already-answered",
    });
    expect(bank.answer).toHaveBeenCalledTimes(1);
    // The page that is open now is come back from as ever.
    bank.answer.mockResolvedValue(authorised);
    const now = new URL(bank.answer.mock.lastCall?.[0].returnAddress ?? "").search.slice(1);
    expect(await services.returnFromBank(`${now}&code=1`, { framed: true })).toEqual({
      type: "here",
      handle: after.handle,
    });
  });
  test("that comes back twice when something else is asked meanwhile leads there and answers nothing; a minute later it leads nowhere", async () => {
    bank.answer.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { authorisationId, there, query } = await sent("frame");
    await services.returnFromBank(query);
    expect(await services.returnFromBank(query)).toEqual({
      type: "here",
      handle: there.handle,
    });
    await aMinuteLater(authorisationId);
    expect(await services.returnFromBank(query)).toMatchObject(otherWindow);
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
});
