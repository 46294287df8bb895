import { randomUUID } from "node:crypto";
import { answerIn, answers, type Operation, requests } from "../../lib/banks/http/bank-api.ts";
import type { Case } from "./case.ts";
import type { TestUsers } from "./test-users.ts";

/**
 * Sends one request as it is told; the kit's own way to a bank, since the adapter sends nothing
 * that is wrong.
 */
export type Send = (
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string; anonymous?: boolean },
) => Promise<Response>;

const operations = ["start", "answer", "poll", "cancel"] as const satisfies Operation[];
const maxMs = 28_000;

/** What of a request may be wrong, and how. */
const wrongValues: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  "a number": 7,
  "an array": [],
  "an object": {},
  "a boolean": true,
  "a long text": "x".repeat(100_000),
  "a nested array": JSON.parse("[".repeat(500) + "]".repeat(500)),
};

/** What only the bank's own interface shows: authentication, repeats, requests that are wrong. */
export function bankApiCases(
  send: Send,
  testUsers: TestUsers & Required<Pick<TestUsers, "wrong">>,
): Case[] {
  const about = {
    bankId: "conformance",
    externalId: testUsers.externalId,
    locale: "en-GB",
    returnAddress: "https://connector.example/authrefresh/return?state=conformance",
  };
  /** A state is never null: whoever was handed none asks `start` (docs/bank-api.md). */
  const nobodys = { session: randomUUID() };
  const bodies: Record<(typeof operations)[number], Record<string, unknown>> = {
    start: { ...about, answer: testUsers.good[0] },
    answer: { ...about, state: nobodys, answer: testUsers.good[0] },
    poll: { ...about, state: nobodys },
    cancel: { ...about, state: nobodys },
  };
  const headers = (more: Record<string, string> = {}) => ({
    "content-type": "application/json",
    "idempotency-key": `"${randomUUID()}"`,
    "bank-deadline-ms": String(maxMs),
    ...more,
  });
  const post = (
    operation: Operation,
    body: unknown,
    more: Record<string, string> = {},
    options: object = {},
  ) =>
    send(operation, {
      method: "POST",
      headers: headers(more),
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...options,
    });
  const resultOf = async (response: Response) =>
    answers.answer.parse(answerIn(await response.text()));

  /**
   * A refusal of a request that is wrong: 4xx, as a problem; a bank that is careful may also answer
   * with a result that is no success.
   */
  const refuses = async (response: Response): Promise<string | undefined> => {
    const { status } = response;
    if (status >= 500) return `answers ${status}: a wrong request is no fault of yours`;
    if (status >= 300 && status < 400) return "redirects";
    if (status >= 400)
      return (response.headers.get("content-type") ?? "").startsWith("application/problem+json")
        ? undefined
        : `answers ${status}, but not as application/problem+json (RFC 9457)`;
    if (status === 204) return undefined;
    const { type } = (await response.json()) as { type?: unknown };
    return type === "authorised" ? "takes it for a success" : undefined;
  };

  const authentication = operations.flatMap((operation) =>
    (
      [
        ["no token", {}],
        ["a made-up token", { authorization: `Bearer ${"A".repeat(43)}` }],
        ["a token of another scheme", { authorization: "Basic YTpi" }],
        ["two tokens in one", { authorization: "Bearer a b" }],
      ] as const
    ).map(([name, more]): Case => ({
      group: "authentication",
      name: `${operation}, with ${name}`,
      run: async () => {
        const { status } = await post(operation, bodies[operation], more, { anonymous: true });
        return status === 401 || status === 403 ? undefined : `answers ${status}, not 401`;
      },
    })),
  );

  // With an answer that is wrong: a bank may do without a field it does not need, and is then right
  // to let the right answer through.
  const fields = operations.flatMap((operation) =>
    Object.keys(requests[operation].shape).flatMap((field) =>
      Object.entries(wrongValues)
        // What is right for these.
        .filter(
          ([name]) =>
            !(field === "bankId" && name === "null") &&
            (field !== "state" || name === "missing" || name === "null"),
        )
        .map(([name, value]): Case => ({
          group: "requests that are wrong",
          name: `${operation}: ${field} is ${name}`,
          run: async () =>
            refuses(
              await post(operation, {
                ...bodies[operation],
                ...(field !== "answer" && "answer" in bodies[operation]
                  ? { answer: testUsers.wrong }
                  : {}),
                [field]: value,
              }),
            ),
        })),
    ),
  );
  const texts: Readonly<Record<string, string>> = {
    "no JSON": "password=x",
    "half of a JSON text": '{"answer":',
    nothing: "",
    "an array": "[]",
    "a text": '"a"',
    null: "null",
    "a megabyte": `"${"x".repeat(1_000_000)}"`,
    "a key twice": '{"answer":{"kind":"other-way"},"answer":{"kind":"other-way"}}',
    "a prototype": '{"__proto__":{"answer":1}}',
  };
  const wholes = operations.flatMap((operation) =>
    Object.entries(texts).map(([name, text]): Case => ({
      group: "requests that are wrong",
      name: `${operation}: the body is ${name}`,
      run: async () => refuses(await post(operation, text).catch(closedEarly)),
    })),
  );
  const states: Readonly<Record<string, unknown>> = {
    "somebody’s that never was": { session: randomUUID() },
    "a text": "x",
    "a number": 1,
    "an array": [1, 2],
    "a deep object": { a: { b: { c: null } } },
    "a long text": "x".repeat(4000),
    "a name of the language": { session: "__proto__" },
    "a path": { session: "../../etc/passwd" },
  };
  const unknown = (["answer", "poll", "cancel"] as const).flatMap((operation) =>
    Object.entries(states).map(([name, state]): Case => ({
      group: "out of order",
      name: `${operation} with a state that is ${name}`,
      run: async () =>
        refuses(
          await post(operation, {
            ...bodies[operation],
            state,
            ...(operation === "answer"
              ? { answer: { kind: "one-time-code", value: { code: "123456" } } }
              : {}),
          }),
        ),
    })),
  );
  const methods = operations.flatMap((operation) =>
    ["GET", "PUT", "DELETE", "PATCH"].map((method): Case => ({
      group: "methods and addresses",
      name: `${method} ${operation}`,
      run: async () => refuses(await send(operation, { method, headers: headers() })),
    })),
  );
  const addresses = [
    "",
    "nowhere",
    "start/",
    "START",
    "start/../start/x",
    "v2/start",
    "%00",
    "start%2e",
  ].map((path): Case => ({
    group: "methods and addresses",
    name: `POST /${path}`,
    run: async () => refuses(await send(path, { method: "POST", headers: headers(), body: "{}" })),
  }));

  const repeats: Case[] = [
    {
      group: "repeats",
      name: "the same key again gets the same answer",
      run: async () => {
        const key = { "idempotency-key": `"${randomUUID()}"` };
        const [first, second] = [
          await resultOf(await post("start", { ...about, answer: testUsers.wrong }, key)),
          await resultOf(await post("start", { ...about, answer: testUsers.wrong }, key)),
        ];
        return JSON.stringify(first) === JSON.stringify(second)
          ? undefined
          : "the two answers differ: it was worked on twice";
      },
    },
    {
      group: "repeats",
      name: "ten times at once are one answer, or told to wait",
      run: async () => {
        const key = { "idempotency-key": `"${randomUUID()}"` };
        const responses = await Promise.all(
          Array.from({ length: 10 }, () =>
            post("start", { ...about, answer: testUsers.wrong }, key),
          ),
        );
        const results = await Promise.all(
          responses
            .filter(({ status }) => status === 200)
            .map(async (response) => JSON.stringify(await resultOf(response))),
        );
        if (responses.some(({ status }) => ![200, 409, 425, 429].includes(status)))
          return "one of them is answered something else";
        return new Set(results).size === 1 ? undefined : "the answers differ";
      },
    },
    {
      group: "repeats",
      name: "another key is another answer",
      run: async () => {
        const [first, second] = [
          await resultOf(await post("start", { ...about, answer: testUsers.wrong })),
          await resultOf(await post("start", { ...about, answer: testUsers.wrong })),
        ];
        return first.type === "challenge" &&
          second.type === "challenge" &&
          first.state !== null &&
          JSON.stringify(first.state) === JSON.stringify(second.state)
          ? "two journeys share a state"
          : undefined;
      },
    },
    {
      group: "repeats",
      name: "the first answer again, after one that was wrong or was lost, is a start again",
      run: async () => {
        await post("start", { ...about, answer: testUsers.wrong });
        const results = [
          await resultOf(await post("start", bodies.start)),
          await resultOf(await post("start", bodies.start)),
        ].map(({ type: result }) => result);
        return results[0] === results[1] ? undefined : `the results are ${results.join(" and ")}`;
      },
    },
    {
      group: "repeats",
      name: "cancelling twice is no error",
      run: async () => {
        await post("cancel", bodies.cancel);
        const { status } = await post("cancel", bodies.cancel);
        return status < 500 ? undefined : `answers ${status}`;
      },
    },
  ];

  const answersAre: Case[] = [
    {
      group: "answers",
      name: "the description is one",
      run: async () =>
        void answers.description.parse(
          answerIn(await (await send("description", { method: "GET" })).text()),
        ),
    },
    {
      group: "answers",
      name: "start is answered in JSON",
      run: async () =>
        ((await post("start", bodies.start)).headers.get("content-type") ?? "").startsWith(
          "application/json",
        )
          ? undefined
          : "not application/json",
    },
    {
      group: "answers",
      name: "nothing may be kept on the way",
      run: async () =>
        /no-store/.test((await post("start", bodies.start)).headers.get("cache-control") ?? "")
          ? undefined
          : "no Cache-Control: no-store",
    },
    {
      group: "answers",
      name: "cancel is answered 204, or in JSON",
      run: async () => {
        const { status } = await post("cancel", bodies.cancel);
        return status === 204 || status === 200 ? undefined : `answers ${status}`;
      },
    },
    {
      group: "answers",
      name: "an answer says nothing of the software behind it",
      run: async () => {
        const response = await post("start", '{"answer":');
        return /\bat .+:\d+:\d+|Traceback|Exception in|stack/i.test(await response.text())
          ? "a stack is in the answer to a wrong request"
          : undefined;
      },
    },
    {
      group: "time",
      name: "whoever has one millisecond is still answered, or nobody is",
      run: async () => {
        await post("start", bodies.start, { "bank-deadline-ms": "1" }).catch(() => undefined);
        const { status } = await send("description", { method: "GET" });
        return status === 200 ? undefined : `the next request is answered ${status}`;
      },
    },
  ];
  const deadlines = ["0", "-1", "x", "999999999999", ""].map((value): Case => ({
    group: "time",
    name: `a deadline of ${JSON.stringify(value)} breaks nothing`,
    run: async () => {
      const response = await post(
        "start",
        { ...about, answer: testUsers.wrong },
        { "bank-deadline-ms": value },
      ).catch(closedEarly);
      return response.status < 500 || response.status === 503
        ? undefined
        : `answers ${response.status}`;
    },
  }));

  return [
    ...answersAre,
    ...authentication,
    ...fields,
    ...wholes,
    ...unknown,
    ...methods,
    ...addresses,
    ...repeats,
    ...deadlines,
  ];
}

/** A server may close the connection on a body that is too large instead of reading it. */
const closedEarly = () =>
  new Response(null, { status: 413, headers: { "content-type": "application/problem+json" } });
