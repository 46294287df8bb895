import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { secretFile } from "../config/setting-values.ts";
import { defineAdapter } from "./adapter-definition.ts";
import { parseBanks, readBanksFile } from "./banks-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "banks-"));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = path.join(folder, "key");
writeFileSync(keyFile, "content of the key\n");

const example = defineAdapter({
  settings: z.strictObject({ url: z.url("is not a URL"), key: secretFile }),
  create: () => ({
    describe: () => ({ name: "", firstChallenge: { kind: "credentials" as const, prompt: {} } }),
    start: () => Promise.reject(new Error()),
    answer: () => Promise.reject(new Error()),
  }),
});
const context = { theme: {}, sandboxAllowed: true, adapters: { example } };
const bank = (changes: object = {}) => ({
  bankId: "one",
  name: "One Bank",
  adapter: "example",
  settings: { url: "https://bank.example", key: keyFile },
  ...changes,
});
const parse = (...banks: unknown[]) => parseBanks(JSON.stringify({ banks }), context);
const problemsOf = (...banks: unknown[]) => {
  const read = parse(...banks);
  return "problems" in read ? read.problems : [];
};

test("a bank is read with its adapter’s settings, and a secret from the file that is named", () => {
  const read = parse(
    bank({
      theme: { accent: "#7a0044" },
      lang: "de",
      help: [
        { label: "Hilfe", url: "https://bank.example/help" },
        { label: "Call us", url: "tel:+442079460000" },
      ],
    }),
  );
  expect(read).toMatchObject({
    banks: [
      {
        bankId: "one",
        name: "One Bank",
        settings: { key: "content of the key" },
        theme: { THEME_ACCENT: "#7a0044" },
        lang: "de",
      },
    ],
  });
  expect(JSON.stringify("banks" in read && read.banks[0]?.written)).not.toContain(
    "content of the key",
  );
});

test("all problems are named at once, by their places, and no value is shown", () => {
  const problems = problemsOf(
    bank({ name: "", settings: { url: "hunter2", key: "/nowhere/hunter2", hunter: 3 } }),
    bank({
      bankId: "",
      theme: { accent: "hunter2" },
      help: [{ label: "x", url: "javascript:hunter2" }],
      privateHosts: ["hunter2 hunter2"],
    }),
    bank({ adapter: "hunter2" }),
  );
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "banks[0].name",
    "banks[0].settings.url",
    "banks[0].settings.key",
    "banks[0].settings",
    "banks[1].bankId",
    "banks[1].theme.accent",
    "banks[1].help[0].url",
    "banks[1].privateHosts[0]",
    "banks[2].adapter",
  ]);
  expect(problems.join()).not.toContain("hunter2");
});

test("one bank stands there once, its colours can be read, and its adapter is one of ours", () => {
  expect(problemsOf(bank(), bank())).toEqual(["banks[1].bankId: stands there twice"]);
  expect(problemsOf(bank({ theme: { accent: "#ffd800" } }))).toContain(
    "banks[0].theme: accent: links, and the words of buttons, --accent on --paper in the " +
      "light scheme: contrast 1.39:1, needed 4.5:1",
  );
  expect(problemsOf(bank({ adapter: "riddle" }))).toEqual([
    "banks[0].adapter: must be one of example",
  ]);
});

test.each([
  ["", "is not JSON"],
  ["[]", "Invalid input: expected object, received array"],
  ['{"banks":[]}', "banks: Too small: expected array to have >=1 items"],
])("%j says: %s", (text, problem) => {
  expect(parseBanks(text, context)).toEqual({ problems: [problem] });
});

test("a file that is not there is a problem like any other", () => {
  expect(readBanksFile(path.join(folder, "none.json"), context)).toEqual({
    problems: ["cannot be read"],
  });
});

test("the sandbox is refused in front of the real Sage, in a file, too", () => {
  const text = JSON.stringify({
    banks: [{ bankId: "*", name: "Northwind Bank", adapter: "sandbox" }],
  });
  expect(parseBanks(text, { theme: {}, sandboxAllowed: true })).toMatchObject({
    banks: [{ bankId: "*" }],
  });
  expect(parseBanks(text, { theme: {}, sandboxAllowed: false })).toEqual({
    problems: ["banks[0].adapter: must not be sandbox with Sage's production Provider API"],
  });
});

describe("a look-up of accounts", () => {
  const written = (file: string, content: string) => {
    writeFileSync(path.join(folder, file), content);
    return path.join(folder, file);
  };
  const tokenFile = written("token", "content-of-the-token\n");
  const shortFile = written("short", "short\n");
  const lookup = { url: "https://feed.example/accounts", tokenFile };
  const mapped = {
    ...context,
    adapters: { example, mapped: { ...example, accountIdentifier: () => "iban" as const } },
  };
  const read = (accounts: unknown, adapter = "mapped") =>
    parseBanks(JSON.stringify({ banks: [bank({ adapter, accounts })] }), mapped);

  test("is read with its token, and asks for the one account unless the entry says every", () => {
    expect(read({ lookup })).toMatchObject({
      banks: [
        {
          accounts: {
            lookup: { url: lookup.url, tokenFile: "content-of-the-token" },
            policy: "asked",
          },
        },
      ],
    });
    expect(read({ lookup, policy: "every" })).toMatchObject({
      banks: [{ accounts: { policy: "every" } }],
    });
  });
  test.each([
    [{}, "banks[0].accounts.lookup: "],
    [{ lookup: { tokenFile } }, "banks[0].accounts.lookup.url: is missing"],
    [
      { lookup: { ...lookup, url: "http://feed.example" } },
      "banks[0].accounts.lookup.url: must be https (http is for loopback hosts only)",
    ],
    [
      { lookup: { ...lookup, url: "https://10.0.0.1/" } },
      "banks[0].accounts.lookup.url: must not be a private address",
    ],
    [
      { lookup: { ...lookup, tokenFile: "/nowhere" } },
      "banks[0].accounts.lookup.tokenFile: names a file that cannot be read",
    ],
    [
      { lookup: { ...lookup, tokenFile: shortFile } },
      "banks[0].accounts.lookup.tokenFile: names a file without a token",
    ],
    [{ lookup, policy: "some" }, "banks[0].accounts.policy: must be asked or every"],
    [{ lookup, more: 1 }, "banks[0].accounts: "],
  ])("that is wrong stops the start by its place: %j", (accounts, problem) => {
    expect(read(accounts)).toMatchObject({ problems: [expect.stringContaining(problem)] });
  });
  test("is refused for a bank that knows Sage's ids", () => {
    expect(read({ lookup }, "example")).toEqual({
      problems: ["banks[0].accounts: cannot be set for example, whose bank knows Sage's ids"],
    });
  });
});

describe("the key of a bank’s grants", () => {
  const publicKey = (name: string) => {
    const file = path.join(folder, name);
    const { publicKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(file, key.export({ type: "spki", format: "pem" }));
    return file;
  };
  const [one, other] = [publicKey("one.pem"), publicKey("other.pem")];
  const secretOfEvents = path.join(folder, "events");
  writeFileSync(secretOfEvents, `whsec_${randomBytes(32).toString("base64")}\n`);
  const short = path.join(folder, "short.pem");
  writeFileSync(
    short,
    generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({
      type: "spki",
      format: "pem",
    }),
  );

  test("is read from its file, and the grant is then required unless the file says otherwise", () => {
    expect(
      parse(
        bank({ grants: { publicKeyFiles: [one] } }),
        bank({ bankId: "two", grants: { publicKeyFiles: [one, other], required: false } }),
        bank({ bankId: "three" }),
      ),
    ).toMatchObject({
      banks: [
        {
          grants: {
            publicKeyFiles: [expect.stringContaining("BEGIN PUBLIC KEY")],
            required: true,
          },
        },
        { grants: { publicKeyFiles: [{}, {}].map(() => expect.any(String)), required: false } },
        expect.not.objectContaining({ grants: expect.anything() as unknown }),
      ],
    });
  });
  test("is of no use where nobody is told of the end", () => {
    const events = (types?: string[]) => ({
      url: "https://feed.example/events",
      secretFiles: [secretOfEvents],
      ...(types ? { types } : {}),
    });
    const problems = (...banks: unknown[]) => {
      const read = parseBanks(JSON.stringify({ banks }), { ...context, finishedEvents: false });
      return "problems" in read ? read.problems : [];
    };
    const grants = { publicKeyFiles: [one] };
    const problem =
      "banks[0].grants: needs an address for reauthorisation.finished: events, or EVENTS_URL";
    expect(problems(bank({ grants }))).toEqual([problem]);
    expect(problems(bank({ grants, events: events(["reauthorisation.started"]) }))).toEqual([
      problem,
    ]);
    expect(problems(bank({ grants, events: events() }))).toEqual([]);
    expect(problems(bank({ grants }), bank({ bankId: "*", events: events() }))).toEqual([]);
  });
  test.each<[string, unknown, string]>([
    ["no file", { publicKeyFiles: [] }, "grants.publicKeyFiles: must list one or two files"],
    [
      "three",
      { publicKeyFiles: [one, other, keyFile] },
      "grants.publicKeyFiles: must list one or two files",
    ],
    ["nothing", {}, "grants.publicKeyFiles: must list one or two files"],
    [
      "a file that is away",
      { publicKeyFiles: ["/nowhere"] },
      "grants.publicKeyFiles[0]: names a file that cannot be read",
    ],
    [
      "no key",
      { publicKeyFiles: [one, keyFile] },
      "grants.publicKeyFiles[1]: names a file without a public key (PEM or one JWK)",
    ],
    [
      "a short key",
      { publicKeyFiles: [short] },
      "grants.publicKeyFiles[0]: names an RSA key of fewer than 2048 bits",
    ],
    [
      "one twice",
      { publicKeyFiles: [one, one] },
      "grants.publicKeyFiles: names the same key twice",
    ],
    [
      "a word",
      { publicKeyFiles: [one], required: "yes" },
      "grants.required: must be true or false",
    ],
  ])("with %s is one problem, at its place and without its value", (_, given, problem) =>
    expect(problemsOf(bank({ grants: given }))).toContain(`banks[0].${problem}`),
  );
});
