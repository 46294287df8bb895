// @ts-nocheck An example for every reader of JavaScript; types are in docs/bank-api.yaml.
// A bank that serves our bank API (docs/bank-api.yaml), in plain Node and nothing else: run it,
// read it, and put your own bank in its place. CLIENT_PUBLIC_KEY_FILE=public.pem PORT=4100 node
// examples/bank-api/reference-bank.mjs
import { createPublicKey, randomBytes, randomUUID, timingSafeEqual, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";

const json = (status, body, headers = {}) => ({
  status,
  headers: {
    "content-type": status < 400 ? "application/json" : "application/problem+json",
    "cache-control": "no-store",
    ...headers,
  },
  body: JSON.stringify(body),
});
const problem = (status, title) => json(status, { type: "about:blank", title, status });

// ---- What this bank asks of whom. The password is `pass_good`, codes are `123456`. ----
const signIn = { kind: "credentials", prompt: {} };
const dot = {
  mediaType: "image/png",
  base64:
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
};
const code = (prompt) => ({
  challenge: { kind: "one-time-code", prompt: { length: 6, ...prompt } },
  right: ({ code }) => code === "123456",
});
const checks = {
  sms: code({ channel: "sms", destination: "•••• 123", sendAgain: true }),
  app: code({ channel: "app" }),
  device: {
    challenge: {
      kind: "method-choice",
      prompt: {
        methods: [
          { id: "sms", label: "Text message" },
          { id: "app", label: "Authenticator app" },
        ],
      },
    },
    next: ({ method }) => method,
  },
  questions: {
    challenge: {
      kind: "security-questions",
      prompt: { questions: [{ id: "car", text: "What colour was your first car?" }] },
    },
    right: ({ answers }) => answers[0]?.text.trim().toLowerCase() === "blue",
  },
  memorable: {
    challenge: { kind: "memorable-characters", prompt: { positions: [2, 5, 7], length: 9 } },
    right: ({ characters }) => characters.map(({ character }) => character).join("") === "app",
  },
  message: {
    challenge: {
      kind: "message",
      prompt: { phase: "verify", paragraphs: ["We never ask for your password by phone."] },
    },
    right: () => true,
  },
  push: {
    challenge: {
      kind: "approval",
      prompt: { device: "Your phone", matchNumber: "42", pollSeconds: 1 },
    },
    approvedAfterMs: 2000,
  },
  photo: {
    challenge: {
      kind: "picture-code",
      prompt: {
        purpose: "scan",
        picture: { ...dot, alt: "Code for the app" },
        reply: { characters: "digits", length: 6 },
      },
    },
    right: ({ reply }) => reply === "123456",
  },
  picture: {
    challenge: {
      kind: "picture-choice",
      prompt: {
        pictures: ["A lighthouse", "A bridge"].map((alt, index) => ({
          id: String(index),
          picture: { ...dot, alt },
        })),
      },
    },
    right: ({ choice }) => choice === "0",
  },
  page: {
    challenge: ({ returnAddress }) => ({
      kind: "redirect",
      prompt: {
        url: `https://login.bank.example/confirm?back=${encodeURIComponent(returnAddress)}`,
        opens: "window",
      },
    }),
    right: ({ query }) => new URLSearchParams(query).get("done") === "yes",
  },
};
const customers = {
  good: {},
  other: { accounts: ["somebody-else"] },
  partly: { uncovered: [{ name: "Payroll account" }, { ending: "4321" }] },
  slow: { delayMs: 8000 },
  sms: { checks: ["sms"] },
  app: { checks: ["app"] },
  device: { checks: ["device"] },
  questions: { checks: ["questions"] },
  memorable: { checks: ["memorable"] },
  message: { checks: ["message"] },
  push: { checks: ["push"] },
  photo: { checks: ["photo"] },
  picture: { checks: ["picture"] },
  page: { checks: ["page"] },
  "two-rounds": { checks: ["sms", "questions"] },
  ...Object.fromEntries(
    [
      "locked",
      "suspended",
      "password-expired",
      "action-needed",
      "too-many-tries",
      "denied",
      "not-approved",
      "not-set-up",
      "accounts-missing",
    ].map((refused) => [refused, { refused }]),
  ),
};
const maxWrong = 5;

/** What the bank tells of an account; Sage is told it where the connector's settings say so. */
const accountOf = (externalId, index) => ({
  externalId,
  name: `Business account ${index + 1}`,
  bankIdentifier: "200000",
  accountIdentifier: String(55779900 + index),
  type: "CACC",
});

/**
 * @param {object} options
 * @param {string} [options.clientKey] public key of the connector, PEM, for `private_key_jwt`;
 *   without it nothing asks who calls, which is for mutual TLS in front
 * @param {string} [options.clientId]
 * @param {readonly string[]} [options.accounts] what the customers have
 * @param {(ms: number, signal: AbortSignal) => Promise<unknown>} [options.wait] how `slow` takes
 *   its time
 * @param {() => number} [options.now] when it is, in milliseconds, for what takes its time in the
 *   app
 */
export function createReferenceBank({
  clientKey,
  clientId = "connector",
  accounts = ["savings", "the-account-asked-for"],
  wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now = Date.now,
} = {}) {
  const sessions = new Map();
  /** What a feed may read with: a consent and its token, from the sign-in on. */
  const consents = new Map();
  const done = new Map();
  const tokens = new Map();
  const seen = new Set();

  // ---- The API ----
  // It comes back to `/undo`, unless Sage is told that the journey succeeded.
  const undoOf = ({ id }) => ({ id, state: null });
  const ask = (session, extra = {}) => {
    const { challenge } = checks[session.check];
    return {
      type: "challenge",
      challenge: typeof challenge === "function" ? challenge(session) : challenge,
      state: { session: session.id },
      otherWay: session.check !== "device" && session.way === "device",
      lang: "en",
      undo: undoOf(session),
      ...extra,
    };
  };
  const next = (session) => {
    session.check = session.customer.checks?.[session.passed];
    session.way = session.check;
    session.sinceMs = now();
    if (session.check) return ask(session);
    sessions.delete(session.id);
    return {
      type: "authorised",
      accounts: (session.customer.accounts ?? accounts).map(accountOf),
      ...(session.customer.uncovered ? { uncovered: session.customer.uncovered } : {}),
      // For the feed, which alone can decrypt it.
      grant: { consent: session.id, token: consents.get(session.id) },
      undo: undoOf(session),
    };
  };
  const wrong = (session, result) => {
    session.wrong += 1;
    const triesLeft = maxWrong - session.wrong;
    return triesLeft > 0
      ? { ...result, problem: "wrong", ...(triesLeft <= 2 ? { triesLeft } : {}) }
      : { type: "refused", reason: "locked", retryAfterSeconds: 1800 };
  };
  const credentials = async (session, { answer, returnAddress }, signal) => {
    if (answer.kind !== "credentials")
      return { type: "challenge", challenge: signIn, state: { session: session.id } };
    const { username = "", password } = answer.value;
    if (!Object.hasOwn(customers, username) || password !== "pass_good")
      return wrong(session, {
        type: "challenge",
        challenge: signIn,
        state: { session: session.id },
      });
    const customer = customers[username];
    if (customer.delayMs) await wait(customer.delayMs, signal);
    if (customer.refused) return { type: "refused", reason: customer.refused };
    consents.set(session.id, randomBytes(32).toString("base64url"));
    return next(Object.assign(session, { customer, returnAddress, passed: 0, wrong: 0 }));
  };
  const begin = () => {
    const session = { id: randomUUID(), wrong: 0 };
    sessions.set(session.id, session);
    return session;
  };
  const operations = {
    start: (request, signal) => credentials(begin(), request, signal),
    async answer(request, signal) {
      // Without a state it would have come to `start`; a session that is gone is begun again.
      const session = sessions.get(request.state.session) ?? begin();
      if (!session.customer) return credentials(session, request, signal);
      const { answer } = request;
      if (answer.kind === "other-way") return ask(Object.assign(session, { check: session.way }));
      const check = checks[session.check];
      if (answer.kind !== check.challenge.kind && typeof check.challenge !== "function")
        return ask(session);
      if (answer.value.sendAgain || answer.value.askAgain || answer.value.refresh)
        return ask(session, answer.value.sendAgain ? { notice: "sent-again" } : {});
      if (check.next) return ask(Object.assign(session, { check: check.next(answer.value) }));
      if (!check.right?.(answer.value)) return wrong(session, ask(session));
      session.passed += 1;
      return next(session);
    },
    async poll({ state }) {
      const session = sessions.get(state?.session);
      if (!session) return { type: "refused", reason: "not-approved" };
      const { approvedAfterMs } = checks[session.check] ?? {};
      if (approvedAfterMs === undefined || now() - session.sinceMs < approvedAfterMs)
        return { type: "pending" };
      session.passed += 1;
      return next(session);
    },
    cancel: async ({ state }) => void sessions.delete(state?.session),
    undo: async ({ undo }) => void (sessions.delete(undo.id), consents.delete(undo.id)),
  };

  // ---- Who calls: OAuth 2.0 client credentials with a signed assertion (RFC 7523) ----
  const issue = (form, tokenUrl) => {
    const [head = "", body = "", signature = ""] = (form.get("client_assertion") ?? "").split(".");
    const [header, claims] = [head, body].map((part) =>
      JSON.parse(Buffer.from(part, "base64url").toString() || "{}"),
    );
    const key = createPublicKey(clientKey);
    const options = {
      PS256: { key, padding: 6, saltLength: 32 },
      ES256: { key, dsaEncoding: "ieee-p1363" },
      EdDSA: { key },
      Ed25519: { key },
    }[header.alg];
    const genuine =
      options &&
      verify(
        header.alg.startsWith("Ed") ? null : "sha256",
        Buffer.from(`${head}.${body}`),
        options,
        Buffer.from(signature, "base64url"),
      );
    const seconds = Date.now() / 1000;
    const timely =
      claims.exp > seconds &&
      claims.exp < seconds + 300 &&
      !(claims.nbf > seconds + 10) &&
      !seen.has(claims.jti);
    if (
      !genuine ||
      !timely ||
      claims.iss !== clientId ||
      claims.sub !== clientId ||
      ![claims.aud].flat().includes(tokenUrl)
    )
      return json(401, { error: "invalid_client" });
    seen.add(claims.jti);
    const token = randomBytes(32).toString("base64url");
    tokens.set(token, seconds + 300);
    return json(200, { access_token: token, token_type: "Bearer", expires_in: 300 });
  };
  const mayCall = ({ authorization = "" }) =>
    !clientKey ||
    [...tokens].some(
      ([token, until]) => until > Date.now() / 1000 && same(authorization, `Bearer ${token}`),
    );

  const answerTo = async (request, body, signal) => {
    const { pathname } = new URL(request.url, "http://bank");
    if (pathname === "/token" && clientKey)
      return issue(
        new URLSearchParams(body),
        `${request.socket.encrypted ? "https" : "http"}://${request.headers.host}/token`,
      );
    if (!mayCall(request.headers)) return problem(401, "Who are you?");
    if (pathname === "/v1/description")
      return json(200, { version: "1.0.0", firstChallenge: signIn, lang: "en" });
    const operation = /^\/v1\/(start|answer|poll|cancel|undo)$/.exec(pathname)?.[1];
    if (!operation || request.method !== "POST") return problem(404, "No such operation");
    const key = `${operation} ${request.headers["idempotency-key"]}`;
    // The same key is the same answer, also while the first is still being worked on: nothing is
    // sent or counted twice.
    if (!done.has(key)) done.set(key, operations[operation](JSON.parse(body), signal));
    const result = await done.get(key);
    return result
      ? json(200, result)
      : { status: 204, headers: { "cache-control": "no-store" }, body: "" };
  };

  return async (request, response) => {
    const over = new AbortController();
    response.once("close", () => over.abort());
    // What comes later than the deadline is dropped, so it is not worked on (the header is
    // relative: clocks may differ).
    const timer = setTimeout(
      () => over.abort(),
      Math.min(Math.max(Number(request.headers["bank-deadline-ms"]) || 0, 1), 28_000),
    );
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { status, headers, body } = await answerTo(
        request,
        Buffer.concat(chunks).toString(),
        over.signal,
      );
      if (!response.destroyed) response.writeHead(status, headers).end(body);
    } catch {
      const { status, headers, body } = problem(400, "Not a request of this API");
      if (!response.destroyed) response.writeHead(status, headers).end(body);
    } finally {
      clearTimeout(timer);
    }
  };
}

const same = (one, other) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const { CLIENT_PUBLIC_KEY_FILE, PORT = "4100" } = process.env;
  const options = CLIENT_PUBLIC_KEY_FILE
    ? { clientKey: readFileSync(CLIENT_PUBLIC_KEY_FILE, "utf8") }
    : {};
  const bank = createReferenceBank(options);
  http
    .createServer((request, response) => void bank(request, response))
    .listen(Number(PORT), "127.0.0.1", () => console.log(`A bank at http://localhost:${PORT}/v1`));
}
