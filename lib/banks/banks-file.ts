import { readFileSync } from "node:fs";
import { z } from "zod";
import { bankText } from "../challenges/form-text.ts";
import { publicFile } from "../web/assets.ts";
import { grantEvent, isUnnamedPrivateHost } from "../config/event-settings.ts";
import { address, secretFile } from "../config/setting-values.ts";
import { languageTag } from "../i18n/language-tag.ts";
import { type Theme, themeProblems } from "../web/theme.ts";
import type { AdapterDefinition } from "./adapter-definition.ts";
import { bankEvents } from "../events/bank-events.ts";
import { bankTheme, fileNamesIn } from "./bank-theme.ts";
import { grantKey, grantKeysProblem } from "./grant-key.ts";
import { bankAdapters } from "./registry.ts";

/** For every bank that has no entry of its own, and for notifications without a bank. */
export const anyBank = "*";

/** Where a person finds help at their bank: a page, or a telephone number. */
const helpLink = z.strictObject({
  label: bankText(100),
  url: z
    .string()
    .max(2000)
    .refine(
      (value) => /^(https:\/\/[^\s@]+|tel:\+?[0-9-]{3,30})$/.test(value) && URL.canParse(value),
      "must be an https: or a tel: address",
    ),
});

const bearerToken = secretFile.refine(
  (token) => /^[\x21-\x7e]{16,4000}$/.test(token),
  "names a file without a token of 16 printable characters or more",
);

const grants = z.strictObject({
  /**
   * The keys that grants are encrypted to, each kept as it was read: the first is used, and a
   * second one stands there while they are changed.
   */
  publicKeyFiles: z
    .array(
      secretFile.superRefine((content, context) => {
        const read = grantKey(content);
        if (typeof read === "string") context.addIssue(read);
      }),
      { error: "must list one or two files" },
    )
    .min(1, "must list one or two files")
    .max(2, "must list one or two files")
    .superRefine((contents, context) => {
      const problem = grantKeysProblem(contents);
      if (problem !== undefined) context.addIssue(problem);
    }),
  /** Whether Sage is told only after the provider took the grant. */
  required: z.boolean({ error: "must be true or false" }).default(true),
});

const common = {
  bankId: z.string({ error: "is missing" }).min(1, "is missing").max(300),
  name: bankText(100),
  /** BCP 47 tag of the labels here. */
  lang: languageTag.optional(),
  theme: bankTheme.optional(),
  help: z.array(helpLink).max(5).default([]),
  /** Hosts of the bank that are in a private network; nothing else there is ever called. */
  privateHosts: z
    .array(z.string().regex(/^[a-z0-9.:[\]-]{1,253}$/, "is not a host name"))
    .max(20)
    .default([]),
  /** Where the events of this bank go instead of `EVENTS_URL`. */
  events: bankEvents.optional(),
  /** Where the provider says which accounts of the bank Sage's ids stand for (account-lookup.ts). */
  accounts: z
    .strictObject({
      lookup: z.strictObject({ url: address, tokenFile: bearerToken }),
      policy: z.enum(["asked", "every"], { error: "must be asked or every" }).default("asked"),
    })
    .optional(),
  grants: grants.optional(),
};

/** One bank, as the file has it, with the settings of its adapter read. */
export interface BankConfig extends z.output<z.ZodObject<typeof common>> {
  adapter: string;
  settings: unknown;
  /** The settings as they are written, secrets being names of files. */
  written: string;
}

export interface FileContext {
  theme: Theme;
  /** The sandbox confirms nearly any account, which must not reach the real Sage. */
  sandboxAllowed: boolean;
  /** Whether `EVENTS_URL` gets the event that carries a grant; assumed where it is not said. */
  finishedEvents?: boolean;
  adapters?: Readonly<Record<string, AdapterDefinition<unknown>>>;
}

export type ReadBanks = { banks: readonly BankConfig[] } | { problems: readonly string[] };

/**
 * Reads what the file of banks says. Problems name the place and what is wrong there, all of them
 * at once, and no value.
 */
export function parseBanks(
  text: string,
  { theme, sandboxAllowed, finishedEvents = true, adapters = bankAdapters }: FileContext,
): ReadBanks {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problems: ["is not JSON"] };
  }
  const read = fileOf(adapters).safeParse(json);
  if (!read.success)
    return {
      problems: [
        ...new Set(read.error.issues.map((issue) => `${placeOf(issue.path)}${issue.message}`)),
      ],
    };
  const written = (json as { banks: { settings?: unknown }[] }).banks;
  const banks = (read.data.banks as Omit<BankConfig, "written">[]).map(
    (bank, index): BankConfig => ({
      ...bank,
      written: JSON.stringify(written[index]?.settings ?? {}),
    }),
  );
  // An entry for all other banks stands in for EVENTS_URL, too.
  const forOthers = banks.find(({ bankId }) => bankId === anyBank);
  const othersHear = forOthers ? hearsOfGrants(forOthers, finishedEvents) : finishedEvents;
  const problems = banks.flatMap((bank, index) => {
    const at = `banks[${index}]`;
    return [
      ...(bank.events && isUnnamedPrivateHost(new URL(bank.events.url).hostname, bank.privateHosts)
        ? [`${at}.events.url: is a private address; privateHosts must name it`]
        : []),
      ...(bank.grants && !hearsOfGrants(bank, othersHear)
        ? [`${at}.grants: needs an address for reauthorisation.finished: events, or EVENTS_URL`]
        : []),
      ...(banks.findIndex(({ bankId }) => bankId === bank.bankId) < index
        ? [`${at}.bankId: stands there twice`]
        : []),
      ...(bank.adapter === "sandbox" && !sandboxAllowed
        ? [`${at}.adapter: must not be sandbox with Sage's production Provider API`]
        : []),
      ...(bank.accounts && !adapters[bank.adapter]?.accountIdentifier
        ? [`${at}.accounts: cannot be set for ${bank.adapter}, whose bank knows Sage's ids`]
        : []),
      ...(bank.theme
        ? themeProblems(publicFile("tokens.css"), { ...theme, ...bank.theme }).map(
            (problem) => `${at}.theme: ${fileNamesIn(problem)}`,
          )
        : []),
    ];
  });
  return problems.length > 0 ? { problems } : { banks };
}

/** Whether a grant of the bank has somewhere to go. */
const hearsOfGrants = ({ events }: Pick<BankConfig, "events">, finishedEvents: boolean): boolean =>
  events ? (events.types ?? [grantEvent]).includes(grantEvent) : finishedEvents;

/** The same, of a file. */
export function readBanksFile(path: string, context: FileContext): ReadBanks {
  try {
    return parseBanks(readFileSync(path, "utf8"), context);
  } catch {
    return { problems: ["cannot be read"] };
  }
}

function fileOf(adapters: Readonly<Record<string, AdapterDefinition<unknown>>>) {
  const names = Object.keys(adapters);
  const bankConfigs = Object.entries(adapters).map(([name, { settings }]) =>
    z.strictObject({ ...common, adapter: z.literal(name), settings: settings.prefault({}) }),
  );
  const [first, ...rest] = bankConfigs;
  if (!first) throw new TypeError("there is no adapter");
  const bankConfig = z.discriminatedUnion("adapter", [first, ...rest], {
    error: ({ code }: { code?: string }) =>
      code === "invalid_union" ? `must be one of ${names.join(", ")}` : undefined,
  });
  return z.strictObject({ banks: z.array(bankConfig).min(1).max(10_000) });
}

const placeOf = (path: readonly PropertyKey[]) => {
  const place = path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${String(part)}`,
    )
    .join("");
  return place === "" ? "" : `${place}: `;
};
