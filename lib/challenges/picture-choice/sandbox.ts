import { asPicture } from "../samples/png.ts";
import { scene, type SceneName } from "../samples/scenes.ts";

const chosenOnce: SceneName = "lighthouse";
const names = {
  mountain: "Mountain",
  boat: "Boat",
  lighthouse: "Lighthouse",
  tree: "Tree",
} as const satisfies Record<SceneName, string>;

/** The picture that the person once picked. */
export const pictureChoiceSandbox = {
  checks: {
    image: {
      ask: () => ({
        pictures: (Object.keys(names) as SceneName[]).map((name) => ({
          id: name,
          picture: asPicture(scene(name), names[name]),
        })),
      }),
      right: { choice: chosenOnce },
      otherWay: "sms",
    },
  },
  users: {
    user_image: {
      checks: ["image"],
      answers: "The lighthouse",
      expect: "A choice of pictures.",
    },
  },
};
