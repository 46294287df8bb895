// What `npm run security` runs, threat by threat (docs/security.md). Files by their path; `full`
// marks what `npm test` does shorter or not at all.

/**
 * @typedef {{ unit?: string[], integration?: string[], e2e?: string[], browser?: string[],
 *   scripts?: string[] }} Proof
 * @type {Readonly<Record<string, Proof>>}
 */
export const threats = {
  "forged or replayed notification": {
    unit: [
      "lib/sage/verify-sender.test.ts",
      "lib/sage/verified-token-cache.test.ts",
      "lib/crypto/secret-check.test.ts",
      "lib/notifications/notification.test.ts",
    ],
    integration: [
      "lib/notifications/replay.integration.ts",
      "lib/notifications/notification-store.integration.ts",
    ],
    e2e: ["e2e/journeys/notification.spec.ts"],
  },
  "forged first GET with other parameters": {
    integration: ["lib/authorisations/single-use.integration.ts"],
    e2e: [
      "e2e/journeys/authrefresh-binding.spec.ts",
      "e2e/journeys/authrefresh-refusals.spec.ts",
      "e2e/journeys/single-use.spec.ts",
    ],
  },
  "guessed or leaked id, handle or form token": {
    unit: [
      "lib/authorisations/handles.test.ts",
      "lib/journey/form-token.test.ts",
      "lib/crypto/seal.test.ts",
    ],
    integration: ["e2e/integration/sealed.integration.ts"],
    e2e: ["e2e/journeys/handles.spec.ts"],
  },
  "session fixation": {
    unit: ["lib/journey/form-token.test.ts"],
    integration: ["e2e/integration/session-handles.integration.ts"],
    e2e: ["e2e/security/session-fixation.spec.ts"],
  },
  "swapped redirect_uri, state or externalId": {
    unit: ["lib/authrefresh/redirect-uri.test.ts", "lib/authrefresh/authrefresh-request.test.ts"],
    e2e: [
      "e2e/journeys/authrefresh-redirect-uri.spec.ts",
      "e2e/journeys/authrefresh-parameters.spec.ts",
    ],
  },
  "another person’s account": {
    unit: ["lib/banks/sandbox/sandbox-bank.test.ts", "lib/journey/transition.test.ts"],
    integration: ["e2e/integration/journey.integration.ts"],
    e2e: ["e2e/journeys/refusals.spec.ts"],
  },
  "guessing through us; locking somebody out": {
    unit: ["lib/authorisations/attempt-keys.test.ts"],
    integration: [
      "lib/authorisations/attempt-limit.integration.ts",
      "e2e/integration/attempt-limit.integration.ts",
    ],
  },
  "CSRF, cross-session replay, step skipping": {
    e2e: [
      "e2e/security/csrf.spec.ts",
      "e2e/journeys/form-posts.spec.ts",
      "e2e/journeys/double-submit.spec.ts",
      "e2e/journeys/parallel-posts.spec.ts",
    ],
  },
  "clickjacking and foreign frames": {
    unit: ["lib/web/csp.test.ts", "lib/web/frame-ancestors.test.ts"],
    e2e: ["e2e/security/frames.spec.ts"],
  },
  "XSS, in our pages and through our fragment": {
    unit: [
      "lib/web/csp-evaluator.test.ts",
      "app/authrefresh/_pages/payloads.test.tsx",
      "lib/challenges/picture.test.ts",
      "lib/challenges/raster.test.ts",
    ],
    e2e: [
      "e2e/journeys/authrefresh-fragment.spec.ts",
      "e2e/security/headers.spec.ts",
      "e2e/security/payloads.spec.ts",
    ],
    browser: ["tools/security/payloads.browser.tsx"],
  },
  "open redirect, credentials posted again": {
    e2e: [
      "e2e/journeys/addresses.spec.ts",
      "e2e/journeys/authrefresh-redirect-uri.spec.ts",
      "e2e/security/fuzz.spec.ts",
    ],
  },
  "secrets at rest, in logs, traces, errors, heap": {
    unit: ["lib/log/log.test.ts"],
    integration: ["e2e/integration/key-rotation.integration.ts"],
    e2e: ["e2e/journeys/storage.spec.ts"],
    scripts: ["tools/security/canary.mjs"],
  },
  "stolen database row moved or edited": { integration: ["e2e/integration/sealed.integration.ts"] },
  "forged answer or ping of a bank": {
    unit: [
      "lib/banks/berlin-group/berlin-group-bank.test.ts",
      "lib/banks/openid/openid-bank.test.ts",
      "lib/banks/openid/provider.test.ts",
      "lib/banks/openid/settings.test.ts",
    ],
    integration: ["e2e/integration/journey-elsewhere.integration.ts"],
  },
  "guessed or stolen connect code": {
    unit: ["lib/notifications/receive-connect-code-request.test.ts"],
    integration: ["lib/banks/connect-code/connect-code.integration.ts"],
    e2e: ["e2e/journeys/banks.spec.ts"],
  },
  "SSRF, header and host tricks": {
    unit: [
      "lib/net/private-address.test.ts",
      "lib/http/http.test.ts",
      "lib/config/env.test.ts",
      "server/request-filter.test.ts",
    ],
    e2e: [
      "e2e/security/headers.spec.ts",
      "e2e/security/build.spec.ts",
      "e2e/journeys/addresses.spec.ts",
    ],
  },
  "resource exhaustion": {
    unit: ["server/http-server.test.ts", "server/load-shedding.test.ts", "lib/db/gate.test.ts"],
    e2e: [
      "e2e/journeys/slow-bodies.spec.ts",
      "e2e/journeys/overload.spec.ts",
      "e2e/security/fuzz.spec.ts",
    ],
    scripts: ["tools/security/slow-clients.mjs"],
  },
  "log injection": { unit: ["lib/log/log.test.ts", "tools/deployment-files.test.ts"] },
  "key and secret theft": {
    unit: ["lib/config/env.test.ts"],
    e2e: ["e2e/security/build.spec.ts"],
  },
  "supply chain": {
    unit: ["tools/security/supply-chain.test.ts", "tools/support/lockfile.test.ts"],
    scripts: ["tools/supply-chain.mjs"],
  },
};

/** Every file of one kind, each once. @param {keyof Proof} kind */
export const filesOf = (kind) => [
  ...new Set(Object.values(threats).flatMap((proof) => proof[kind] ?? [])),
];
