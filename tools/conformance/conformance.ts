import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { AdapterDefinition, AdapterParts } from "../../lib/banks/adapter-definition.ts";
import { bankHttp } from "../../lib/banks/bank-http.ts";
import { createHttpBank } from "../../lib/banks/http/http-bank.ts";
import { type HttpSettings, httpSettings } from "../../lib/banks/http/settings.ts";
import { tokenOf } from "../../lib/banks/http/token-of.ts";
import type { BankAdapter } from "../../lib/banks/bank-adapter.ts";
import { bankAdapters } from "../../lib/banks/registry.ts";
import { type Clock, systemClock } from "../../lib/clock/clock.ts";
import { createLog } from "../../lib/log/log.ts";
import { adapterCases } from "./adapter-cases.ts";
import { answerCases } from "./answer-cases.ts";
import { bankApiCases, type Send } from "./bank-api-cases.ts";
import { type Case, codeOf, type Outcome, runCases } from "./case.ts";
import type { withDatabase } from "./kit-database.ts";
import type { PageBrowser } from "./page-browser.ts";
import {
  type TestUsers,
  referenceBankTestUsers,
  sandboxTestUsers,
  testUsersSchema,
} from "./test-users.ts";
import type { Surroundings } from "./walk.ts";

export { report } from "./case.ts";

export interface Options {
  adapter?: string | undefined;
  bankApi?: string | undefined;
  settingsFile?: string | undefined;
  testUsersFile?: string | undefined;
  privateHosts?: readonly string[];
  /** Our origin, as the bank knows it: its pages send people back there. */
  publicUrl?: string | undefined;
  /** Only these groups. */
  groups?: readonly string[] | undefined;
  /** By which time goes by; a test has one that does not make it wait. */
  time?: { clock: Clock; wait: Surroundings["wait"] };
  /** For an adapter with a table of its own. */
  withDatabase?: typeof withDatabase;
  /** For pages that have to be filled in; closed by whoever made it. */
  browser?: PageBrowser | undefined;
  /** Called after each case. */
  onProgress?: ((done: number, of: number) => void) | undefined;
}

const realTime = { clock: systemClock, wait: (ms: number) => systemClock.sleep(ms) };
const anyOrigin = "https://connector.example";
const http = (privateHosts: readonly string[] = [], clock = systemClock) =>
  bankHttp(clock, privateHosts);
const partsOf = ({
  privateHosts,
  publicUrl = anyOrigin,
  time: { clock } = realTime,
}: Options): AdapterParts => ({
  clock,
  publicUrl,
  bank: { id: "conformance", name: "Conformance" },
  http: http(privateHosts, clock),
  log: createLog("silent"),
});
const surroundingsOf = ({
  publicUrl = anyOrigin,
  time: { wait } = realTime,
  browser,
}: Options): Surroundings => ({ publicUrl, wait, browser });

/** Thrown for what was asked for in a wrong way, with all that is wrong. */
export class UsageError extends Error {}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file}: ${error instanceof SyntaxError ? "is no JSON" : `cannot be read${codeOf(error)}`}`,
    );
  }
}

function read<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${what}:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`).join("\n")}`,
  );
}

/** Runs the cases for an adapter of the registry, or for a bank that serves our API. */
export async function conformance(options: Options): Promise<Outcome[]> {
  const { adapter, bankApi, settingsFile, testUsersFile, publicUrl = anyOrigin } = options;
  if (!URL.canParse(publicUrl) || new URL(publicUrl).origin !== publicUrl)
    throw new UsageError("--public-url must be an origin, such as https://connector.example");
  const testUsersOr = (known: TestUsers) =>
    testUsersFile ? read(testUsersSchema, json(testUsersFile), testUsersFile) : known;
  const given = settingsFile ? json(settingsFile) : {};
  if (bankApi !== undefined) {
    const settings = read(
      httpSettings,
      { ...(given as object), url: bankApi },
      settingsFile ?? "the settings (--settings FILE)",
    );
    return bankApiConformance(settings, testUsersOr(referenceBankTestUsers), options);
  }
  const adapters: Readonly<Record<string, AdapterDefinition<unknown>>> = bankAdapters;
  const definition = Object.hasOwn(adapters, adapter ?? "") ? adapters[adapter ?? ""] : undefined;
  if (!definition)
    throw new UsageError(`--adapter must be one of ${Object.keys(adapters).join(", ")}`);
  const settings = read(
    definition.settings,
    given,
    settingsFile ?? "the settings (--settings FILE)",
  );
  if (!testUsersFile && adapter !== "sandbox")
    throw new UsageError("--test-users FILE is needed: whom the kit signs in as");
  const testUsers = testUsersOr(sandboxTestUsers);
  const run = (more: Pick<AdapterParts, "stored"> = {}) =>
    runCases(
      chosen(
        adapterCases(
          () => made(definition, settings, { ...partsOf(options), ...more }),
          testUsers,
          surroundingsOf(options),
        ),
        options,
      ),
      options.onProgress,
    );
  return options.withDatabase && looksForDatabase(definition, settings, partsOf(options))
    ? options.withDatabase((stored) => run({ stored }))
    : run();
}

function made(
  definition: AdapterDefinition<unknown>,
  settings: unknown,
  parts: AdapterParts,
): BankAdapter {
  try {
    return definition.create(settings, parts);
  } catch (error) {
    // Adapters name no value in their messages.
    throw new UsageError(
      `the kit cannot make this adapter: ` +
        (error instanceof Error ? error.message : "it threw something that is no error"),
    );
  }
}

/** Starting a database takes seconds, and hardly any adapter has a table of its own. */
function looksForDatabase(
  definition: AdapterDefinition<unknown>,
  settings: unknown,
  parts: AdapterParts,
): boolean {
  let looked = false;
  const look = () => {
    looked = true;
    return undefined;
  };
  try {
    definition.create(
      settings,
      Object.defineProperty(parts, "stored", { get: look, enumerable: true }),
    );
  } catch {
    // Said when it is made for good.
  }
  return looked;
}

const chosen = (cases: Case[], { groups }: Options) =>
  groups ? cases.filter(({ group }) => groups.includes(group)) : cases;

/**
 * Both: what the http adapter makes of the bank, and what the bank does with requests no adapter
 * sends.
 */
export async function bankApiConformance(
  settings: HttpSettings,
  testUsers: TestUsers,
  options: Options = {},
): Promise<Outcome[]> {
  const { privateHosts } = options;
  const { wrong } = testUsers;
  if (!wrong || testUsers.good[0].kind === "made-code")
    throw new UsageError(
      "the people: a bank that serves our API has somebody who is wrong, and no made codes",
    );
  const { tls, auth, url } = settings;
  const limits = {
    timeoutMs: 30_000,
    ...(tls ? { tls: { cert: tls.certFile, key: tls.keyFile, ca: tls.caFile } } : {}),
  };
  const client = http(privateHosts)(limits);
  // Without our certificate, for what must be refused.
  const stranger = http(privateHosts)({
    timeoutMs: 30_000,
    ...(tls ? { tls: { ca: tls.caFile } } : {}),
  });
  const token = tokenOf(auth, { http: client, clock: systemClock });
  const send: Send = async (path, { anonymous = false, ...init }) => {
    if (anonymous)
      return stranger(`${url}/${path}`, init).catch((error: unknown) =>
        refusedByTls(error, auth.method === "mutual-tls"),
      );
    const authorization = await token?.authorization();
    return client(`${url}/${path}`, {
      ...init,
      headers: { ...(authorization ? { authorization } : {}), ...init.headers },
    });
  };
  await send("description", { method: "GET" }).catch((error: unknown) => {
    throw new UsageError(`${url} cannot be asked${codeOf(error)}`);
  });
  const cases = [
    ...answerCases(send, testUsers),
    ...adapterCases(
      () => createHttpBank(settings, partsOf(options)),
      testUsers,
      surroundingsOf(options),
    ),
    ...bankApiCases(send, { ...testUsers, wrong }),
  ];
  return runCases(chosen(cases, options), options.onProgress);
}

/** With mutual TLS a stranger has no connection, which is as good as a 401. */
function refusedByTls(error: unknown, mutual: boolean): Response {
  if (mutual) return new Response(null, { status: 401 });
  throw error;
}
