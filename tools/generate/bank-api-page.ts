import { z } from "zod";
import { answers, bankApiVersion, problemSchema, requests } from "../../lib/banks/http/bank-api.ts";
import {
  answerSchema,
  type Challenge,
  challengeKinds,
  challengeSchema,
} from "../../lib/challenges/index.ts";
import { pollSchema, bankResultSchema, undoSchema } from "../../lib/banks/bank-adapter.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/**
 * JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. What zod checks beyond it stands in the
 * descriptions and in docs/bank-api.md.
 */
function plainSchemaOf(schema: z.ZodType): Json {
  const made = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    cycles: "ref",
    reused: "inline",
  });
  return Object.fromEntries(
    Object.entries(made).filter(([name]) => !["$schema", "$defs", "~standard"].includes(name)),
  ) as Json;
}

const [challengeResult, authorisedResult, refusedResult] = bankResultSchema.options;
/** What has a name of its own in the document, the innermost first. */
const named = [
  ["Challenge", challengeSchema],
  ["Answer", answerSchema],
  ["Undo", undoSchema],
  ["ChallengeResult", challengeResult],
  ["AuthorisedResult", authorisedResult],
  ["RefusedResult", refusedResult],
] as const;

/** A schema with names in place of what has one; the only reference zod makes is to any JSON. */
function schemaOf(schema: z.ZodType, within: number = named.length): Json {
  const names = new Map(
    named
      .slice(0, within)
      .map(([name, one], index) => [JSON.stringify(schemaOf(one, index)), name]),
  );
  const walk = (json: Json): Json => {
    if (typeof json !== "object" || json === null) return json;
    if (Array.isArray(json)) return (json as readonly Json[]).map(walk);
    if ("$ref" in json) return { ...json, ...(ref("AnyJson") as object) };
    const inner = Object.fromEntries(
      Object.entries(json as Record<string, Json>).map(([name, value]) => [name, walk(value)]),
    );
    const name = names.get(JSON.stringify(inner));
    return name ? ref(name) : inner;
  };
  return walk(plainSchemaOf(schema));
}
/** What may be any JSON has its own limit by what it is for. */
function withLimitsOf(name: string, schema: Json): Json {
  const limited = { Undo: ["state", "UndoState"], AuthorisedResult: ["grant", "Grant"] }[name];
  if (!limited) return schema;
  const [member = "", of = ""] = limited;
  const anyJson = JSON.stringify(ref("AnyJson"));
  const made = JSON.stringify(schema).replace(
    `"${member}":${anyJson}`,
    `"${member}":${JSON.stringify(ref(of))}`,
  );
  return JSON.parse(made) as Json;
}
/** The body of a request: a state in it is one that was handed back, so that it is never null. */
const requestOf = (name: keyof typeof requests): Json =>
  JSON.parse(
    JSON.stringify(schemaOf(requests[name])).replaceAll('/AnyJson"', '/HandedBack"'),
  ) as Json;
const jsonOf = (schema: Json, examples?: Record<string, Json>): Json => ({
  "application/json": { schema, ...(examples ? { examples } : {}) },
});
const about = {
  bankId: "7f0c2a3e-6a44-4b0b-9d0a-4f2a1f0d9b11",
  externalId: "12345678",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};

const challengeResults = Object.fromEntries(
  challengeKinds.map(({ kind, examples }): [string, Json] => {
    const challenge = { kind, prompt: examples[0]?.prompt } as Challenge;
    return [
      kind,
      {
        summary: `Ask: ${kind}`,
        value: {
          type: "challenge",
          challenge: challenge as unknown as Json,
          state: { session: "x" },
        },
      },
    ];
  }),
);
const resultExamples: Record<string, Json> = {
  authorised: {
    summary: "Signed in",
    value: {
      type: "authorised",
      accounts: [{ externalId: "12345678" }, { externalId: "87654321" }],
      grant: { consent: "consent-7", token: "for your feed alone" },
      undo: { id: "consent-7", state: { consent: "consent-7" } },
    },
  },
  refused: {
    summary: "Refused",
    value: { type: "refused", reason: "locked", retryAfterSeconds: 1800 },
  },
  ...challengeResults,
};

/**
 * What was typed is in a request, and what is asked of whom in an answer: nothing of it may be kept
 * on the way (RFC 9111 §5.2.2.5).
 */
const headers: Json = { "Cache-Control": { $ref: "#/components/headers/NoStore" } };
const problem = (description: string): Json => ({
  description,
  headers,
  content: {
    "application/problem+json": {
      schema: ref("Problem"),
      examples: {
        problem: {
          value: { type: "about:blank", title: "In your words; nobody is shown them", status: 503 },
        },
      },
    },
  },
});
const failures: Record<string, Json> = {
  400: problem("The request is not one of this API. The journey ends as a fault of ours."),
  401: problem("No token, or one that is over. A new one is fetched and the call made once more."),
  409: problem("The same `Idempotency-Key` is still being worked on. The person may answer again."),
  429: problem("Too many calls. The person may answer again."),
  503: problem("Away, or any other 5xx. The person may answer again."),
};

function operation(
  name: keyof typeof requests,
  {
    summary,
    description,
    answer,
    done = "Forgotten.",
    body,
    examples,
  }: {
    summary: string;
    description: string;
    answer: string | null;
    done?: string;
    body: Record<string, Json>;
    examples: Record<string, Json>;
  },
): Json {
  return {
    post: {
      operationId: name,
      summary,
      description,
      tags: ["Journeys"],
      parameters: [
        { $ref: "#/components/parameters/IdempotencyKey" },
        { $ref: "#/components/parameters/BankDeadline" },
      ],
      requestBody: {
        required: true,
        content: jsonOf(requestOf(name), { request: { value: body } }),
      },
      responses: {
        ...(answer
          ? {
              200: {
                description: "What comes next.",
                headers,
                content: jsonOf(ref(answer), examples),
              },
            }
          : { 204: { description: done, headers } }),
        ...failures,
      },
    },
  };
}

/** The OpenAPI 3.1 document of our bank API. */
export function bankApiDocument(): Json {
  return {
    openapi: "3.1.1",
    info: {
      title: "Bank API of the re-authorisation connector",
      version: bankApiVersion,
      summary: "What a bank serves so that the connector can take people through signing in again.",
      description:
        "Made from the schemas in lib/banks/http/bank-api.ts; change those. The page that " +
        "explains it is docs/bank-api.md. Every answer is `application/json`, at most 256 " +
        "KiB; no redirect is followed, and all of them are sent with `Cache-Control: " +
        "no-store`. Texts are shown as text, never as markup, on one line: line breaks " +
        "become spaces, control characters and marks of direction are left out; lengths are " +
        "counted in code points. A member that is null is absent, but inside `state`, `grant` " +
        "and `undo`.",
      contact: { name: "The maintainers of the connector" },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [
      {
        url: "https://bank.example/reauthorisation/v1",
        description: "Your own address: `url` in the settings of the bank.",
      },
    ],
    security: [{ clientCredentials: [] }, { mutualTls: [] }],
    tags: [
      { name: "Journeys", description: "One person, from the first answer to the last." },
      { name: "About the bank", description: "What is known ahead." },
    ],
    paths: {
      "/description": {
        get: {
          operationId: "describe",
          summary: "What the first screen asks",
          description:
            "Asked ahead and kept for five minutes, never while a person waits, and not at all " +
            "where the settings of the bank say it (`firstChallenge`).",
          tags: ["About the bank"],
          responses: {
            200: {
              description: "The first challenge.",
              headers,
              content: jsonOf(schemaOf(answers.description), {
                description: {
                  value: {
                    version: bankApiVersion,
                    firstChallenge: { kind: "credentials", prompt: {} },
                    lang: "en",
                  },
                },
              }),
            },
            401: failures["401"] ?? null,
            503: failures["503"] ?? null,
          },
        },
      },
      "/start": operation("start", {
        summary: "The answer to the first challenge",
        description:
          "You hear of this person for the first time. A wrong answer is a `challenge` with " +
          "`problem: wrong`. What is answered then comes to `/answer` where you handed back a " +
          "`state`, and here again where you did not; here again comes also the first answer " +
          "of somebody whom you could not be reached for.",
        answer: "BankResult",
        body: {
          ...about,
          answer: { kind: "credentials", value: { username: "ada", password: "as typed" } },
        },
        examples: resultExamples,
      }),
      "/answer": operation("answer", {
        summary: "The answer to a later challenge",
        description:
          "With the `state` you handed back with that challenge, which is never null: without " +
          "one the answer comes to `/start`. Each answer comes once; a repeat has the same " +
          "`Idempotency-Key`.",
        answer: "BankResult",
        body: {
          ...about,
          state: { session: "x" },
          answer: { kind: "one-time-code", value: { code: "123456" } },
        },
        examples: resultExamples,
      }),
      "/poll": operation("poll", {
        summary: "Is the person done elsewhere?",
        description:
          "While a challenge waits for something done elsewhere (`approval`, a picture that " +
          "runs out), as often as it says; never twice at a time. Change nothing.",
        answer: "Poll",
        body: { ...about, state: { session: "x" } },
        examples: {
          pending: { summary: "Not yet", value: { type: "pending", pollSeconds: 3 } },
          ...resultExamples,
        },
      }),
      "/cancel": operation("cancel", {
        summary: "The person has cancelled",
        description: "Drop what you began. Nobody waits for it, and it is not tried again.",
        answer: null,
        body: { ...about, state: { session: "x" } },
        examples: {},
      }),
      "/undo": operation("undo", {
        summary: "Take back what you gave",
        description:
          "With the `undo` you handed back: the journey has ended, and Sage was not told that it " +
          "succeeded. It comes again, for days, until you answer 2xx, or 404 or 410 for what is " +
          "gone; so twice must do no harm. A bank that never hands back an `undo` is never asked.",
        answer: null,
        done: "It is taken back, or was before.",
        body: {
          bankId: about.bankId,
          externalId: about.externalId,
          undo: { id: "consent-7", state: { consent: "consent-7" } },
        },
        examples: {},
      }),
    },
    components: {
      schemas: {
        AnyJson: {
          description:
            "Any JSON, with at most 4,096 characters: what you want back with the answer, null " +
            "members in it included. No password, no code.",
          type: ["null", "boolean", "number", "string", "array", "object"],
          items: {},
        },
        Grant: {
          description:
            "Any JSON, 8 kB at most: what your feed reads the accounts with from now on. It is " +
            "encrypted to your feed's key at once, and dropped where `grants` of the file of banks " +
            "names none.",
          type: ["null", "boolean", "number", "string", "array", "object"],
          items: {},
        },
        UndoState: {
          description: "Any JSON; with the `id`, 4 kB at most.",
          type: ["null", "boolean", "number", "string", "array", "object"],
          items: {},
        },
        HandedBack: {
          description:
            "The same again, but for null: without a state nothing but `/start` is called.",
          type: ["boolean", "number", "string", "array", "object"],
          items: {},
        },
        ...Object.fromEntries(
          named.map(([name, schema], index) => [name, withLimitsOf(name, schemaOf(schema, index))]),
        ),
        BankResult: schemaOf(bankResultSchema),
        Poll: schemaOf(pollSchema),
        Problem: schemaOf(problemSchema),
      },
      headers: {
        NoStore: {
          required: true,
          description:
            "Answers hold what is asked of whom, and your state: nobody on the way may keep them " +
            "(RFC 9111 §5.2.2.5).",
          schema: { type: "string", const: "no-store" },
          example: "no-store",
        },
      },
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: true,
          description:
            "One for each answer of a person, in quotes " +
            "(draft-ietf-httpapi-idempotency-key-header). The same key again gets the same " +
            "answer, and nothing is counted or sent twice.",
          schema: { type: "string", pattern: '^"[0-9a-f-]{36}"$' },
        },
        BankDeadline: {
          name: "Bank-Deadline-Ms",
          in: "header",
          required: true,
          description:
            "How many milliseconds you have from now on; what comes later is dropped. Relative, " +
            "since clocks differ.",
          schema: { type: "integer", minimum: 0, maximum: 28_000 },
        },
      },
      securitySchemes: {
        clientCredentials: {
          type: "oauth2",
          description:
            "Client credentials; the connector proves itself by a signed assertion, " +
            "`private_key_jwt` (RFC 7523 §2.2): PS256, ES256 or Ed25519.",
          flows: { clientCredentials: { tokenUrl: "https://bank.example/token", scopes: {} } },
        },
        mutualTls: {
          type: "mutualTLS",
          description: "The connector shows its certificate (RFC 8705).",
        },
      },
    },
  };
}

/** The document as YAML; strings are written as JSON has them, which YAML takes. */
export function bankApiPage(): string {
  return (
    `# Made by \`npm run generate\` from lib/banks/http/bank-api.ts and the ` +
    `challenges. Change those.\n${yaml(bankApiDocument(), "")}`
  );
}

const plain = /^[A-Za-z][A-Za-z0-9_-]*$/;
const word = (text: string) =>
  plain.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

function yaml(value: Json, indent: string): string {
  const lines = (entries: readonly (readonly [lead: string, value: Json])[]) =>
    entries
      .map(([lead, entry]) =>
        isFilled(entry)
          ? `${indent}${lead}\n${yaml(entry, `${indent}  `)}`
          : `${indent}${lead} ${scalar(entry)}\n`,
      )
      .join("");
  if (Array.isArray(value)) return lines((value as readonly Json[]).map((entry) => ["-", entry]));
  return lines(
    Object.entries(value as Record<string, Json>).map(([name, entry]) => [`${word(name)}:`, entry]),
  );
}
const isFilled = (value: Json): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;
const scalar = (value: Json): string =>
  typeof value === "string" ? word(value) : JSON.stringify(value);
