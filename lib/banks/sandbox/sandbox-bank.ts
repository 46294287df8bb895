import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Answer, Challenge } from "../../challenges/index.ts";
import type { Clock } from "../../clock/clock.ts";
import { RemoteFault } from "../../http/http.ts";
import type { AdapterState, BankAdapter, BankRequest, pollSchema, Undo } from "../bank-adapter.ts";
import { passed, type SandboxContext, type Verdict, wrong } from "../../challenges/sandbox.ts";
import { checks, type KindCheck, scenarios } from "./scenarios.ts";
import { sandboxPassword, type Scenario } from "./users.ts";

/**
 * Before the password was right only how often it was wrong is remembered; wrong ones are asked for
 * again as the first challenge.
 */
const signInState = z.strictObject({ wrong: z.int() });
const stateSchema = z.strictObject({
  username: z.string(),
  /** What would read the accounts; it is granted at the end, and undone where it came to nothing. */
  connection: z.uuid(),
  /** How many checks of the scenario are behind. */
  passed: z.int(),
  /** The check that is asked now: the scenario's, or the one chosen instead. */
  check: z.string(),
  wrong: z.int(),
  sinceMs: z.number(),
  memory: z.json(),
});
type State = z.output<typeof stateSchema>;
type BankResult = Exclude<z.input<typeof pollSchema>, { type: "pending" }>;

const maxWrong = 5;
const lockedSeconds = 30 * 60;
const credentials: Challenge = { kind: "credentials", prompt: {} };
/** The language of its own words. */
const lang = "en-GB";

/**
 * A bank for trying everything out: the user name picks what happens. It keeps
 * nothing itself.
 */
export function createSandboxBank({
  clock,
  publicUrl,
  onUndo,
}: {
  clock: Clock;
  publicUrl: string;
  /** For tests: hears which connection is undone. */
  onUndo?: (connection: string) => void;
}): BankAdapter {
  const nowMs = () => clock.now().getTime();

  const signIn = async (
    answer: Answer,
    request: BankRequest,
    wrongBefore: number,
    signal: AbortSignal,
  ): Promise<BankResult> => {
    if (answer.kind !== "credentials")
      throw new TypeError("the sandbox asks for credentials first");
    const { username = "", password } = answer.value;
    const scenario = Object.hasOwn(scenarios, username) ? scenarios[username] : undefined;
    if (!scenario || password !== sandboxPassword)
      return askAgain(credentials, { wrong: wrongBefore + 1 }, wrongBefore + 1);
    if (scenario.fault) return goWrong(scenario.fault, signal);
    if (scenario.delayMs) await clock.sleep(scenario.delayMs, signal);
    if (scenario.refusal)
      return {
        type: "refused",
        reason: scenario.refusal,
        ...(scenario.refusal === "locked" ? { retryAfterSeconds: lockedSeconds } : {}),
      };
    return next(scenario, { username, connection: randomUUID() }, 0, request);
  };

  /** The next check of a scenario, or its end. */
  const next = (
    scenario: Scenario,
    { username, connection }: Pick<State, "username" | "connection">,
    done: number,
    request: BankRequest,
  ): BankResult => {
    const check = scenario.checks[done];
    if (check !== undefined)
      return ask(
        { username, connection, passed: done, check, wrong: 0, sinceMs: nowMs(), memory: null },
        request,
      );
    return {
      type: "authorised",
      accounts: scenario.otherAccounts
        ? [{ externalId: "another-account" }]
        : [{ externalId: "savings" }, { externalId: request.externalId }],
      grant: { connection },
      undo: undoOf(connection),
    };
  };

  const ask = (state: State, request: BankRequest): Extract<BankResult, { type: "challenge" }> => {
    const check = checkNamed(state.check);
    return {
      type: "challenge",
      challenge: challengeOf(check, contextOf(state, request)),
      state,
      otherWay: check.otherWay !== undefined,
      lang,
      undo: undoOf(state.connection),
    };
  };

  const checkNamed = (name: string): KindCheck => {
    const check = checks[name];
    if (!check) throw new TypeError("the state names no check");
    return check;
  };

  const contextOf = ({ memory, sinceMs }: State, request: BankRequest): SandboxContext => ({
    publicUrl,
    returnAddress: request.returnAddress,
    memory,
    sinceMs,
    nowMs: nowMs(),
  });

  const after = (
    verdict: Exclude<Verdict, { type: "pending" }>,
    state: State,
    request: BankRequest,
  ): BankResult => {
    switch (verdict.type) {
      case "passed":
        return next(scenarioOf(state), state, state.passed + 1, request);
      case "instead":
        return ask(
          { ...state, check: verdict.check, wrong: 0, sinceMs: nowMs(), memory: null },
          request,
        );
      case "wrong": {
        const counted = { ...state, wrong: state.wrong + 1 };
        return askAgain(
          challengeOf(checkNamed(state.check), contextOf(counted, request)),
          counted,
          counted.wrong,
          checkNamed(state.check).otherWay !== undefined,
          undoOf(state.connection),
        );
      }
      case "again": {
        const { memory = state.memory, restart, problem, notice, waitSeconds } = verdict;
        return {
          ...ask({ ...state, memory, sinceMs: restart ? nowMs() : state.sinceMs }, request),
          problem,
          notice,
          waitSeconds,
        };
      }
    }
  };

  return {
    describe: () => ({ name: "Northwind Bank", firstChallenge: credentials }),
    // Its user names are scenarios that everybody shares: there is a `user_good` for each account.
    userIdentifier: (answer, { externalId }) =>
      answer.kind === "credentials" && answer.value.username
        ? [answer.value.username, externalId]
        : undefined,

    start: ({ answer, ...request }, { signal }) => signIn(answer, request, 0, signal),

    async answer({ answer, state, ...request }, { signal }) {
      const stored = z.union([stateSchema, signInState]).parse(state);
      if (!("check" in stored)) return signIn(answer, request, stored.wrong, signal);
      const check = checkNamed(stored.check);
      if (answer.kind === "other-way")
        return check.otherWay === undefined
          ? ask(stored, request)
          : after({ type: "instead", check: check.otherWay }, stored, request);
      const verdict =
        answer.kind === check.kind ? judge(check, answer.value, contextOf(stored, request)) : wrong;
      return verdict.type === "pending" ? ask(stored, request) : after(verdict, stored, request);
    },

    poll({ state, ...request }) {
      const stored = stateSchema.parse(state);
      const verdict = checkNamed(stored.check).poll?.(contextOf(stored, request)) ?? {
        type: "pending",
      };
      return Promise.resolve(
        verdict.type === "pending"
          ? {
              type: "pending",
              ...(verdict.pollSeconds === undefined ? {} : { pollSeconds: verdict.pollSeconds }),
            }
          : after(verdict, stored, request),
      );
    },

    // Nothing is open anywhere: the person's connection was never more than a number.
    undo: ({ undo }) => Promise.resolve(onUndo?.(undo.id)),
  };
}

const undoOf = (connection: string): Undo => ({ id: connection, state: null });

const challengeOf = (check: KindCheck, context: SandboxContext): Challenge =>
  ({ kind: check.kind, prompt: check.ask(context) }) as Challenge;

function judge({ answer, right }: KindCheck, value: unknown, context: SandboxContext): Verdict {
  if (answer) return answer(value, context);
  return isDeepStrictEqual(value, right) ? passed : wrong;
}

/**
 * The same question after a wrong answer; the last tries are announced, and after them the bank
 * locks.
 */
function askAgain(
  challenge: Challenge,
  state: AdapterState,
  wrong: number,
  otherWay = false,
  undo?: Undo,
): BankResult {
  const triesLeft = maxWrong - wrong;
  if (triesLeft < 1) return { type: "refused", reason: "locked", retryAfterSeconds: lockedSeconds };
  return {
    type: "challenge",
    challenge,
    state,
    problem: "wrong",
    otherWay,
    lang,
    ...(triesLeft <= 2 ? { triesLeft } : {}),
    ...(undo ? { undo } : {}),
  };
}

function scenarioOf({ username }: State): Scenario {
  const scenario = scenarios[username];
  if (!scenario) throw new TypeError("the state names no scenario");
  return scenario;
}

async function goWrong(
  fault: NonNullable<Scenario["fault"]>,
  signal: AbortSignal,
): Promise<BankResult> {
  if (fault === "away") throw new RemoteFault("bank-away");
  if (fault === "hangs")
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(new RemoteFault("bank-away")), { once: true }),
    );
  if (fault === "nonsense") return { type: "soon" } as unknown as BankResult;
  if (fault === "broken") throw new Error("the sandbox bank is broken on purpose");
  // What no type allows and a bank may do all the same.
  return { type: "challenge", challenge: { kind: "riddle", prompt: {} } as unknown as Challenge };
}
