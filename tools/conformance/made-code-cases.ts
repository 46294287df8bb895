import type { Case } from "./case.ts";
import type { Opening } from "./test-users.ts";
import type { Walk } from "./walk.ts";

const wrongBodies: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  "a text": "x",
  "an array": [],
  "an empty object": {},
  "no account": { accounts: [] },
  "an account without a name": { accounts: [{ externalId: "" }] },
  "an account that is a text": { accounts: ["x"] },
  "too many accounts": { accounts: Array.from({ length: 100_000 }, () => ({ externalId: "x" })) },
};

/**
 * What is held against codes that a bank has made: each works once, and nobody but the bank gets
 * one.
 */
export function madeCodeCases(first: Opening, { adapter, base, opening, start }: Walk): Case[] {
  if (first.kind !== "made-code") return [];
  const called = async (authorization: string | null, body: unknown) =>
    (await adapter.called?.({ bankId: base.bankId, authorization, body }))?.type;
  /** An entry of `*` stands for this bank as well; its accounts have the same names. */
  const atAnotherBank = { more: { bankId: "another-bank" } };
  const right = {
    accounts: first.accounts.map((externalId) => ({ externalId })),
    ...(first.identifier === undefined ? {} : { identifier: first.identifier }),
  };
  const key = first.keyFile;
  const noKeys: Readonly<Record<string, string | null>> = {
    "no key": null,
    "an empty key": "Bearer ",
    "a made-up key": `Bearer ${"A".repeat(43)}`,
    "half of the key": `Bearer ${key.slice(0, key.length / 2)}`,
    "more than the key": `Bearer ${key}A`,
    "the key of another scheme": `Basic ${key}`,
    "the key alone": key,
  };
  return [
    {
      group: "made codes",
      name: "a code works once",
      run: async () => {
        const code = await opening(first);
        const results = [await start(code), await start(code)].map(({ type }) => type);
        return results[0] === "authorised" && results[1] !== "authorised"
          ? undefined
          : `the results are ${results.join(" and ")}`;
      },
    },
    {
      group: "made codes",
      name: "of ten at once one gets in",
      run: async () => {
        const code = await opening(first);
        const results = await Promise.all(Array.from({ length: 10 }, () => start(code)));
        const succeeded = results.filter(({ type }) => type === "authorised").length;
        return succeeded === 1 ? undefined : `${succeeded} get in`;
      },
    },
    {
      group: "made codes",
      name: "a code of one bank is nothing to another, where one entry stands for both",
      run: async () => {
        const code = await opening(first);
        if ((await start(code, atAnotherBank)).type === "authorised")
          return "it opens an account of the other bank";
        return (await start(code)).type === "authorised"
          ? undefined
          : "it does not work at its own bank any more";
      },
    },
    {
      group: "made codes",
      name: "wrong codes at one bank end none of another",
      run: async () => {
        const code = await opening(first);
        for (let tries = 0; tries < 6; tries += 1)
          await start({ kind: "one-time-code", value: { code: "00000000" } }, atAnotherBank);
        return (await start(code)).type === "authorised"
          ? undefined
          : "the code does not work any more";
      },
    },
    {
      group: "made codes",
      name: "two are not alike",
      run: async () =>
        JSON.stringify(await opening(first)) === JSON.stringify(await opening(first))
          ? "they are"
          : undefined,
    },
    ...Object.entries(noKeys).map(([name, authorization]): Case => ({
      group: "made codes",
      name: `whoever has ${name} gets none`,
      run: async () =>
        adapter.trusts?.(authorization ?? "")
          ? "it is trusted"
          : (await called(authorization, right)) === "unauthorised"
            ? undefined
            : "the answer is not unauthorised",
    })),
    ...Object.entries(wrongBodies).map(([name, body]): Case => ({
      group: "made codes",
      name: `none is made for ${name}`,
      run: async () =>
        (await called(`Bearer ${key}`, body)) === "malformed"
          ? undefined
          : "the answer is not malformed",
    })),
  ];
}
