import { describe, expect, test } from "vitest";
import type { BankAdapter } from "../../lib/banks/bank-adapter.ts";
import type { Answer, Challenge } from "../../lib/challenges/index.ts";
import { adapterCases } from "./adapter-cases.ts";
import { runCases } from "./case.ts";
import { sandboxTestUsers } from "./test-users.ts";

describe("an adapter whose first screen asks for a name", () => {
  const signIn: Challenge = { kind: "credentials", prompt: {} };
  const own: Challenge = {
    kind: "credentials",
    prompt: {
      fields: [
        { name: "customer", type: "text", label: "Customer number" },
        { name: "pin", type: "text", secret: true, label: "PIN" },
      ],
    },
  };
  const problemsOf = async (firstChallenge: Challenge, person?: BankAdapter["userIdentifier"]) => {
    const adapter: BankAdapter = {
      describe: () => ({ name: "Bank", firstChallenge }),
      ...(person ? { userIdentifier: person } : {}),
      start: async () => ({ type: "refused", reason: "denied" }),
      answer: async () => ({ type: "refused", reason: "denied" }),
    };
    const cases = adapterCases(() => adapter, sandboxTestUsers, {
      publicUrl: "https://connector.example",
      wait: async () => undefined,
    }).filter(({ group }) => group === "persons");
    return (await runCases(cases)).flatMap(({ problem }) =>
      problem === undefined ? [] : [problem],
    );
  };
  const value = (answer: Answer) => (answer.kind === "credentials" ? answer.value : {});

  test.each<[string, Challenge]>([
    ["user name and password", signIn],
    ["fields of its own", own],
  ])("fails where it names nobody: %s", async (_, first) => {
    for (const person of [undefined, () => undefined, () => "", () => [" ", ""]])
      expect((await problemsOf(first, person)).join()).toContain("names nobody");
  });
  test("fails where it makes another person of every guess, or one of all", async () => {
    expect((await problemsOf(own, (answer) => Object.values(value(answer)))).join()).toContain(
      "another secret makes another person",
    );
    expect((await problemsOf(own, () => "everybody")).join()).toContain("two names are one person");
  });
  test("passes where it names who was typed; one that asks for no name need not", async () => {
    expect(await problemsOf(signIn, (answer) => value(answer)["username"])).toEqual([]);
    expect(await problemsOf(own, (answer) => value(answer)["customer"])).toEqual([]);
    expect(await problemsOf({ kind: "one-time-code", prompt: { channel: "app" } })).toEqual([]);
    expect(
      await problemsOf({
        kind: "credentials",
        prompt: { fields: [{ name: "pin", type: "password", label: "PIN" }] },
      }),
    ).toEqual([]);
  });
});

test("the first challenge that is judged is what the bank says, and not what its adapter guesses before", async () => {
  let firstChallenge: unknown = { kind: "credentials", prompt: {} };
  const adapter: BankAdapter = {
    describe: () => ({ name: "Bank", firstChallenge: firstChallenge as never }),
    prepare: async () => void (firstChallenge = { kind: "riddle", prompt: {} }),
    start: async () => ({ type: "refused", reason: "denied" }),
    answer: async () => ({ type: "refused", reason: "denied" }),
  };
  const cases = adapterCases(() => adapter, sandboxTestUsers, {
    publicUrl: "https://connector.example",
    wait: async () => undefined,
  }).filter(({ name }) => name === "the first challenge can be shown");
  expect(await runCases(cases)).toMatchObject([{ problem: expect.any(String) }]);
});
