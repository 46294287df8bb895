import { z } from "zod";
import type { BankDescription } from "../banks/bank-adapter.ts";
import { challengeSchema } from "../challenges/index.ts";
import type { Seals } from "../crypto/seal.ts";
import { formToken, openFormToken } from "../journey/form-token.ts";
import { firstStep } from "../journey/transition.ts";

const purpose = "first screen";
/**
 * In JSON. What is larger has a picture in it, and would not fit into a form; its answer is judged
 * by what the replica that gets it knows.
 */
const maxSize = 8 * 1024;

const shown = z.strictObject({
  nonce: z.string(),
  firstChallenge: challengeSchema,
  lang: z.string().nullable(),
  state: z.json(),
});
/** What a first screen asked. */
export type Shown = Pick<BankDescription, "firstChallenge"> & {
  lang?: string;
  state?: z.output<ReturnType<typeof z.json>>;
};

/**
 * The token of one rendering of the first screen, with what it asked and which bank that was sealed
 * into it: nothing is stored before the claim, and the replica that gets the answer may have heard
 * of a change at the bank, or of the bank's removal, that the one that rendered the screen had not.
 */
export async function firstForm(
  seals: Seals,
  entryToken: string,
  {
    firstChallenge,
    lang = null,
    state = null,
  }: {
    firstChallenge: BankDescription["firstChallenge"];
    lang?: string | null;
    state?: Shown["state"];
  },
): Promise<string> {
  const token = formToken(seals, entryToken, firstStep);
  const asked = { nonce: token.split(".")[1], firstChallenge, lang, state };
  return JSON.stringify(asked).length > maxSize
    ? token
    : `${token}.${await seals.seal(purpose, asked)}`;
}

/**
 * The session handle that a form of the first screen leads to, and what it asked; undefined for a
 * form that is not ours.
 */
export async function openFirstForm(
  seals: Seals,
  entryToken: string,
  given: string,
): Promise<{ handle: string; shown?: Shown } | undefined> {
  const [step, nonce, mac, ...sealed] = given.split(".");
  const handle = openFormToken(seals, entryToken, `${step}.${nonce}.${mac}`)?.nextHandle;
  if (handle === undefined) return undefined;
  if (sealed.length === 0) return { handle };
  const opened = shown.safeParse(await seals.open(purpose, sealed.join(".")));
  if (!opened.success || opened.data.nonce !== nonce) return undefined;
  const { firstChallenge, lang, state } = opened.data;
  return { handle, shown: { firstChallenge, state, ...(lang === null ? {} : { lang }) } };
}
