import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDatabaseUrl, readSettings, SettingsError } from "./env.ts";

const secret = () => randomBytes(32).toString("base64url");
const eventSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const sameSecret = eventSecret();
const withEvents = () =>
  ({
    ...complete(),
    EVENTS_URL: "https://feed.bank.example/events",
    EVENTS_SECRETS: eventSecret(),
  }) as NodeJS.ProcessEnv;
const complete = (): NodeJS.ProcessEnv =>
  ({
    PUBLIC_URL: "https://connect.bank.example",
    DATABASE_URL: `postgresql://connector:${secret()}@db/connector`,
    NOTIFICATION_HEADER_NAME: "X-Notification-Key",
    NOTIFICATION_HEADER_VALUES: secret(),
    SAGE_ID_ISSUER: "https://id.sage.com/",
    SAGE_ID_AUDIENCE: "connector",
    SAGE_ID_CLIENT_ID: "client",
    SAGE_ID_CLIENT_SECRET: secret(),
    PROVIDER_API_URL: "https://papi.sagebanking-sandbox.cloud/v1/",
    PROVIDER_API_KEY: secret(),
    PROVIDER_API_AUDIENCE: "provider-api",
    SEAL_KEYS: secret(),
    BANK_ADAPTER: "sandbox",
  }) as unknown as NodeJS.ProcessEnv;

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("what Node reads by itself", () => {
  test.each([
    "host:3128",
    "host",
    "3128",
    "//host:3128",
    "http://",
    "http://host:99999",
    "http://host:3128/path",
    "socks5://host:1080",
    "http:host",
  ])("is refused as a proxy where it is %s", (proxy) => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
      expect(problemsOf({ ...complete(), [name]: proxy })).toEqual([
        `${name}: is not an http:// URL such as http://proxy.example:3128`,
      ]);
    }
  });
  test("is taken as a proxy where it is an address", () => {
    for (const proxy of [
      "http://host:3128",
      "http://ada:word@host:3128/",
      "https://[::1]:3128",
      "",
    ])
      expect(problemsOf({ ...complete(), HTTPS_PROXY: proxy })).toEqual([]);
  });
  test("is refused as authorities where there is no such file", () => {
    expect(problemsOf({ ...complete(), NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" })).toEqual([
      "NODE_EXTRA_CA_CERTS: names a file that cannot be read",
    ]);
  });
});

describe("DATABASE_URL alone", () => {
  const problemsOfUrl = (env: Record<string, string>) => {
    try {
      return readDatabaseUrl(env);
    } catch (error) {
      return (error as SettingsError).problems;
    }
  };
  test("is read as among the others", () => {
    expect(problemsOfUrl({ DATABASE_URL: "postgresql://db/connector" })).toBe(
      "postgresql://db/connector",
    );
    expect(problemsOfUrl({})).toEqual(["DATABASE_URL: is missing"]);
    expect(problemsOfUrl({ DATABASE_URL: "" })).toEqual(["DATABASE_URL: is missing"]);
    expect(problemsOfUrl({ DATABASE_URL_FILE: "/nowhere/url" })).toEqual([
      "DATABASE_URL_FILE: cannot be read",
    ]);
    expect(
      problemsOfUrl({ DATABASE_URL: "postgresql://db/connector?schema=x&connection_limit=1" }),
    ).toEqual([
      expect.stringMatching(/^DATABASE_URL: connection_limit/),
      expect.stringMatching(/^DATABASE_URL: schema/),
    ]);
  });
});

describe("complete settings", () => {
  test("are read, frozen, with the defaults of the contract", () => {
    const settings = readSettings(complete());
    expect(settings).toMatchObject({
      publicUrl: "https://connect.bank.example",
      notification: { headerName: "x-notification-key" },
      sageId: {
        jwksUrl: "https://id.sage.com/.well-known/jwks.json",
        tokenUrl: "https://id.sage.com/oauth/token",
        authorizedParty: undefined,
      },
      providerApi: {
        url: "https://papi.sagebanking-sandbox.cloud/v1",
        requestsPerSecond: 10,
        bankAccounts: "omit",
        failureStatus: undefined,
      },
      redirectHosts: [{ host: "sagebankdrive.com" }, { host: "sage.com" }],
      frameAncestors: [
        "https://*.sagebankdrive.com",
        "https://*.sage.com",
        "https://*.intacct.com",
        "https://*.sageone.com",
      ],
      authorisationLifetimeSeconds: 1140,
      retentionDays: 30,
      port: 3000,
      logLevel: "info",
    });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.providerApi)).toBe(true);
  });
  test.each<[string, NodeJS.ProcessEnv]>([
    [
      "two header values and two keys",
      {
        NOTIFICATION_HEADER_VALUES: `${secret()}, ${secret()}`,
        SEAL_KEYS: `${secret()},${secret()}`,
      } as never,
    ],
    [
      "http on loopback",
      {
        PUBLIC_URL: "http://localhost:3000",
        SAGE_ID_ISSUER: "http://127.0.0.1:4000/sage-id/",
        PROVIDER_API_URL: "http://[::1]:4000/v1",
      } as never,
    ],
    ["a host with a port", { REDIRECT_HOSTS: "sage.com,localhost:4000" } as never],
    [
      "empty optional variables, as compose files write them",
      { SAGE_ID_JWKS_URL: "", PROVIDER_API_FAILURE_STATUS: "", PORT: "", HOST: "" } as never,
    ],
  ])("may have %s", (_, changes) => {
    expect(problemsOf({ ...complete(), ...changes })).toEqual([]);
  });
});

describe("settings that are not right", () => {
  test("are all named at once", () => {
    const named = problemsOf({} as NodeJS.ProcessEnv).map((problem) => problem.split(":")[0]);
    expect(named.toSorted()).toEqual(Object.keys(complete()).toSorted());
  });
  test.each([
    ["EVENTS_URL", "http://feed.bank.example/events"],
    ["EVENTS_URL", "https://user:pass@feed.bank.example/events"],
    ["EVENTS_URL", "https://10.1.2.3/events"],
    ["EVENTS_SECRETS", "short"],
    ["EVENTS_SECRETS", [eventSecret(), eventSecret(), eventSecret()].join(",")],
    ["EVENTS_SECRETS", `${sameSecret}, ${sameSecret}`],
    ["EVENTS_TYPES", "reauthorisation.finished,everything"],
    ["EVENTS_PRIVATE_HOSTS", "http://feed.internal"],
    ["EVENTS_RETRY_DAYS", "0"],
    ["EVENTS_KEEP_DAYS", "91"],
    ["PUBLIC_URL", "http://connect.bank.example"],
    ["PUBLIC_URL", "https://connect.bank.example/path"],
    ["PUBLIC_URL", "https://user:pass@connect.bank.example"],
    ["PUBLIC_URL", "javascript:alert(1)"],
    ["DATABASE_URL", "mysql://db/connector"],
    ["NOTIFICATION_HEADER_NAME", "Authorization"],
    ["NOTIFICATION_HEADER_NAME", "bad header"],
    ["NOTIFICATION_HEADER_NAME", "x-vercel-key"],
    ["NOTIFICATION_HEADER_VALUES", "short"],
    ["NOTIFICATION_HEADER_VALUES", [secret(), secret(), secret()].join(",")],
    ["NOTIFICATION_HEADER_VALUES", "ü".repeat(40)],
    ["SAGE_ID_ISSUER", "http://id.sage.com/"],
    ["SAGE_ID_JWKS_URL", "ftp://id.sage.com/"],
    ["PROVIDER_API_URL", "http://eu-banking.fabric.sage.com/provider/v1"],
    ["PROVIDER_API_REQUESTS_PER_SECOND", "0"],
    ["PROVIDER_API_REQUESTS_PER_SECOND", "1e3"],
    ["PROVIDER_API_BANK_ACCOUNTS", "each"],
    ["PROVIDER_API_FAILURE_STATUS", "not a word"],
    ["REDIRECT_HOSTS", "com"],
    ["REDIRECT_HOSTS", "*.sage.com"],
    ["REDIRECT_HOSTS", "https://sage.com"],
    ["REDIRECT_HOSTS", "sage.com,evil..com"],
    ["FRAME_ANCESTORS", "*"],
    ["FRAME_ANCESTORS", "https:"],
    ["FRAME_ANCESTORS", "https://*.com"],
    ["FRAME_ANCESTORS", "'self'"],
    ["FRAME_ANCESTORS", "https://*.sage.com; script-src *"],
    ["FRAME_ANCESTORS", "http://host.example"],
    ["SEAL_KEYS", "AAAA"],
    ["SEAL_KEYS", Buffer.alloc(32).toString("base64url")],
    ["SEAL_KEYS", `${secret()},not-a-key`],
    ["BANK_ADAPTER", "none"],
    ["PROVIDER_API_URL", "not a url"],
    ["AUTHORISATION_LIFETIME_SECONDS", "86400"],
    ["DATABASE_POOL_SIZE", "0"],
    ["STOP_NOTICE_SECONDS", "61"],
    ["STOP_NOTICE_SECONDS", "-1"],
    ["RETENTION_DAYS", "0"],
    ["GALLERY", "yes"],
    ["FRAMES_ONLY", "yes"],
    ["PORT", "70000"],
    ["LOG_LEVEL", "loud"],
    ["THEME_ACCENT", "darkslateblue"],
    ["THEME_PAPER_DARK", "#0b4f8a;}"],
  ])("name %s and not its value", (name, value) => {
    const problems = problemsOf({ ...withEvents(), [name]: value });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([name]);
    expect(problems.join()).not.toContain(value.length > 8 ? value : "never");
  });
});

describe("events", () => {
  test("go nowhere unless an address and a secret are set, which belong together", () => {
    expect(readSettings(complete()).events.target).toBeUndefined();
    const both = withEvents();
    expect(readSettings(both).events).toMatchObject({
      target: { url: both["EVENTS_URL"], types: undefined },
      retryDays: 3,
      keepDays: 7,
    });
    expect(problemsOf({ ...both, EVENTS_SECRETS: "" })).toEqual([
      "EVENTS_SECRETS: is missing, and EVENTS_URL is set",
    ]);
    expect(problemsOf({ ...both, EVENTS_URL: "" })).toEqual([
      "EVENTS_URL: is missing, and EVENTS_SECRETS is set",
    ]);
  });
  test("may go to a private address that is named", () => {
    const env = { ...withEvents(), EVENTS_URL: "https://10.1.2.3/events" } as NodeJS.ProcessEnv;
    expect(problemsOf({ ...env, EVENTS_PRIVATE_HOSTS: "10.1.2.3" })).toEqual([]);
  });
});

describe("a theme", () => {
  test("is read as it is served", () => {
    expect(readSettings(complete()).theme).toEqual({});
    expect(
      readSettings({ ...complete(), THEME_ACCENT: "#7A0044", THEME_PAPER_DARK: "#000" }).theme,
    ).toEqual({ THEME_ACCENT: "#7a0044", THEME_PAPER_DARK: "#000000" });
  });
  test("that people could not read stops the start, together with whatever else is wrong", () => {
    const problems = problemsOf({
      ...complete(),
      THEME_ACCENT: "#ffd800",
      THEME_INK: "ink",
      PORT: "x",
    });
    expect(problems).toContain(
      "THEME_ACCENT: links, and the words of buttons, --accent on --paper in the light " +
        "scheme: contrast 1.39:1, needed 4.5:1",
    );
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "THEME_ACCENT",
      "THEME_ACCENT",
      "PORT",
      "THEME_INK",
    ]);
  });
});

test("the sandbox bank is refused in front of the real Sage", () => {
  const problems = problemsOf({
    ...complete(),
    PROVIDER_API_URL: "https://eu-banking.fabric.sage.com/provider/v1",
  });
  expect(problems).toEqual([
    "BANK_ADAPTER: must not be sandbox with Sage's production Provider API",
  ]);
});

test("the gallery of made-up screens is refused where others can reach it", () => {
  expect(
    readSettings({ ...complete(), GALLERY: "on", PUBLIC_URL: "http://localhost:3000" }).gallery,
  ).toBe(true);
  expect(readSettings(complete()).gallery).toBe(false);
  expect(problemsOf({ ...complete(), GALLERY: "on" })).toEqual([
    "GALLERY: must be off where others can reach PUBLIC_URL",
  ]);
});

describe("white space around a value", () => {
  const around = (value: string) => `\ufeff \t${value}\r\n`;
  test("is dropped in every variable, and changes no setting", () => {
    const env = {
      ...complete(),
      SAGE_ID_AUTHORIZED_PARTY: "banking-service",
      THEME_ACCENT: "#7a0044",
      REDIRECT_HOSTS: "sage.com",
      HOST: "127.0.0.1",
      PORT: "3001",
      LOG_LEVEL: "warn",
      GALLERY: "off",
    };
    expect(
      readSettings(
        Object.fromEntries(
          Object.entries(env).map(([name, value]) => [name, around(value)]),
        ) as never,
      ),
    ).toEqual(readSettings(env));
  });
  test("alone is no value", () => {
    expect(
      problemsOf({
        ...complete(),
        SAGE_ID_CLIENT_SECRET: " \n",
        PROVIDER_API_FAILURE_STATUS: "\n",
      }),
    ).toEqual(["SAGE_ID_CLIENT_SECRET: is missing"]);
  });
});

describe("a secret in a file", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "settings-"));
    writeFileSync(path.join(folder, "key"), "the key\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    "SAGE_ID_CLIENT_ID",
    "SAGE_ID_CLIENT_SECRET",
    "PROVIDER_API_KEY",
    "DATABASE_URL",
    "NOTIFICATION_HEADER_VALUES",
    "SEAL_KEYS",
  ])("is the same as in its variable, white space around it or not: %s", (name) => {
    const env = complete();
    const file = path.join(folder, name);
    writeFileSync(file, ` ${env[name]}\r\n\n`);
    expect(readSettings({ ...env, [name]: undefined, [`${name}_FILE`]: `${file}\n` })).toEqual(
      readSettings({ ...env, [name]: `${env[name]}\n` }),
    );
  });
  test("that is empty is a missing setting", () => {
    writeFileSync(path.join(folder, "empty"), "\n");
    expect(
      problemsOf({
        ...complete(),
        PROVIDER_API_KEY: undefined,
        PROVIDER_API_KEY_FILE: path.join(folder, "empty"),
      }),
    ).toEqual(["PROVIDER_API_KEY: is missing"]);
  });
  test("is read without its last line break", () => {
    const env = {
      ...complete(),
      PROVIDER_API_KEY: undefined,
      PROVIDER_API_KEY_FILE: path.join(folder, "key"),
    };
    expect(readSettings(env).providerApi.key).toBe("the key");
  });
  test("that cannot be read is named, and not its path", () => {
    const problems = problemsOf({
      ...complete(),
      PROVIDER_API_KEY: undefined,
      PROVIDER_API_KEY_FILE: path.join(folder, "missing"),
    });
    expect(problems).toEqual(["PROVIDER_API_KEY_FILE: cannot be read"]);
  });
  test("and in the environment too is a contradiction", () => {
    expect(problemsOf({ ...complete(), PROVIDER_API_KEY_FILE: path.join(folder, "key") })).toEqual([
      "PROVIDER_API_KEY: set both as itself and by PROVIDER_API_KEY_FILE",
    ]);
  });
});
