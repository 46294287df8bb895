import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSeals } from "../crypto/seal.ts";
import { firstForm, openFirstForm } from "./first-form.ts";
import { formToken } from "../journey/form-token.ts";

const key = () => new Uint8Array(randomBytes(32));
const [older, newer] = [key(), key()];
const seals = createSeals([older]);
const entryToken = "header..iv.text.tag";
const asked: Parameters<typeof firstForm>[2] = {
  firstChallenge: {
    kind: "credentials",
    prompt: { fields: [{ name: "number", label: "Kundennummer", type: "text" }] },
  },
  lang: "de",
  state: { bankVersion: { adapter: "http", entry: "own", digest: "AbCd1234" }, state: null },
};

test("the form of a first screen brings back what was asked, on a replica that knows nothing of it", async () => {
  const opened = await openFirstForm(
    createSeals([newer, older]),
    entryToken,
    await firstForm(seals, entryToken, asked),
  );
  expect(opened?.shown).toMatchObject(asked);
});

test("and leads to the same session handle every time", async () => {
  const form = await firstForm(seals, entryToken, asked);
  const opened = await openFirstForm(seals, entryToken, form);
  expect(opened?.handle).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect((await openFirstForm(seals, entryToken, form))?.handle).toBe(opened?.handle);
});

test("a form that says nothing of what it asked is one of ours", async () => {
  expect(await openFirstForm(seals, entryToken, formToken(seals, entryToken, 1))).toEqual({
    handle: expect.any(String),
  });
});

test("what would not fit into a form is not put into it", async () => {
  const long = {
    firstChallenge: {
      kind: "message",
      prompt: { phase: "sign-in", paragraphs: Array.from({ length: 20 }, () => "x".repeat(500)) },
    },
  } as const;
  const form = await firstForm(seals, entryToken, long);
  expect(form.split(".")).toHaveLength(3);
  expect((await openFirstForm(seals, entryToken, form))?.shown).toBeUndefined();
});

test("a form whose parts are of two renderings, or changed, is nobody’s", async () => {
  const [one, other] = [
    await firstForm(seals, entryToken, asked),
    await firstForm(seals, entryToken, asked),
  ];
  const parts = (form: string) => form.split(".");
  const mixed = [...parts(one).slice(0, 3), ...parts(other).slice(3)].join(".");
  const foreign = await firstForm(createSeals([key()]), entryToken, asked);
  for (const given of [
    mixed,
    `${one}x`,
    one.slice(0, -2),
    `${one}.`,
    `${parts(one).slice(0, 3).join(".")}.`,
    foreign,
    "",
    ".",
    "a.b.c.d.e.f.g",
  ])
    expect(await openFirstForm(seals, entryToken, given), given).toBeUndefined();
  expect(await openFirstForm(seals, "another..entry.handle.x", one)).toBeUndefined();
});
