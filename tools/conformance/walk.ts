import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  type BankAdapter,
  bankRedirectSchema,
  pollSchema,
  type BankResult,
  bankResultSchema,
} from "../../lib/banks/bank-adapter.ts";
import { type Answer, kindOf } from "../../lib/challenges/index.ts";
import { Unmet } from "./case.ts";
import type { Journey, Opening, Step } from "./test-users.ts";
import type { FilledPage, PageBrowser } from "./page-browser.ts";
import { throughPage } from "./through-page.ts";

/** What the kit does not choose itself. */
export interface Surroundings {
  /** Our origin, as the bank knows it. */
  publicUrl: string;
  /** Lets so many milliseconds pass. */
  wait(ms: number): Promise<void>;
  /** For pages that have to be filled in. */
  browser?: PageBrowser | undefined;
}

type About = Partial<{ bankId: string; externalId: string; locale: string }>;
export interface With {
  /** Who works on the next call: another replica, perhaps. */
  by?: () => BankAdapter;
  more?: About;
}

/** So long something done elsewhere is waited for. */
export const maxElsewhereSeconds = 60;
/** How long pages that a browser fills in may take, the wait for a turn of it included. */
export const maxPagesSeconds = 120;
const made = z.object({ code: z.string() });

/** Leads people through their journeys, as the wizard would. */
export function createWalk(
  adapter: BankAdapter,
  externalId: string,
  { publicUrl, wait, browser }: Surroundings,
) {
  const base = {
    bankId: "conformance",
    externalId,
    locale: "en-GB",
    returnAddress: `${publicUrl}/authrefresh/return?state=conformance`,
    redirectUrl: `${publicUrl}/authrefresh/conformance/bank`,
    clientNotificationToken: async () => randomUUID(),
  };
  const call = () => ({ signal: new AbortController().signal });
  const usual = () => adapter;
  const pendingOf = (result: BankResult) => {
    if (result.type !== "challenge")
      throw new Unmet(`nothing is asked: the result is ${result.type}`);
    return { challenge: result.challenge, state: result.state };
  };

  const start = async (answer: Answer, { by = usual, more = {} }: With = {}): Promise<BankResult> =>
    bankResultSchema.parse(await by().start({ ...base, ...more, answer }, call()));
  const answerTo = async (
    result: BankResult,
    answer: Answer,
    { by = usual, more = {} }: With = {},
  ): Promise<BankResult> =>
    bankResultSchema.parse(
      await by().answer({ ...base, ...more, ...pendingOf(result), answer }, call()),
    );
  /** undefined while it is pending. */
  const poll = async (
    result: BankResult,
    { by = usual, more = {} }: With = {},
  ): Promise<z.output<typeof pollSchema>> => {
    const asked = await by().poll?.({ ...base, ...more, ...pendingOf(result) }, call());
    if (!asked) throw new Unmet("this adapter has no poll");
    return pollSchema.parse(asked);
  };

  const opening = async (first: Opening, by = usual): Promise<Answer> => {
    if (first.kind !== "made-code") return first;
    if (!by().trusts?.(`Bearer ${first.keyFile}`))
      throw new Unmet("the key is not trusted, so that no call comes through");
    const identifier = first.identifier === undefined ? {} : { identifier: first.identifier };
    const answer = await by().called?.({
      bankId: base.bankId,
      authorization: `Bearer ${first.keyFile}`,
      body: { accounts: first.accounts.map((id) => ({ externalId: id })), ...identifier },
    });
    if (answer?.type !== "made")
      throw new Unmet(`no code was made: ${answer?.type ?? "this adapter has no called"}`);
    return { kind: "one-time-code", value: { ...made.parse(answer.value), ...identifier } };
  };

  /** Polls as the wizard does, at the pace the bank names, until it is no longer pending. */
  const elsewhere = async (result: BankResult, options: With): Promise<BankResult> => {
    let seconds = kindOf(pendingOf(result).challenge).pollSeconds ?? 3;
    for (let waited = 0; waited < maxElsewhereSeconds; waited += seconds) {
      await wait(seconds * 1000);
      const polled = await poll(result, options);
      if (polled.type !== "pending") return polled;
      seconds = polled.pollSeconds ?? seconds;
    }
    throw new Unmet(`nothing was done elsewhere within ${maxElsewhereSeconds} s`);
  };

  const cameBack = async (
    result: BankResult,
    pages: readonly FilledPage[],
    { by = usual, more = {} }: With,
  ): Promise<Answer> => {
    const { challenge, state } = pendingOf(result);
    if (challenge.kind !== "redirect") throw new Unmet("nobody is sent to a page");
    const { url: address } = challenge.prompt;
    // An address of ours is one whose page is asked for at the moment somebody goes there.
    const there =
      address === base.redirectUrl
        ? bankRedirectSchema.parse(
            await by().redirectToBank?.({ ...base, ...more, challenge, state }, call()),
          ).url
        : address;
    return {
      kind: "redirect",
      value: { query: await throughPage(there, base.returnAddress, pages, browser) },
    };
  };

  const take = async (result: BankResult, step: Step, options: With = {}): Promise<BankResult> => {
    if (step.kind === "elsewhere") return elsewhere(result, options);
    return answerTo(
      result,
      step.kind === "page" ? await cameBack(result, step.pages, options) : step,
      options,
    );
  };
  const onwards = async (
    result: BankResult,
    steps: readonly Step[],
    options: With = {},
  ): Promise<BankResult> => {
    let last = result;
    for (const step of steps) last = await take(last, step, options);
    return last;
  };
  const through = async ([first, ...rest]: Journey, options: With = {}): Promise<BankResult> =>
    onwards(await start(await opening(first, options.by), options), rest, options);

  return { adapter, base, call, start, answerTo, poll, opening, take, onwards, through };
}
export type Walk = ReturnType<typeof createWalk>;
