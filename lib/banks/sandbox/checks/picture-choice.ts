import { asPicture } from "../../../challenges/samples/png.ts";
import { scene, type SceneName } from "../../../challenges/samples/scenes.ts";
import { type Check, passed, wrong } from "../check.ts";

const chosenOnce: SceneName = "lighthouse";
const names = {
  mountain: "Mountain",
  boat: "Boat",
  lighthouse: "Lighthouse",
  tree: "Tree",
} as const satisfies Record<SceneName, string>;

/** The picture that the person once picked. */
export const image: Check = {
  ask: () => ({
    kind: "picture-choice",
    prompt: {
      pictures: (Object.keys(names) as SceneName[]).map((name) => ({
        id: name,
        picture: asPicture(scene(name), names[name]),
      })),
    },
  }),
  answer: (answer) =>
    answer.kind === "picture-choice" && answer.value.choice === chosenOnce ? passed : wrong,
  otherWay: "sms",
};
