import { z } from "zod";
import type { LinkQueries } from "./links.ts";
import { resourceId } from "./xs2a-messages.ts";

/**
 * A name as it goes into a header: printable ASCII, since a header takes nothing else for certain
 * (RFC 9110 §5.5).
 */
export const nameInHeader = z.string().regex(/^[\x20-\x7e]{1,100}$/);

const person = z.strictObject({ psu: nameInHeader.nullable(), corporate: nameInHeader.nullable() });
export type Person = z.output<typeof person>;

const rememberedMethod = z.strictObject({
  id: z.string(),
  label: z.string(),
  /**
   * `authenticationType`: which question follows; banks do not all repeat it (chosenScaMethod is
   * optional).
   */
  type: z.string(),
});
export type RememberedMethod = z.output<typeof rememberedMethod>;

/** So many characters a state may have (lib/banks/bank-adapter.ts). */
const maxState = 4096;

/** An authorisation code flow under way. No token: it is used up in the call that got it. */
const oauth = z.strictObject({
  /** The address of the server's metadata. */
  server: z.string().max(500),
  verifier: z.string(),
  /** How often the person was sent there. */
  asked: z.int(),
  /** A digest of what came back last: a reload of it is no answer to what followed. */
  heard: z.string().nullable(),
});
export type OAuthState = z.output<typeof oauth>;

/**
 * What is remembered between two answers: ids and names, never a password or a code. The limits
 * keep it below the 4,096 characters a state may have.
 */
export const berlinState = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("sign-in") }),
  z.strictObject({
    type: z.enum(["method", "code", "approval", "redirect", "oauth"]),
    consent: resourceId,
    /** Null where the bank started one by itself and did not tell its id. */
    authorisation: resourceId.nullable(),
    person,
    /** The ways to confirm, as they were offered. */
    methods: z.array(rememberedMethod).max(20),
    chosen: z.string().nullable(),
    /** What the bank's links carry along, for the requests that follow them. */
    queries: z.record(z.string(), z.string()),
    oauth: oauth.nullable(),
    /** The last day of the consent, as it was asked for. */
    validUntil: z.string().max(10).nullable().default(null),
  }),
]);
type Stored = Exclude<z.output<typeof berlinState>, { type: "sign-in" }>;
export type Running = Omit<Stored, "queries"> & { queries: LinkQueries };

/** How many characters are left for the ways to confirm; `chosen` may still become one of them. */
export const roomForMethods = (running: Running): number =>
  maxState -
  JSON.stringify({ ...running, type: "redirect", methods: [], chosen: "x".repeat(35) }).length;
