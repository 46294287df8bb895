import { sessionResults } from "../../../lib/authorisations/session.ts";
import { refusalReasons } from "../../../lib/banks/bank-adapter.ts";
import { type Challenge, challengeKinds, kindOf } from "../../../lib/challenges/index.ts";
import { errorNames, failureReasons, endings } from "../../../lib/journey/endings.ts";
import { challengeStates } from "./challenge-states.ts";
import { type Story, onScreen, reference, type ShownScreen, slug } from "./story.ts";

type Finished = Extract<ShownScreen, { type: "finished" }>;

const inSage = "in a page of Sage’s";
const returnUrl = "https://ui.sage.example/bank?state=gallery";

const story = (group: string, title: string, shows: Story["shows"]): Story => ({
  name: `${slug(group)}.${slug(title)}`,
  group,
  title,
  shows,
});
const screenStory = (group: string, title: string, screen: ShownScreen) =>
  story(group, title, { type: "screen", screen });

// A wait belongs to a phase; the first challenge of each stands for it.
const challenges = challengeKinds.flatMap(({ kind, examples }) =>
  examples.map(({ prompt }) => ({ kind, prompt }) as Challenge),
);
const phases = (["sign-in", "verify"] as const).flatMap((phase) => {
  const challenge = challenges.find((candidate) => kindOf(candidate).phase === phase);
  const [state] = challenge ? challengeStates(challenge) : [];
  return state ? [{ phase, content: state.content }] : [];
});

const working = phases.flatMap(({ phase, content }) =>
  [
    { waitedSeconds: 0 },
    { waitedSeconds: 6 },
    { waitedSeconds: 21 },
    { waitedSeconds: 0, secondsLeft: 240 },
    { waitedSeconds: 0, secondsLeft: 45 },
  ].map(({ waitedSeconds, secondsLeft = 1100 }) =>
    screenStory(
      "waiting",
      `bank at work, ${phase}, for ${waitedSeconds} seconds, ${secondsLeft} left`,
      { ...onScreen, type: "working", content, waitedSeconds, secondsLeft },
    ),
  ),
);

const [atWork] = phases;
const checked = atWork
  ? [
      story("waiting", "nothing new after a check", {
        type: "screen",
        checked: true,
        screen: {
          ...onScreen,
          type: "working",
          content: atWork.content,
          waitedSeconds: 2,
          secondsLeft: 1100,
        },
      }),
    ]
  : [];

const finishing = [true, false].map((succeeded) =>
  screenStory("waiting", `telling Sage of a ${succeeded ? "success" : "failure"}`, {
    ...onScreen,
    type: "finishing",
    succeeded,
  }),
);

const left = screenStory("waiting", "left", {
  bank: onScreen.bank,
  version: onScreen.version,
  type: "left",
  returnUrl,
});

const reasons = {
  authorised: [null],
  refused: [...refusalReasons, "wrong-account"],
  cancelled: [null],
  expired: [null],
  failed: failureReasons,
} satisfies Record<Finished["result"], readonly Finished["reason"][]>;

/** What a bank did not show of a connection. */
const uncovered = {
  one: { uncovered: [{ name: "Payroll account" }], more: 0 },
  many: {
    uncovered: [
      { name: "Payroll account" },
      { ending: "4321" },
      { name: "مدخرات, with a name as long as a bank lets people make it for themselves" },
    ],
    more: 12,
  },
} satisfies Record<string, Finished["content"]>;

const finished = sessionResults.flatMap((result) =>
  reasons[result].flatMap((reason) => {
    const end = (title: string, more: Partial<Finished> = {}) =>
      screenStory("finished", [result, reason, title].filter(Boolean).join(" "), {
        bank: onScreen.bank,
        version: onScreen.version,
        type: "finished",
        result,
        reason,
        deliveryStatus: "delivered",
        returnUrl,
        retrySeconds: null,
        reference,
        ...more,
      });
    // What Sage knows makes a difference to good news only.
    if (result === "authorised")
      return [
        end(""),
        end("Sage not sure", { deliveryStatus: "unconfirmed" }),
        end("Sage not told", { deliveryStatus: "undeliverable" }),
        end("without one account", { content: uncovered.one }),
        end("without many accounts", { content: uncovered.many }),
      ];
    if (result === "cancelled") return [end(""), end("no way back", { returnUrl: null })];
    if (result !== "refused") return [end("")];
    const whenLocked =
      reason === "locked"
        ? [
            end("try again in five hours", { retrySeconds: 18_000 }),
            end("try again in a week", { retrySeconds: 604_800 }),
          ]
        : [];
    const whenMissing =
      reason === "accounts-missing"
        ? [
            end("one of them", { content: uncovered.one }),
            end("many of them", { content: uncovered.many }),
          ]
        : [];
    return [
      end(""),
      end("try again in a minute", { retrySeconds: 50 }),
      ...whenLocked,
      ...whenMissing,
    ];
  }),
);

const errors = errorNames.flatMap((error): Story[] => [
  story("errors", error, { type: "error", error, atScreen: false }),
  ...(error === "gone" || endings[`error.${error}`].next === "try-again-here"
    ? [story("errors", `${error}, at a screen’s address`, { type: "error", error, atScreen: true })]
    : []),
  story(inSage, `error ${error}`, { type: "error-fragment", error }),
]);

// The help a bank offers stands on every screen of its journey; in another language where the bank
// has no other.
const help = [
  { label: "Hilfe beim Anmelden", url: "https://bank.example/hilfe", lang: "de" },
  { label: "+44 20 7946 0000", url: "tel:+442079460000" },
] as const;
const locked = finished.find(({ name }) => name === "finished.refused-locked");
const helped = [
  ...(atWork
    ? [
        {
          ...screenStory("credentials", "with the bank’s help", {
            ...onScreen,
            type: "challenge",
            reference,
            content: atWork.content,
            secondsLeft: 1100,
            help,
          }),
          name: "credentials.user-name-and-password.with-the-banks-help",
        },
      ]
    : []),
  ...(locked?.shows.type === "screen"
    ? [
        screenStory("finished", "refused locked with the bank’s help", {
          ...locked.shows.screen,
          help,
        }),
      ]
    : []),
];

const wayIn = story(inSage, "the way in", { type: "fragment" });
const back = story("other", "back from the bank in a window of its own", { type: "back" });

/** Screens by the union's own names: a new one is missed by the compiler. */
const byScreen = {
  working: [...working, ...checked],
  finishing,
  left: [left],
  finished,
} satisfies Record<Exclude<ShownScreen["type"], "challenge">, readonly Story[]>;

/** Everything that is not a challenge. */
export const otherStories: readonly Story[] = [
  ...Object.values(byScreen).flat(),
  ...helped,
  back,
  wayIn,
  ...errors,
];
