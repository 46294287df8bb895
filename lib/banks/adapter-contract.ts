import { describe, expect, test } from "vitest";
import type { Answer, Challenge } from "../challenges/index.ts";
import { challengeSchema } from "../challenges/index.ts";
import { type BankAdapter, type Turn, turnSchema } from "./bank-adapter.ts";

export interface AdapterUnderTest {
  adapter: BankAdapter;
  /** A person who only has to sign in: the right first answer, and a wrong one. */
  good: Answer;
  wrong: Answer;
  /** A person whose account is not the one asked for. */
  otherAccount: Answer;
  /** A person who needs long enough to be interrupted. */
  slow: Answer;
  /**
   * For a bank where signing in is not all: does what its people do elsewhere, such as approving in
   * its app, and gives the turn after it.
   */
  elsewhere?(turn: Turn): Promise<Turn | { turn: "pending" }>;
}

/**
 * What every bank adapter must do; each adapter's own test calls it (design: "Every adapter runs
 * the same contract test").
 */
export function testBankAdapter(
  name: string,
  { adapter, good, wrong, otherAccount, slow, elsewhere }: AdapterUnderTest,
): void {
  const externalId = "the-account-asked-for";
  const base = {
    bankId: "bank",
    externalId,
    locale: "en-GB",
    returnAddress: "https://connector.example/authrefresh/return?state=x",
    departureAddress: "https://connector.example/authrefresh/handle/bank",
    nudgeToken: async () => "nudge",
  };
  const call = () => ({ signal: new AbortController().signal });
  const start = async (answer: Answer): Promise<Turn> =>
    turnSchema.parse(await adapter.start({ ...base, answer }, call()));
  const throughout = async (turn: Turn) =>
    elsewhere && turn.turn === "challenge" ? elsewhere(turn) : turn;

  describe(`${name}, as a bank adapter`, () => {
    test("describes itself without a side effect, always alike, with a first challenge we can show", () => {
      const [once, again] = [adapter.describe("bank"), adapter.describe("bank")];
      expect(again).toEqual(once);
      expect(once.name).not.toBe("");
      expect(challengeSchema.parse(once.firstChallenge) satisfies Challenge).toEqual(
        once.firstChallenge,
      );
    });
    test("shows the requested account to the person who has it", async () => {
      expect(await throughout(await start(good))).toMatchObject({
        turn: "authorised",
        accounts: expect.arrayContaining([{ externalId }]),
      });
    });
    test("never claims an account that the person does not have", async () => {
      const turn = await throughout(await start(otherAccount));
      expect(
        turn.turn === "authorised" &&
          turn.accounts.some((account) => account.externalId === externalId),
      ).toBe(false);
    });
    test("asks again after a wrong answer and says that it was wrong", async () => {
      expect(await start(wrong)).toMatchObject({ turn: "challenge", problem: "wrong" });
    });
    test("hands back a state that survives being stored, without anything the person typed in secret", async () => {
      const turn = await start(wrong);
      if (turn.turn !== "challenge") throw new Error("not asked again");
      expect(JSON.parse(JSON.stringify(turn.state))).toEqual(turn.state);
      if (wrong.kind === "credentials")
        expect(JSON.stringify(turn)).not.toContain(wrong.value.password ?? "no password");
    });
    test("takes the right answer after a wrong one", async () => {
      const turn = await start(wrong);
      if (turn.turn !== "challenge") throw new Error("not asked again");
      const request = { ...base, challenge: turn.challenge, state: turn.state, answer: good };
      expect(
        await throughout(turnSchema.parse(await adapter.answer(request, call()))),
      ).toMatchObject({ turn: "authorised" });
    });
    test("stops when its time is over", async () => {
      const ending = new AbortController();
      const turn = adapter.start({ ...base, answer: slow }, { signal: ending.signal });
      ending.abort();
      await expect(turn).rejects.toThrow();
    });
  });
}
