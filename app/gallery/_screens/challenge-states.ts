import type { RunningStatus, StepContent } from "../../../lib/authorisations/session.ts";
import { type BankResult, bankResultSchema } from "../../../lib/banks/bank-adapter.ts";
import { answerProblems, type FormFields, noticeNames } from "../../../lib/challenges/challenge.ts";
import { fieldsOf } from "../../../lib/challenges/field-problem.ts";
import { type Challenge, kindOf, readAnswer } from "../../../lib/challenges/index.ts";
import { firstStatus, transition } from "../../../lib/journey/transition.ts";

/** What a challenge's screen shows, and how long is left. */
export interface ChallengeState {
  title: string;
  content: StepContent;
  secondsLeft?: number;
  minutesLeft?: number;
}

/**
 * Every state a screen of this challenge can be in. They are reached by the wizard's own
 * transitions and the kind's own reading of a form, so that a new kind has all of them, with its
 * own words, by being in the list.
 */
export function challengeStates(
  challenge: Challenge,
  invalid: Readonly<Record<string, FormFields>> = {},
): ChallengeState[] {
  const ask = (result: Partial<ChallengeResult> = {}) => asked(challenge, result);
  const empty = ask();
  const kept = keptEntries(challenge);
  const otherWay = ask({ otherWay: true });
  return [
    { title: "empty", content: empty },
    { title: "as the first screen", content: { ...empty, started: false }, minutesLeft: 19 },
    ...(Object.keys(kept).length > 0
      ? [{ title: "with what was entered", content: { ...empty, fields: kept } }]
      : []),
    ...invalidStates(challenge, empty, kept, invalid),
    ...answerProblems.map((problem) => ({
      title: `bank says ${problem}`,
      content: { ...ask({ problem }), fields: kept },
    })),
    {
      title: "two tries left",
      content: { ...ask({ problem: "wrong", triesLeft: 2 }), fields: kept },
    },
    { title: "last try", content: { ...ask({ problem: "wrong", triesLeft: 1 }), fields: kept } },
    ...noticeNames.map((notice) => ({
      title: `notice ${notice}`,
      content: ask({ notice, ...(notice === "wait" ? { waitSeconds: 25 } : {}) }),
    })),
    { title: "another way", content: otherWay },
    {
      title: "another way after an error",
      content: { ...ask({ problem: "wrong", triesLeft: 1, otherWay: true }), fields: kept },
    },
    { title: "bank speaks German", content: ask({ lang: "de" }) },
    {
      title: "bank away",
      content: after(
        { state: "awaiting_bank", step: 2, content: { ...empty, fields: kept } },
        { type: "bank-away" },
      ),
    },
    {
      title: "too many tries, before the bank was asked",
      content: after(
        { state: "awaiting_user", step: 1, content: { ...empty, started: false } },
        { type: "limit-reached", retrySeconds: 1500, fields: kept },
      ),
    },
    { title: "less than 5 minutes left", content: empty, secondsLeft: 240 },
    { title: "less than a minute left", content: empty, secondsLeft: 45 },
  ];
}

type ChallengeResult = Extract<BankResult, { type: "challenge" }>;

// Where a challenge comes from does not matter to its screen; any first answer leads to it.
const before: RunningStatus = {
  ...firstStatus({ name: "", firstChallenge: { kind: "credentials", prompt: {} } }),
  state: "awaiting_bank",
};

function asked(challenge: Challenge, result: Partial<ChallengeResult>): StepContent {
  return after(before, {
    type: "bank-answered",
    externalId: "x",
    result: bankResultSchema.parse({ type: "challenge", challenge, ...result }),
  });
}

function after(...[status, event]: Parameters<typeof transition>): StepContent {
  const next = transition(status, event);
  if (next?.state !== "awaiting_user")
    throw new Error(`a gallery state leads to ${next?.state ?? "nowhere"}`);
  return next.content;
}

const keptEntries = (challenge: Challenge): FormFields =>
  Object.fromEntries(kindOf(challenge).kept.map((name) => [name, "ada.lovelace"]));

/**
 * What is said to a form that nobody filled in, to one with a single field forgotten, to entries
 * that cannot be right and to the kind's own examples of such forms; once each.
 */
function invalidStates(
  challenge: Challenge,
  empty: StepContent,
  kept: FormFields,
  invalid: Readonly<Record<string, FormFields>>,
): ChallengeState[] {
  const nothing = problemsOf(challenge, {});
  const fields = nothing.flatMap(fieldsOf);
  const filledWith = (story: string) =>
    problemsOf(challenge, Object.fromEntries(fields.map((field) => [field, story])));
  const candidates = [
    { title: "nothing entered", problems: nothing, fields: {} },
    ...(fields.length > 1
      ? fields.map((field) => ({
          title: `${field} missing`,
          problems: nothing.filter((problem) => fieldsOf(problem).includes(field)),
          fields: kept,
        }))
      : []),
    ...[
      ["one character", "7"],
      ["letters", "abcdef"],
      ["too much", "x".repeat(5000)],
      ["too many digits", "1".repeat(5000)],
    ].map(([title = "", story = ""]) => ({ title, problems: filledWith(story), fields: kept })),
    ...Object.entries(invalid).map(([title, fields]) => ({
      title,
      problems: problemsOf(challenge, fields),
      fields: kept,
    })),
  ];
  const words = candidates.map(({ problems }) =>
    JSON.stringify(problems.map(({ field, message }) => [field, message.key])),
  );
  return candidates
    .filter(
      ({ problems }, index) => problems.length > 0 && words.indexOf(words[index] ?? "") === index,
    )
    .map(({ title, problems, fields }) => ({
      title,
      content: { ...empty, problems, fields },
    }));
}

// The gallery looks the same on every day.
const galleryDay = new Date("2026-11-30T12:00:00Z");

function problemsOf(challenge: Challenge, fields: FormFields) {
  const read = readAnswer(challenge, fields, { now: galleryDay });
  return "problems" in read ? read.problems : [];
}
