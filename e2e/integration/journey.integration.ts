import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { untilAnswered } from "../../lib/authorisations/until-answered.fixture.ts";
import type { BankResult } from "../../lib/banks/bank-adapter.ts";
import { sql } from "../../lib/db/db.ts";
import {
  bank,
  real,
  services,
  code,
  authorised,
  signIn,
  enter,
  post,
  see,
  open,
  outcomeOf,
  patchesOf,
} from "../../testing/journey.ts";

describe("a journey", () => {
  test("ends with Sage told, before the person leaves", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: { sent: 1 } });
    bank.answer.mockResolvedValue(authorised);
    const { authorisationId, screen, redirectUri, state } = await enter();
    const second = open(await see(await post(screen, signIn)));
    expect(second).toMatchObject({ type: "challenge", content: { challenge: code } });
    const last = await see(await post(second, { code: "123456", action: "continue" }));
    expect(last).toMatchObject({
      type: "finished",
      result: "authorised",
      deliveryStatus: "delivered",
      returnUrl: `${redirectUri}?state=${state}`,
    });
    expect(await patchesOf(authorisationId)).toMatchObject([
      { body: { data: { status: "success" } }, applied: true },
    ]);
    expect(bank.answer).toHaveBeenCalledWith(
      expect.objectContaining({
        externalId: "account",
        state: { sent: 1 },
        answer: { kind: "one-time-code", value: { code: "123456" } },
      }),
      expect.anything(),
    );
  });
  test("tells Sage nothing when the account is not among those shown", async () => {
    bank.start.mockResolvedValue({ type: "authorised", accounts: [{ externalId: "another" }] });
    const { authorisationId, screen } = await enter();
    expect(await see(await post(screen, signIn))).toMatchObject({
      type: "finished",
      result: "refused",
      reason: "wrong-account",
    });
    expect(await outcomeOf(authorisationId)).toMatchObject({ state: "not_required" });
    expect(await patchesOf(authorisationId)).toEqual([]);
  });
  test("cancelled on the first screen claims and ends, without a call of the bank", async () => {
    const { screen } = await enter();
    expect(await see(await post(screen, { action: "cancel" }))).toMatchObject({
      type: "finished",
      result: "cancelled",
    });
    expect(await services.handleAuthrefresh.fromEntryToken(screen.handle)).toEqual({
      type: "gone",
      error: "over",
    });
    expect(bank.start).not.toHaveBeenCalled();
  });
});

describe("the same form posted again", () => {
  test("on the first screen, 50 times at once, leads to one place with one call of the bank", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { screen } = await enter();
    const posted = await Promise.all(
      Array.from({ length: 50 }, () => untilAnswered(() => post(screen, signIn))),
    );
    expect(new Set(posted.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(posted[0]).toMatchObject({ type: "see-other" });
    expect(bank.start).toHaveBeenCalledTimes(1);
  });
  test("on a later step, 50 times at once, makes one call of the bank", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue(authorised);
    const { screen } = await enter();
    const second = open(await see(await post(screen, signIn)));
    await Promise.all(
      Array.from({ length: 50 }, () =>
        untilAnswered(() => post(second, { code: "123456", action: "continue" })),
      ),
    );
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
  test("after the screen has moved on, with another answer, changes nothing", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      problem: "wrong",
    });
    const { screen } = await enter();
    const second = open(await see(await post(screen, signIn)));
    const third = open(await see(await post(second, { code: "000000", action: "continue" })));
    expect(await see(await post(second, { code: "111111", action: "continue" }))).toEqual({
      ...third,
      formToken: expect.any(String),
      secondsLeft: expect.any(Number),
    });
    expect(bank.answer).toHaveBeenCalledTimes(1);
  });
});

describe("of two renderings of the first screen", () => {
  test("one wins, and the other finds it gone", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { screen, authrefreshUrl } = await enter();
    const other = await services.handleAuthrefresh.fromQuery(new URL(authrefreshUrl).search, {
      bind: true,
    });
    if (other.type !== "open") throw new Error("an identical repeat was refused");
    const posted = await Promise.all([post(screen, signIn), post(other.screen, signIn)]);
    expect(posted.map((each) => each.type).toSorted()).toEqual(["gone", "see-other"]);
    expect(bank.start).toHaveBeenCalledTimes(1);
  });
});

describe("a form that is not right", () => {
  test("claims, asks again and keeps the user name, without a call of the bank", async () => {
    const { screen } = await enter();
    const again = open(
      await see(await post(screen, { username: "ada", password: "", action: "continue" })),
    );
    expect(again).toMatchObject({
      content: { fields: { username: "ada" }, problems: [{ field: "password" }] },
    });
    expect(bank.start).not.toHaveBeenCalled();
    bank.start.mockResolvedValue(authorised);
    expect(await see(await post(again, signIn))).toMatchObject({
      type: "finished",
      result: "authorised",
    });
  });
  test("is refused with the token of another session, of another screen, or none", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const [one, other] = [await enter(), await enter()];
    const [first, second] = [
      open(await see(await post(one.screen, signIn))),
      open(await see(await post(other.screen, signIn))),
    ];
    for (const formToken of ["", "x", second.formToken, one.screen.formToken]) {
      expect(await post({ handle: first.handle, formToken }, { code: "123456" })).toEqual({
        type: "cross-origin-post",
      });
    }
    expect(
      await post({ handle: one.screen.handle, formToken: other.screen.formToken }, signIn),
    ).toEqual({ type: "cross-origin-post" });
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test("finds nothing at a handle that is none", async () => {
    for (const handle of ["x", "A".repeat(43), "a.b.c.d.e", "../../x"]) {
      expect((await post({ handle, formToken: "x" }, signIn)).type).toBe("gone");
      expect((await services.showStep(handle)).screen).toEqual({ type: "gone", error: "gone" });
    }
  });
});

describe("a person who does not wait for the bank", () => {
  test("may leave; what it says is taken all the same, and told to Sage", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const working = open(await see(await post(screen, signIn)));
    expect(await see(await post(working, { action: "leave" }))).toMatchObject({
      type: "left",
      returnUrl: expect.stringContaining("state="),
    });
    answer(authorised);
    await services.settled();
    await vi.waitFor(async () => expect(await patchesOf(authorisationId)).toHaveLength(1), {
      timeout: 10_000,
    });
  });
});

describe("a way back that was changed in the database", () => {
  test("is not on the last screen, nor on the one of somebody who did not wait", async () => {
    let answer: (result: BankResult) => void = () => undefined;
    bank.start.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const { authorisationId, screen } = await enter();
    const working = open(await see(await post(screen, signIn)));
    await real.db.rows(
      z.unknown(),
      sql`UPDATE authorisations SET redirect_uri = 'https://sage.com.evil.example/'
        WHERE id = ${authorisationId}::uuid RETURNING id`,
    );
    expect(await see(await post(working, { action: "leave" }))).toMatchObject({
      type: "left",
      returnUrl: null,
    });
    answer(authorised);
    await services.settled();
    expect((await services.showStep(working.handle)).screen).toMatchObject({
      type: "finished",
      returnUrl: null,
    });
  });
});

describe("time that is over", () => {
  const expire = (authorisationId: string) =>
    real.db.rows(
      z.unknown(),
      sql`WITH a AS (UPDATE authorisations SET notified_at = now() - interval '2 hours',
        expires_at = now() - interval '1 second' WHERE id = ${authorisationId}::uuid)
      UPDATE sessions SET expires_at = now() - interval '1 second'
        WHERE authorisation_id = ${authorisationId}::uuid RETURNING 1`,
    );
  test("ends the journey, with the way back, and takes no answer", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    const { authorisationId, screen } = await enter();
    const second = open(await see(await post(screen, signIn)));
    await expire(authorisationId);
    expect(await see(await post(second, { code: "123456", action: "continue" }))).toMatchObject({
      type: "finished",
      result: "expired",
      returnUrl: expect.stringContaining("state="),
    });
    expect(bank.answer).not.toHaveBeenCalled();
  });
  test("closes an entry that was not started", async () => {
    const { authorisationId, screen } = await enter();
    await expire(authorisationId);
    expect(await post(screen, signIn)).toEqual({ type: "gone", error: "gone" });
    expect((await services.showStep(screen.handle)).screen).toEqual({
      type: "gone",
      error: "gone",
    });
  });
});

describe("what is stored", () => {
  test("holds no password, no code and no raw handle", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue({
      type: "challenge",
      challenge: code,
      state: null,
      problem: "wrong",
    });
    const { screen } = await enter();
    const second = open(await see(await post(screen, signIn)));
    await post(second, { code: "987654", action: "continue" });
    const tables = ["notifications", "authorisations", "sessions", "outcomes", "attempts"];
    for (const table of tables) {
      const dump = JSON.stringify(
        await real.db.prisma.$queryRawUnsafe(`SELECT t::text FROM ${table} t`),
      );
      for (const secret of [
        "secret-word",
        "987654",
        "123456",
        second.handle,
        screen.handle,
        'ada"',
      ])
        expect(dump).not.toContain(secret);
    }
  });
});
