// `npm run openid-provider`: holds the openid adapter against Debian's OpenID Provider `glewlwyd`,
// which nobody here wrote: CIBA, pushed requests, and its own pages in a real browser. Minutes; not
// part of `npm test`. See docs/adapters.md.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../../testing/free-port.mjs";
import { PlainError, runMain } from "../../testing/progress.mjs";
import { ensureToolchain, root } from "../../testing/toolchain.mjs";

const program = "/usr/bin/glewlwyd";
const tables = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";
const website = "/usr/share/glewlwyd/webapp";
const publicUrl = "https://connector.example";
const password = "pass_good";
/**
 * All but `duplicates`: it keeps one request of a person for their app, and of twenty sign-ins of a
 * person at once its database refuses some.
 */
const groups = [
  "describe",
  "persons",
  "journeys",
  "secrets",
  "out of order",
  "state",
  "polling",
  "wrong answers",
  "other people’s accounts",
  "hostile text",
  "time",
];
/** @type {Readonly<Record<string, string[]>>} */
const accountsBy = { ada: ["savings", "the-account-asked-for"], bob: ["bobs-account"] };

await runMain(async () => {
  if (!existsSync(program)) {
    process.stderr.write(
      'glewlwyd is not installed, so nothing was held against it: "apt-get install ' +
        'glewlwyd" on Debian.\n',
    );
    return 1;
  }
  await ensureToolchain();
  const folder = mkdtempSync(path.join(tmpdir(), "glewlwyd-"));
  const { runnerImport } = await import("vite");
  const { module } = await runnerImport("./tools/conformance/conformance.ts", {
    root,
    logLevel: "silent",
    configFile: false,
  });
  const { conformance, report } = /** @type {typeof import('./conformance.ts')} */ (module);
  const { createPageBrowser } = await import("./page-browser.ts");
  const browser = createPageBrowser();
  const provider = await startGlewlwyd(folder);
  const over = new AbortController();
  try {
    const approving = approveAll(provider.url, over.signal);
    let failed = 0;
    for (const flows of /** @type {const} */ ([
      ["ciba", "authorization_code"],
      ["authorization_code"],
    ])) {
      const { settingsFile, testUsersFile: testUsersFile } = entryFiles(folder, provider, flows);
      process.stdout.write(`\n── glewlwyd, ${flows.join(" and ")} ──\n`);
      const outcomes = await conformance({
        adapter: "openid",
        settingsFile,
        testUsersFile,
        publicUrl,
        browser,
        groups,
      });
      process.stdout.write(report(outcomes));
      failed += outcomes.filter(({ problem }) => problem !== undefined).length;
    }
    over.abort();
    await approving;
    return failed === 0 ? 0 : 1;
  } finally {
    over.abort();
    await browser.close();
    await provider.stop();
    rmSync(folder, { recursive: true });
  }
});

/** @typedef {{ url: string, keyFile: string, stop(): Promise<void> }} Glewlwyd */

/**
 * What a bank's entry says of it, and its people.
 * @param {string} folder
 * @param {Glewlwyd} provider
 * @param {readonly ('ciba' | 'authorization_code')[]} flows
 */
function entryFiles(folder, { url, keyFile }, flows) {
  const settings = {
    issuer: `${url}/api/oidc`,
    clientId: "sage-connector",
    authentication: { method: "private_key_jwt", keyFile, keyId: "ours", audience: "endpoint" },
    // It does not say in its metadata that it names itself in its answers.
    profile: "basic",
    idTokenAlgorithm: "ES256",
    scope: "openid accounts",
    flows,
    person: { label: "User name" },
    loginHint: '{"username":"{username}"}',
    // It says so of a name that it does not know.
    unknownPersonErrors: ["unknown_user_id", "invalid_request"],
    page: { opens: "window" },
    accounts: { from: "userinfo", path: ["accounts"] },
  };
  /** @param {string} username */
  const name = (username) => ({ kind: "credentials", value: { username } });
  /** @param {string} username */
  const page = (username) => [
    { kind: "page", fill: { "#username": username, "#password": password }, press: "OK" },
    { kind: "page", press: "Continue" },
  ];
  /** @param {string} username */
  const journey = (username) =>
    flows[0] === "ciba"
      ? [name(username), { kind: "elsewhere" }]
      : [name(username), ...page(username)];
  const testUsers = {
    externalId: "the-account-asked-for",
    good: journey("ada"),
    otherAccount: journey("bob"),
    ...(flows[0] === "ciba"
      ? {
          wrong: name("nobody"),
          more: { "the page": [name("ada"), { kind: "other-way" }, ...page("ada")] },
        }
      : {}),
  };
  const [settingsFile, testUsersFile] = [
    path.join(folder, "settings.json"),
    path.join(folder, "test-users.json"),
  ];
  writeFileSync(settingsFile, JSON.stringify(settings));
  writeFileSync(testUsersFile, JSON.stringify(testUsers));
  return { settingsFile, testUsersFile: testUsersFile };
}

/** @param {string} folder @returns {Promise<Glewlwyd>} */
async function startGlewlwyd(folder) {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(path.join(folder, "glewlwyd.db"));
  database.exec(readFileSync(tables, "utf8"));
  database.close();
  cpSync(website, path.join(folder, "webapp"), {
    recursive: true,
    dereference: true,
    filter: (file) => path.basename(file) !== "config.json",
  });
  const { ProfileUrl, ...config } = JSON.parse(
    readFileSync("/usr/share/glewlwyd/templates/config.json", "utf8"),
  );
  writeFileSync(
    path.join(folder, "webapp/config.json"),
    JSON.stringify({ ...config, ProfileUrl, GlewlwydUrl: `${url}/` }),
  );
  const lines = readFileSync("/etc/glewlwyd/glewlwyd.conf", "utf8")
    .split("\n")
    .filter(
      (line) =>
        !/^\s*#|^(port|bind_address|external_url|static_files_path|log_mode|log_file|log_level|@include)\b/.test(
          line,
        ),
    );
  const own = [
    `port=${port}`,
    'bind_address="127.0.0.1"',
    `external_url="${url}"`,
    `static_files_path="${path.join(folder, "webapp")}/"`,
    'log_mode="console"',
    'log_level="WARNING"',
    `database = { type = "sqlite3"; path = "${path.join(folder, "glewlwyd.db")}"; };`,
  ];
  writeFileSync(path.join(folder, "glewlwyd.conf"), [...own, ...lines].join("\n"));
  const child = spawn(program, ["--config-file", path.join(folder, "glewlwyd.conf")], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    for (
      let tries = 0;
      !(await fetch(`${url}/config`).then(
        ({ ok }) => ok,
        () => false,
      ));
      tries += 1
    ) {
      if (tries > 100 || child.exitCode !== null) throw new PlainError("glewlwyd did not start.");
      await sleep(200);
    }
    const keyFile = path.join(folder, "key.json");
    writeFileSync(keyFile, JSON.stringify(await configure(url)));
    return { url, keyFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Makes the provider, the people and the client.
 * @param {string} url
 * @returns {Promise<object>} the client's private key
 */
async function configure(url) {
  const api = await signedIn(url, "admin", "password");
  const [bank, ours] = await Promise.all([newKey("bank"), newKey("ours")]);
  const users = JSON.parse(await api("GET", "/mod/user/database"));
  users.parameters["data-format"].accounts = {
    multiple: true,
    read: true,
    write: true,
    "profile-read": true,
    "profile-write": false,
  };
  await api("PUT", "/mod/user/database", users);
  await api("PUT", "/mod/user/database/reset");
  await api("POST", "/scope", {
    name: "accounts",
    display_name: "Accounts",
    description: "Your accounts",
    password_required: true,
    password_max_age: 0,
    scheme: {},
    scheme_required: {},
  });
  const parameters = {
    iss: `${url}/api/oidc`,
    "subject-type": "public",
    "allowed-scope": ["openid", "accounts"],
    "jwks-private": JSON.stringify({ keys: [bank] }),
    "default-kid": "bank",
    ...{
      "access-token-duration": 600,
      "refresh-token-duration": 600,
      "code-duration": 120,
      "refresh-token-rolling": false,
    },
    "auth-type-code-enabled": true,
    "auth-type-code-revoke-replayed": true,
    "auth-type-refresh-enabled": true,
    "jwks-show": true,
    ...{ "pkce-allowed": true, "pkce-method-plain-allowed": false, "pkce-required": true },
    "request-parameter-allow": true,
    "request-maximum-exp": 3600,
    ...{
      "client-pubkey-parameter": "pubkey",
      "client-jwks-parameter": "jwks",
      "client-jwks_uri-parameter": "jwks_uri",
    },
    "oauth-dpop-allowed": true,
    "oauth-dpop-iat-duration": 60,
    "oauth-par-allowed": true,
    "oauth-par-required": false,
    "oauth-par-request_uri-prefix": "urn:ietf:params:oauth:request_uri:",
    "oauth-par-duration": 90,
    "oauth-ciba-allowed": true,
    "oauth-ciba-mode-poll-allowed": true,
    "oauth-ciba-mode-ping-allowed": false,
    "oauth-ciba-mode-push-allowed": false,
    "oauth-ciba-user-code-allowed": false,
    ...{ "oauth-ciba-default-expiry": 120, "oauth-ciba-maximum-expiry": 600 },
    "oauth-ciba-email-allowed": false,
    claims: [
      {
        name: "accounts",
        "user-property": "accounts",
        type: "string",
        mandatory: true,
        scope: ["accounts"],
      },
    ],
  };
  await api("POST", "/mod/plugin", {
    module: "oidc",
    name: "oidc",
    display_name: "OpenID Connect",
    enabled: true,
    parameters,
  });
  for (const [username, accounts] of Object.entries(accountsBy))
    await api("POST", "/user", {
      username,
      name: username,
      password,
      enabled: true,
      scope: ["openid", "accounts", "g_profile"],
      accounts,
    });
  const { d, ...publicKey } = ours;
  await api("POST", "/client", {
    client_id: "sage-connector",
    name: "Sage connector",
    confidential: true,
    enabled: true,
    redirect_uri: [`${publicUrl}/authrefresh/return`],
    authorization_type: ["code", "urn:openid:params:grant-type:ciba"],
    token_endpoint_auth_method: ["private_key_jwt"],
    jwks: { keys: [publicKey] },
    backchannel_token_delivery_mode: "poll",
    scope: [],
  });
  return { ...publicKey, d };
}

/** @param {string} kid @returns {Promise<Record<string, unknown>>} */
async function newKey(kid) {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return { kty, crv, x, y, d, kid, alg: "ES256", use: "sig" };
}

/** @param {string} url @param {string} username @param {string} secret */
async function signedIn(url, username, secret) {
  let cookie = "";
  /** @param {string} method @param {string} at @param {unknown} [body] */
  const api = async (method, at, body) => {
    const response = await fetch(`${url}/api${at}`, {
      method,
      redirect: "manual",
      headers: { "content-type": "application/json", cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    const text = await response.text();
    if (response.status >= 400)
      throw new PlainError(`glewlwyd refused ${method} ${at} with ${response.status}: ${text}`);
    return text;
  };
  await api("POST", "/auth/", { username, password: secret });
  return api;
}

/**
 * The people's app: approves all it is asked, as each of them.
 * @param {string} url
 * @param {AbortSignal} over
 */
async function approveAll(url, over) {
  const apps = await Promise.all(
    Object.keys(accountsBy).map(async (username) => {
      const api = await signedIn(url, username, password);
      await api("PUT", "/auth/grant/sage-connector", { scope: "openid accounts" });
      return api;
    }),
  );
  while (!over.aborted) {
    for (const api of apps) {
      const asked = /** @type {{ user_req_id: string }[]} */ (
        JSON.parse(await api("GET", "/oidc/ciba_user_list"))
      );
      for (const { user_req_id: id } of asked)
        await api("GET", `/oidc/ciba_user_check?user_req_id=${encodeURIComponent(id)}&g_continue`);
    }
    await sleep(500, undefined, { signal: over }).catch(() => undefined);
  }
}
