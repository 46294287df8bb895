import type { BankAdapter, BankResult } from "../../../lib/banks/bank-adapter.ts";
import { RemoteFault } from "../../../lib/http/http.ts";

/** What the bank does with the next answer about an account. */
export const sayings = [
  "authorised",
  "asks",
  "waits",
  "wrong",
  "refused",
  "other-account",
  "away",
  "throws",
  "nonsense",
  "unknown",
  "dies",
] as const;
export type Saying = (typeof sayings)[number];

/** What the bank knows of one account. */
export interface Account {
  next: Saying;
  /** What it says when it is asked whether the person is done elsewhere. */
  polled: "pending" | "authorised" | "refused" | "away";
  /** Answers it was given, oldest first. */
  calls: Saying[];
  wrong: number;
  /** Whether it ever agreed and showed this account. */
  agreed: boolean;
  /** Whether it has said its last word; it must not be asked again. */
  over: boolean;
  /** What it was asked after that. */
  afterwards: number;
}

const code = {
  kind: "one-time-code",
  prompt: { channel: "sms", destination: "•••• 1", length: 6 },
} as const;
const approval = { kind: "approval", prompt: { status: "waiting", pollSeconds: 1 } } as const;
const maxWrong = 5;

export interface ScriptedBank extends BankAdapter {
  account(externalId: string): Account;
  /** Lets go of every call that never came back. */
  release(): void;
}

/** A bank that says of each account what it is told to, and remembers what it was asked. */
export function createScriptedBank(): ScriptedBank {
  const accounts = new Map<string, Account>();
  const hung = new Set<() => void>();
  const account = (externalId: string): Account => {
    const known = accounts.get(externalId) ?? {
      next: "asks",
      polled: "pending",
      calls: [],
      wrong: 0,
      agreed: false,
      over: false,
      afterwards: 0,
    };
    accounts.set(externalId, known);
    return known;
  };
  const agree = (about: Account, externalId: string): BankResult => {
    about.agreed = about.over = true;
    return { type: "authorised", accounts: [{ externalId: "savings" }, { externalId }] };
  };
  const refuse = (about: Account): BankResult => {
    about.over = true;
    return { type: "refused", reason: about.wrong >= maxWrong ? "too-many-tries" : "suspended" };
  };

  const say = async (externalId: string): Promise<BankResult> => {
    const about = account(externalId);
    if (about.over) about.afterwards += 1;
    about.calls.push(about.next);
    switch (about.next) {
      case "authorised":
        return agree(about, externalId);
      case "asks":
        return {
          type: "challenge",
          challenge: code,
          state: { asked: about.calls.length },
          otherWay: false,
        };
      case "waits":
        return { type: "challenge", challenge: approval, state: null, otherWay: false };
      case "wrong":
        about.wrong += 1;
        return about.wrong >= maxWrong
          ? refuse(about)
          : { type: "challenge", challenge: code, state: null, problem: "wrong", otherWay: false };
      case "refused":
        return refuse(about);
      case "other-account":
        about.over = true;
        return { type: "authorised", accounts: [{ externalId: "somebody-else" }] };
      case "away":
        throw new RemoteFault("bank-away");
      case "throws":
        about.over = true;
        throw new TypeError("a bug of the adapter");
      case "nonsense":
        about.over = true;
        return { type: "soon" } as unknown as BankResult;
      case "unknown":
        about.over = true;
        return {
          type: "challenge",
          challenge: { kind: "riddle", prompt: {} },
        } as unknown as BankResult;
      case "dies":
        // To everybody else a call whose replica died: no word of it ever comes.
        await new Promise<void>((resolve) => hung.add(resolve));
        throw new RemoteFault("bank-away");
    }
  };

  return {
    account,
    release: () => hung.forEach((release) => release()),
    describe: () => ({ name: "Test Bank", firstChallenge: { kind: "credentials", prompt: {} } }),
    start: ({ externalId }) => say(externalId),
    answer: ({ externalId }) => say(externalId),
    async poll({ externalId }) {
      const about = account(externalId);
      if (about.over) about.afterwards += 1;
      if (about.polled === "away") throw new RemoteFault("bank-away");
      if (about.polled === "pending") return { type: "pending" };
      return about.polled === "authorised" ? agree(about, externalId) : refuse(about);
    },
  };
}
