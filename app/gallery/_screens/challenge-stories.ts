import { type Challenge, challengeKinds } from "../../../lib/challenges/index.ts";
import { challengeStates } from "./challenge-states.ts";
import { type Story, onScreen, reference, slug } from "./story.ts";

type Example = (typeof challengeKinds)[number]["examples"][number];

const examples = challengeKinds.flatMap(({ kind, examples }) =>
  examples.map(({ name, prompt, invalid }: Example) => ({
    kind,
    name,
    challenge: { kind, prompt } as Challenge,
    invalid,
  })),
);

/**
 * Every kind of challenge, in every example, in every state: from THE list, so that a new kind is
 * here by itself.
 */
export const challengeStories: readonly Story[] = examples.flatMap(
  ({ kind, name, challenge, invalid }) =>
    challengeStates(challenge, invalid).map(
      ({ title, content, secondsLeft = 1100, minutesLeft }) => ({
        name: [kind, slug(name), slug(title)].join("."),
        group: kind,
        title: `${name}: ${title}`,
        shows: {
          type: "screen",
          screen: {
            ...onScreen,
            type: "challenge",
            reference,
            content,
            secondsLeft,
            ...(minutesLeft === undefined ? {} : { minutesLeft }),
          },
        },
      }),
    ),
);
