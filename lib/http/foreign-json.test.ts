import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pathsOf } from "../log/issue-paths.ts";
import { readForeign, withNullsAbsent, withoutNulls } from "./foreign-json.ts";

const schema = z.strictObject({
  name: z.string(),
  note: z.string().optional(),
  inner: z.strictObject({ id: z.string().optional() }).optional(),
  list: z.array(z.strictObject({ a: z.string().optional() })).default([]),
  state: z.json().optional(),
});
const read = (value: unknown, options = {}) => readForeign(schema, JSON.stringify(value), options);

describe("JSON of another system", () => {
  test.each<[string, object]>([
    ["an optional member", { name: "x", note: null }],
    ["an optional object", { name: "x", inner: null }],
    ["a member of an object", { name: "x", inner: { id: null } }],
    ["a member with a default", { name: "x", list: null }],
    ["a member we do not know", { name: "x", other: null }],
    ["members in a list", { name: "x", list: [{ a: null, b: null }] }],
  ])("has %s that is null as if it was absent", (_, value) =>
    expect(read(value)).toMatchObject({ ok: true, value: { name: "x" } }),
  );

  test("keeps what is opaque as it came, and null entries of lists", () => {
    const state = { a: null, b: [null, { c: null }] };
    expect(read({ name: "x", state, note: null }, { opaque: ["state"] })).toEqual({
      ok: true,
      value: { name: "x", list: [], state },
    });
    expect(withoutNulls({ list: [null, 1], state: 1 })).toEqual({ list: [null, 1], state: 1 });
    // Only the outermost object has opaque members.
    expect(withoutNulls({ inner: { state: null } }, ["state"])).toEqual({ inner: {} });
  });
  test("is named by its path where it is refused, and never quoted", () => {
    const union = z.union([
      z.object({ kind: z.literal("a"), id: z.string() }),
      z.object({ kind: z.string(), id: z.number(), more: z.string() }),
    ]);
    expect(read({ name: null })).toEqual({ ok: false, paths: ["name"] });
    expect(read({ name: 5, inner: { id: 7 }, list: [{}, { a: 1 }] })).toEqual({
      ok: false,
      paths: ["name", "inner.id", "list[1].a"],
    });
    expect(read({ name: "x", inner: { "secret key": 1, another: 2 } })).toEqual({
      ok: false,
      paths: ["inner.*"],
    });
    expect(read({ name: "x", list: [null] })).toEqual({ ok: false, paths: ["list[0]"] });
    expect(readForeign(union, '{"kind":"a","id":5}')).toEqual({ ok: false, paths: ["id"] });
    for (const text of ["", "null", "[]", '"secret"', '{"name":'])
      expect(readForeign(schema, text)).toEqual({ ok: false, paths: ["$"] });
  });
  test("is never named by more than five paths of ten names that are plain words", () => {
    const many = z
      .record(z.string(), z.number())
      .safeParse(
        Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index} secret`, "x"])),
      );
    expect(pathsOf(many.error as z.ZodError)).toEqual(["*"]);
    const deep = Array.from({ length: 30 }, () => "a").reduce<z.ZodType>(
      (inner, name) => z.object({ [name]: inner }),
      z.string(),
    );
    const value = Array.from({ length: 30 }, () => "a").reduce<unknown>(
      (inner, name) => ({ [name]: inner }),
      5,
    );
    expect(readForeign(deep, JSON.stringify(value))).toEqual({
      ok: false,
      paths: ["a.a.a.a.a.a.a.a.a.a"],
    });
    expect(
      readForeign(
        z.object(Object.fromEntries("abcdefgh".split("").map((name) => [name, z.string()]))),
        "{}",
      ),
    ).toMatchObject({ paths: ["a", "b", "c", "d", "e"] });
  });
  test("has no null member left, whatever it is", () => {
    const hasNull = (json: unknown): boolean =>
      typeof json === "object" &&
      json !== null &&
      Object.values(json).some(
        (member) => (member === null && !Array.isArray(json)) || hasNull(member),
      );
    fc.assert(fc.property(fc.jsonValue(), (json) => !hasNull(withoutNulls(structuredClone(json)))));
  });
  test("may be nested as deeply as its sender likes", () => {
    expect(
      readForeign(
        z.object({ a: z.unknown() }),
        `${'{"a":'.repeat(50_000)}null${"}".repeat(50_000)}`,
      ).ok,
    ).toBe(true);
    expect(readForeign(schema, `${"[".repeat(50_000)}${"]".repeat(50_000)}`)).toEqual({
      ok: false,
      paths: ["$"],
    });
  });
});

test("a library that reads answers itself sees no null member, and everything else as it came", async () => {
  const client = (body: string | null, init: ResponseInit = {}) =>
    withNullsAbsent(async () => new Response(body, init))("https://bank.example");
  const answer = await client('{"access_token":"a","scope":null,"list":[null]}', {
    status: 400,
    headers: { "content-type": "application/json", "x-more": "1" },
  });
  expect([answer.status, answer.headers.get("x-more"), await answer.json()]).toEqual([
    400,
    "1",
    { access_token: "a", list: [null] },
  ]);
  const deep = `${"[".repeat(50_000)}null${"]".repeat(50_000)}`;
  for (const text of ['{"a": 1}', "null", "eyJh.null.x", "<html>null", "", deep])
    expect(await (await client(text)).text()).toBe(text);
  expect((await client(null, { status: 204 })).status).toBe(204);
});
