import { describe, expect, test } from "vitest";
import type { Answer, Challenge } from "../challenges/index.ts";
import { challengeSchema } from "../challenges/index.ts";
import { type BankAdapter, type BankResult, bankResultSchema, type Undo } from "./bank-adapter.ts";

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
   * its app, and gives the result after it.
   */
  elsewhere?: (result: BankResult) => Promise<BankResult | { type: "pending" }>;
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
    redirectUrl: "https://connector.example/authrefresh/handle/bank",
    clientNotificationToken: () => Promise.resolve("ping"),
  };
  const call = () => ({ signal: new AbortController().signal });
  const start = async (answer: Answer): Promise<BankResult> =>
    bankResultSchema.parse(await adapter.start({ ...base, answer }, call()));
  const stored = (undo: Undo) => JSON.parse(JSON.stringify(undo)) as Undo;
  const throughout = async (result: BankResult) =>
    elsewhere && result.type === "challenge" ? elsewhere(result) : result;

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
        type: "authorised",
        accounts: expect.arrayContaining([expect.objectContaining({ externalId })]) as unknown,
      });
    });
    test("never claims an account that the person does not have", async () => {
      const result = await throughout(await start(otherAccount));
      expect(
        result.type === "authorised" &&
          result.accounts.some((account) => account.externalId === externalId),
      ).toBe(false);
    });
    test("asks again after a wrong answer and says that it was wrong", async () => {
      expect(await start(wrong)).toMatchObject({ type: "challenge", problem: "wrong" });
    });
    test("hands back a state that survives being stored, without anything the person typed in secret", async () => {
      const result = await start(wrong);
      if (result.type !== "challenge") throw new Error("not asked again");
      expect(JSON.parse(JSON.stringify(result.state))).toEqual(result.state);
      if (wrong.kind === "credentials")
        expect(JSON.stringify(result)).not.toContain(wrong.value.password ?? "no password");
    });
    test("takes the right answer after a wrong one", async () => {
      const result = await start(wrong);
      if (result.type !== "challenge") throw new Error("not asked again");
      const request = { ...base, challenge: result.challenge, state: result.state, answer: good };
      expect(
        await throughout(bankResultSchema.parse(await adapter.answer(request, call()))),
      ).toMatchObject({ type: "authorised" });
    });
    test("takes back what it gave, also twice, and names it alike until its end", async () => {
      const named: (Undo | undefined)[] = [];
      const mustUndo = (undo: Undo) => void named.push(undo);
      const result = await throughout(
        bankResultSchema.parse(
          await adapter.start({ ...base, answer: good }, { ...call(), mustUndo }),
        ),
      );
      named.push(result.type === "authorised" ? result.undo : undefined);
      const undos = named.filter((undo) => undo !== undefined);
      expect(new Set(undos.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
      expect(undos.length > 0 && !adapter.undo).toBe(false);
      for (const undo of [...undos, ...undos])
        await adapter.undo?.({ bankId: "bank", externalId, undo: stored(undo) }, call());
    });
    test("stops when its time is over", async () => {
      const ending = new AbortController();
      const result = adapter.start({ ...base, answer: slow }, { signal: ending.signal });
      ending.abort();
      await expect(result).rejects.toThrow();
    });
  });
}
