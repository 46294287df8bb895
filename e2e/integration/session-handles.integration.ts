import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { handleDigest } from "../../lib/authorisations/handles.ts";
import { resultShownSeconds } from "../../lib/authorisations/session-record.ts";
import { sql } from "../../lib/db/db.ts";
import {
  approval,
  authorised,
  bank,
  code,
  enter,
  type Open,
  open,
  post,
  real,
  see,
  services,
  signIn,
} from "../../testing/journey.ts";

// A session's address is all that is needed to see and answer its screens. Whoever knew one before
// somebody else signed in there must not see or answer what follows (session fixation, ASVS 7.2.4).
beforeEach(() => {
  bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
  bank.answer.mockResolvedValue({
    type: "challenge",
    challenge: code,
    state: null,
    problem: "wrong",
  });
});
const show = async (handle: string) => (await services.showStep(handle)).screen;
const again = async ({ handle }: Open) => open(await show(handle));
const answered = { type: "gone", error: "already-answered", locale: "en-GB" };
const right = { code: "123456", action: "continue" };
/** A session whose address is known to somebody who has asked the bank nothing. */
const known = async () => {
  const { authorisationId, screen } = await enter();
  return {
    authorisationId,
    entry: screen,
    screen: open(await see(await post(screen, { username: "", password: "", action: "continue" }))),
  };
};

describe("an address that somebody else knows", () => {
  test("shows nothing of what the bank asks after a sign-in there, and answers nothing", async () => {
    const { screen } = await known();
    const theirs = await again(screen);
    const after = open(await see(await post(await again(screen), signIn)));
    expect(after).toMatchObject({ type: "challenge", content: { challenge: code } });
    expect(after.handle).not.toBe(screen.handle);
    expect(await show(screen.handle)).toEqual(answered);
    expect(await services.getStepStatus(screen.handle, { poll: true })).toEqual({
      version: "already-answered",
    });
    expect(await services.redirectToBank(screen.handle)).toEqual({
      type: "gone",
      error: "already-answered",
      locale: "en-GB",
    });
    for (const action of ["continue", "cancel", "leave", "check", "language"]) {
      expect(await post(theirs, { ...signIn, action, lang: "de-DE" })).toEqual({
        type: "gone",
        error: "already-answered",
        locale: "en-GB",
      });
    }
    expect(bank.start).toHaveBeenCalledTimes(1);
    expect(bank.answer).not.toHaveBeenCalled();
    expect(await show(after.handle)).toEqual({
      ...after,
      formToken: expect.any(String),
      secondsLeft: expect.any(Number),
    });
  });
  test("does not tell which address comes next: every rendering leads to one of its own", async () => {
    const { screen } = await known();
    const renderings = [await again(screen), await again(screen), await again(screen)];
    const [mine] = renderings;
    if (!mine) throw new Error("nothing was rendered");
    const { handle } = open(await see(await post(mine, signIn)));
    for (const other of renderings.slice(1))
      expect(await post(other, signIn)).toEqual({
        type: "gone",
        error: "already-answered",
        locale: "en-GB",
      });
    expect(await post(mine, signIn)).toEqual({ type: "see-other", handle });
  });
  test("changes with every answer that is taken to the bank, right or wrong", async () => {
    const { screen } = await known();
    const handles = [screen.handle];
    let on = screen;
    for (const fields of [signIn, right, right]) {
      on = open(await see(await post(on, fields)));
      handles.push(on.handle);
    }
    expect(new Set(handles).size).toBe(handles.length);
    for (const old of handles.slice(0, -1)) expect(await show(old)).toEqual(answered);
  });
});

describe("the address stays", () => {
  test("with a form that is not filled in rightly, a change of language and a look whether there is something new", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: approval, state: null });
    const { screen } = await known();
    expect(open(await see(await post(screen, { username: "ada", password: "" }))).handle).toBe(
      screen.handle,
    );
    expect(
      open(await see(await post(await again(screen), { action: "language", lang: "de-DE" })))
        .handle,
    ).toBe(screen.handle);
    const waiting = open(await see(await post(await again(screen), signIn)));
    bank.poll.mockResolvedValue({ type: "pending" });
    expect(open(await see(await post(waiting, { action: "check" }))).handle).toBe(waiting.handle);
    expect(await post(waiting, { action: "cancel" })).toEqual({
      type: "see-other",
      handle: waiting.handle,
    });
    expect(await show(waiting.handle)).toMatchObject({ type: "finished", result: "cancelled" });
  });
  test("when the person leaves while the bank is asked, and when the bank asks for something else by itself", async () => {
    let answer: (result: typeof authorised) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { screen } = await known();
    const working = open(await see(await post(screen, signIn)));
    expect(working.type).toBe("working");
    expect(await post(working, { action: "leave" })).toEqual({
      type: "see-other",
      handle: working.handle,
    });
    answer(authorised);
    await services.settled();
    expect(await show(working.handle)).toMatchObject({ result: "authorised" });
  });
});

describe("the form that was answered", () => {
  test("leads to the same place however often it is posted, at once and later, and asks the bank once", async () => {
    const { screen } = await known();
    const posted = await Promise.all(Array.from({ length: 20 }, () => post(screen, signIn)));
    expect(new Set(posted.map((each) => JSON.stringify(each))).size).toBe(1);
    const next = open(await see(posted[0] ?? { type: "gone", error: "gone" }));
    await post(next, right);
    expect(await post(screen, signIn)).toEqual({ type: "see-other", handle: next.handle });
    expect(await show(next.handle)).toEqual(answered);
    expect(bank.start).toHaveBeenCalledTimes(1);
  });
  test("of the first screen does so, too, after the journey has gone on", async () => {
    const { entry, screen } = await known();
    await post(screen, signIn);
    expect(await post(entry, signIn)).toEqual({ type: "see-other", handle: screen.handle });
    expect(await show(entry.handle)).toEqual({ type: "gone", error: "already-started" });
  });
  test("still cancels, when Cancel is pressed right after Continue", async () => {
    let answer: (result: typeof authorised) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await known();
    const working = open(await see(await post(screen, signIn)));
    expect(await post(screen, { action: "cancel" })).toEqual({
      type: "see-other",
      handle: working.handle,
    });
    answer(authorised);
    await services.settled();
    expect(await real.db.prisma.session.findUnique({ where: { authorisationId } })).toMatchObject({
      result: "cancelled",
    });
  });
});

describe("a form whose body is still on its way when its step is answered", () => {
  for (const action of ["cancel", "language", "check", "leave", "continue"]) {
    test(`changes nothing where another rendering was answered: ${action}`, async () => {
      const { screen } = await known();
      const theirs = await again(screen);
      let next: Awaited<ReturnType<typeof post>> | undefined;
      const posted = await services.submitAnswer(theirs.handle, async () => {
        next = await post(screen, signIn);
        return { ...signIn, form_token: theirs.formToken, action, lang: "de-DE" };
      });
      expect(posted).toEqual({ type: "gone", error: "already-answered", locale: "en-GB" });
      if (next?.type !== "see-other") throw new Error("the answer was not taken");
      expect(await services.showStep(next.handle)).toMatchObject({
        locale: "en-GB",
        screen: { type: "challenge", content: { challenge: code } },
      });
    });
  }
  test("goes where the answer went, if it is the same one", async () => {
    bank.start.mockResolvedValue({
      type: "challenge",
      challenge: approval,
      state: null,
      otherWay: true,
    });
    const { screen } = await known();
    const waiting = open(await see(await post(screen, signIn)));
    bank.answer.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    let next: Awaited<ReturnType<typeof post>> | undefined;
    bank.poll.mockImplementation(async () => {
      next = await post(waiting, { action: "other-way" });
      return { type: "pending" };
    });
    expect(await post(waiting, { action: "check" })).toEqual(next);
    expect(next).toMatchObject({ type: "see-other" });
    expect(next).not.toMatchObject({ handle: waiting.handle });
  });
});

describe("what is sealed for a step", () => {
  test("opens with the handle it was stored for, and with none before it", async () => {
    const { authorisationId, screen } = await known();
    const after = open(await see(await post(screen, signIn)));
    // Whoever can write to the database gives the address that they know back to the session.
    await real.db.rows(
      z.unknown(),
      sql`DELETE FROM former_handles WHERE handle_digest = ${handleDigest(screen.handle)}
        RETURNING 1`,
    );
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET handle_digest = ${handleDigest(screen.handle)}
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    await expect(services.showStep(screen.handle)).rejects.toThrow();
    expect(await show(after.handle)).toEqual({ type: "gone", error: "gone" });
  });
  test("goes with the bank’s own ways to us: its return and its ping name the new handle", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: approval, state: null });
    bank.poll.mockResolvedValue({ type: "pending", pollSeconds: 60 });
    const { screen } = await known();
    const { handle } = open(await see(await post(screen, signIn)));
    expect(bank.start.mock.lastCall?.[0].redirectUrl).toContain(`/${handle}/`);
    await services.getStepStatus(handle, { poll: true });
    const token = (await bank.start.mock.lastCall?.[0].clientNotificationToken?.()) ?? "";
    expect(await services.ping(`Bearer ${token}`)).toBe(true);
    await vi.waitFor(async () => {
      await services.getStepStatus(handle, { poll: true });
      expect(bank.poll).toHaveBeenCalledTimes(2);
    });
  });
});

describe("a session that is over", () => {
  const settledAgo = (authorisationId: string, seconds: number) =>
    real.db.rows(
      z.unknown(),
      sql`WITH s AS (UPDATE sessions SET finished_at = finished_at - make_interval(secs =>
        ${seconds}) WHERE authorisation_id = ${authorisationId}::uuid)
      UPDATE outcomes SET settled_at = settled_at - make_interval(secs => ${seconds})
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
  const finished = async () => {
    bank.start.mockResolvedValue(authorised);
    const { authorisationId, screen } = await known();
    const last = await post(screen, signIn);
    if (last.type !== "see-other") throw new Error(last.type);
    await vi.waitFor(
      async () =>
        expect(await show(last.handle)).toMatchObject({
          type: "finished",
          deliveryStatus: "delivered",
        }),
      { timeout: 20_000 },
    );
    return { authorisationId, screen, handle: last.handle };
  };
  test("shows its result for some minutes after Sage was told, and then nothing, whatever is kept", async () => {
    const { authorisationId, handle, screen } = await finished();
    await settledAgo(authorisationId, resultShownSeconds - 60);
    expect(await show(handle)).toMatchObject({
      result: "authorised",
      returnUrl: expect.stringContaining("state="),
    });
    await settledAgo(authorisationId, 61);
    const over = { type: "gone", error: "over", locale: "en-GB" };
    expect(await show(handle)).toEqual(over);
    expect(await show(screen.handle)).toEqual(over);
    expect(await services.getStepStatus(handle, { poll: false })).toEqual({ version: "over" });
    expect(await services.redirectToBank(handle)).toMatchObject({ type: "gone", error: "over" });
    // A language in the address writes nothing any more, nor does a form.
    expect(await services.showStep(handle, { setLocale: "de-DE" })).toEqual({ screen: over });
    expect(await post({ handle, formToken: "x" }, { action: "language", lang: "de-DE" })).toEqual({
      type: "gone",
      error: "over",
      locale: "en-GB",
    });
    expect(await real.db.prisma.session.findUnique({ where: { authorisationId } })).toMatchObject({
      locale: "en-GB",
      result: "authorised",
    });
  });
  test("shows it for as long as Sage is still being told", async () => {
    const { authorisationId, handle } = await finished();
    await settledAgo(authorisationId, resultShownSeconds + 60);
    await real.db.rows(
      z.unknown(),
      sql`UPDATE outcomes SET state = 'pending', settled_at = NULL,
        due_at = now() + interval '1 hour', deliver_until = now() + interval '1 hour'
          WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
    expect(await show(handle)).toMatchObject({ type: "finishing" });
  });
  test("says at the address of its first screen that it is over", async () => {
    const { entry, screen } = await known();
    expect(await show(entry.handle)).toEqual({ type: "gone", error: "already-started" });
    await post(screen, { action: "cancel" });
    expect(await show(entry.handle)).toEqual({ type: "gone", error: "over" });
  });
});

test("what is no handle of ours is unknown, and its form is not read", async () => {
  const readForm = vi.fn();
  for (const handle of ["x", randomBytes(32).toString("base64url"), "a.b.c.d.e", "../../x"]) {
    expect(await show(handle)).toEqual({ type: "gone", error: "gone" });
    const posted = handle.includes(".")
      ? await services.claimAuthorisation(handle, readForm, "en-GB")
      : await services.submitAnswer(handle, readForm);
    expect(posted).toEqual({ type: "gone", error: "gone" });
  }
  expect(readForm).not.toHaveBeenCalled();
});
