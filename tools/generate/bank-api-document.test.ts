import { describe, expect, test } from "vitest";
import { pollSchema, bankResultSchema } from "../../lib/banks/bank-adapter.ts";
import { answerIn, descriptionSchema } from "../../lib/banks/http/bank-api.ts";
import { challengeKinds, challengeSchema } from "../../lib/challenges/index.ts";
import { bankApiDocument } from "./bank-api-page.ts";

// What the document allows, the connector takes: every text and every number of the document is
// tried at its limits, in an answer that is right otherwise.

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  uniqueItems?: boolean;
}
const { components } = bankApiDocument() as unknown as {
  components: { schemas: Record<string, Schema> };
};
const resolved = (schema: Schema): Schema =>
  schema.$ref ? (components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}) : schema;

const hostile = [
  "a\nb",
  "a\r\n\u2028b",
  "\u2068a\u2069",
  "\u202ea",
  "\u0000a\u001b",
  "😀",
  "a\ud800",
  "<b>",
  "\t a",
  "a\u200f",
];
const blank = ["", " ", "\n", "\u2066\u2069", "\u0000"];
/** Texts the schema of a string allows, its limits among them. */
function textsOf({ pattern, minLength = 0, maxLength = Infinity, format }: Schema): string[] {
  if (format !== undefined) return [];
  const longest = Number.isFinite(maxLength) ? ["x", "😀"].map((one) => one.repeat(maxLength)) : [];
  const right = (text: string) =>
    (pattern === undefined || new RegExp(pattern).test(text)) &&
    [...text].length >= minLength &&
    [...text].length <= maxLength;
  return [...hostile, ...blank, ...longest, "a", "0", "de", "pt-BR", "AAAA"].filter(right);
}
const numbersOf = ({ minimum, maximum }: Schema) =>
  [minimum, maximum].filter(
    (number) => number !== undefined && Math.abs(number) < 2 ** 53,
  ) as number[];

type Path = readonly (string | number)[];
/** Every place in a value with the schema that holds there. */
function* placesIn(
  given: Schema,
  value: unknown,
  path: Path = [],
): Generator<{ path: Path; schema: Schema; optional: boolean }> {
  const schema = resolved(given);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices)
    return yield* placesIn(
      choices.map(resolved).find((choice) => fits(choice, value)) ?? {},
      value,
      path,
    );
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries())
      yield* placesIn(schema.items ?? {}, entry, [...path, index]);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const optional = !schema.required?.includes(name);
    if (!Object.hasOwn(value, name) && !optional) continue;
    yield { path: [...path, name], schema: resolved(member), optional };
    if (Object.hasOwn(value, name))
      yield* placesIn(member, (value as Record<string, unknown>)[name], [...path, name]);
  }
}
/**
 * Whether a choice is the one a value is of: by its constants, which every choice of the document
 * has.
 */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.oneOf ?? schema.anyOf)
    return (schema.oneOf ?? schema.anyOf ?? []).map(resolved).some((choice) => fits(choice, value));
  return Object.entries(schema.properties ?? {}).every(([name, given]) => {
    const { const: one, enum: several } = resolved(given);
    const member = (value as Record<string, unknown>)[name];
    if (one !== undefined) return member === one;
    return several === undefined || member === undefined || several.includes(member);
  });
}
function withAt(value: unknown, [first, ...rest]: Path, put: unknown): unknown {
  if (first === undefined) return put;
  if (Array.isArray(value))
    return value.map(
      (entry, index) => (index === first ? withAt(entry, rest, put) : entry) as unknown,
    );
  return {
    ...(value as object),
    [first]: withAt((value as Record<string, unknown>)[first], rest, put),
  };
}

const opaque = (schema: Schema) => schema === components.schemas["AnyJson"];
/** The same answer with one member changed to what the document allows there. */
function* variantsOf(name: string, answer: unknown): Generator<{ where: string; answer: unknown }> {
  for (const { path, schema, optional } of placesIn(
    { $ref: `#/components/schemas/${name}` },
    answer,
  )) {
    const where = path.join(".");
    // What only the words beside it say: these two belong together.
    const values =
      /(minLength|maxLength|positions\.\d+|prompt\.length|mediaType|base64|\.id|\.name|pictures\.\d+\.picture\.alt)$/.test(
        where,
      )
        ? []
        : schema.type === "string" && !schema.enum && schema.const === undefined
          ? textsOf(schema)
          : schema.type === "integer"
            ? numbersOf(schema)
            : (schema.enum ?? []);
    for (const put of [...values, ...(optional ? [null] : [])])
      yield {
        where: `${where} = ${JSON.stringify(put).slice(0, 40)}`,
        answer: withAt(answer, path, put),
      };
    if (opaque(schema))
      for (const put of [{ a: null }, [null], "😀".repeat(4000), "x".repeat(4094)])
        yield { where, answer: withAt(answer, path, put) };
  }
}

const taken = (
  schema: { safeParse(value: unknown): { success: boolean } },
  name: string,
  answer: unknown,
) =>
  [...variantsOf(name, answer)]
    .filter((variant) => !schema.safeParse(answerIn(JSON.stringify(variant.answer))).success)
    .map(({ where }) => where);

const challenges = challengeKinds.flatMap(({ kind, examples }) =>
  examples.map(({ name, prompt }): [string, unknown] => [`${kind}, ${name}`, { kind, prompt }]),
);

describe("what docs/bank-api.yaml allows, the connector takes", () => {
  test.each(challenges)("in a challenge: %s", (_, challenge) =>
    expect(taken(challengeSchema, "Challenge", challenge)).toEqual([]),
  );
  test.each([
    [
      "a challenge",
      {
        type: "challenge",
        challenge: { kind: "message", prompt: { phase: "verify", paragraphs: ["x"] } },
        state: {},
        problem: "wrong",
      },
    ],
    ["a success", { type: "authorised", accounts: [{ externalId: "x" }, { externalId: "y" }] }],
    ["a refusal", { type: "refused", reason: "locked" }],
  ])("in a result that is %s", (_, result) => {
    expect(taken(bankResultSchema, "BankResult", result)).toEqual([]);
    expect(taken(pollSchema, "Poll", result)).toEqual([]);
  });
  test("in an answer to a poll, and in a description", () => {
    expect(taken(pollSchema, "Poll", { type: "pending" })).toEqual([]);
    expect(taken(challengeSchema, "Challenge", { kind: "credentials", prompt: {} })).toEqual([]);
    expect(
      descriptionSchema.safeParse(
        answerIn(
          '{"version":"1","firstChallenge":{"kind":"credentials","prompt":{"fields":null}},"lang":null}',
        ),
      ).success,
    ).toBe(true);
  });
  test("and tries enough of it", () => {
    const tried = challenges
      .flatMap(([, challenge]) => [...variantsOf("Challenge", challenge)])
      .map(({ where }) => where);
    for (const place of [
      "kind",
      "prompt.note",
      "prompt.destination",
      "prompt.device",
      "prompt.instead",
      "prompt.called",
      "prompt.title",
      "prompt.fields.0.label",
      "prompt.fields.0.hint",
      "prompt.methods.0.label",
      "prompt.methods.0.hint",
      "prompt.questions.0.text",
      "prompt.pollSeconds",
      "prompt.validMinutes",
      "prompt.maxLength",
    ]) {
      expect
        .soft(
          tried.some((where) => where.startsWith(`${place} =`)),
          place,
        )
        .toBe(place !== "kind");
    }
    expect(tried.length).toBeGreaterThan(1000);
  });
});
