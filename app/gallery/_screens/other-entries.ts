import { sessionResults } from "../../../lib/authorisations/session.ts";
import { refusalReasons } from "../../../lib/banks/bank-adapter.ts";
import { type Challenge, challengeKinds, kindOf } from "../../../lib/challenges/index.ts";
import { errorNames, failureReasons, outcomes } from "../../../lib/journey/endings.ts";
import { challengeStates } from "./challenge-states.ts";
import { type GalleryEntry, onScreen, reference, type ShownScreen, slug } from "./gallery-entry.ts";

type Finished = Extract<ShownScreen, { screen: "finished" }>;

const inSage = "in a page of Sage’s";
const returnTo = "https://ui.sage.example/bank?state=gallery";

const entry = (group: string, title: string, shows: GalleryEntry["shows"]): GalleryEntry => ({
  name: `${slug(group)}.${slug(title)}`,
  group,
  title,
  shows,
});
const screenEntry = (group: string, title: string, screen: ShownScreen) =>
  entry(group, title, { what: "screen", screen });

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
    screenEntry(
      "waiting",
      `bank at work, ${phase}, for ${waitedSeconds} seconds, ${secondsLeft} left`,
      { ...onScreen, screen: "working", content, waitedSeconds, secondsLeft },
    ),
  ),
);

const [atWork] = phases;
const checked = atWork
  ? [
      entry("waiting", "nothing new after a check", {
        what: "screen",
        checked: true,
        screen: {
          ...onScreen,
          screen: "working",
          content: atWork.content,
          waitedSeconds: 2,
          secondsLeft: 1100,
        },
      }),
    ]
  : [];

const finishing = [true, false].map((succeeded) =>
  screenEntry("waiting", `telling Sage of a ${succeeded ? "success" : "failure"}`, {
    ...onScreen,
    screen: "finishing",
    succeeded,
  }),
);

const left = screenEntry("waiting", "left", {
  bank: onScreen.bank,
  version: onScreen.version,
  screen: "left",
  returnTo,
});

const reasons = {
  authorised: [null],
  refused: [...refusalReasons, "wrong-account"],
  cancelled: [null],
  expired: [null],
  failed: failureReasons,
} satisfies Record<Finished["result"], readonly Finished["reason"][]>;

const finished = sessionResults.flatMap((result) =>
  reasons[result].flatMap((reason) => {
    const end = (title: string, more: Partial<Finished> = {}) =>
      screenEntry("finished", [result, reason, title].filter(Boolean).join(" "), {
        bank: onScreen.bank,
        version: onScreen.version,
        screen: "finished",
        result,
        reason,
        told: "yes",
        returnTo,
        retrySeconds: null,
        reference,
        ...more,
      });
    // What Sage knows makes a difference to good news only.
    if (result === "authorised")
      return [
        end(""),
        end("Sage not sure", { told: "unsure" }),
        end("Sage not told", { told: "never" }),
      ];
    if (result === "cancelled") return [end(""), end("no way back", { returnTo: null })];
    if (result !== "refused") return [end("")];
    const whenLocked =
      reason === "locked"
        ? [
            end("try again in five hours", { retrySeconds: 18_000 }),
            end("try again in a week", { retrySeconds: 604_800 }),
          ]
        : [];
    return [end(""), end("try again in a minute", { retrySeconds: 50 }), ...whenLocked];
  }),
);

const errors = errorNames.flatMap((error): GalleryEntry[] => [
  entry("errors", error, { what: "error", error, atScreen: false }),
  ...(error === "gone" || outcomes[`error.${error}`].next === "try-again-here"
    ? [entry("errors", `${error}, at a screen’s address`, { what: "error", error, atScreen: true })]
    : []),
  entry(inSage, `error ${error}`, { what: "error-fragment", error }),
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
          ...screenEntry("credentials", "with the bank’s help", {
            ...onScreen,
            screen: "challenge",
            reference,
            content: atWork.content,
            secondsLeft: 1100,
            help,
          }),
          name: "credentials.user-name-and-password.with-the-banks-help",
        },
      ]
    : []),
  ...(locked?.shows.what === "screen"
    ? [
        screenEntry("finished", "refused locked with the bank’s help", {
          ...locked.shows.screen,
          help,
        }),
      ]
    : []),
];

const wayIn = entry(inSage, "the way in", { what: "fragment" });
const back = entry("other", "back from the bank in a window of its own", { what: "back" });

/** Screens by the union's own names: a new one is missed by the compiler. */
const byScreen = {
  working: [...working, ...checked],
  finishing,
  left: [left],
  finished,
} satisfies Record<Exclude<ShownScreen["screen"], "challenge">, readonly GalleryEntry[]>;

/** Everything that is not a challenge. */
export const otherEntries: readonly GalleryEntry[] = [
  ...Object.values(byScreen).flat(),
  ...helped,
  back,
  wayIn,
  ...errors,
];
