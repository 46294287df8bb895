import { asPicture } from "../samples/png.ts";
import { scene, sceneNames } from "../samples/scenes.ts";

// Drawn when somebody looks, not when the connector starts.
export function pictureChoiceExamples() {
  const four = sceneNames.map((name) => ({
    id: name,
    picture: asPicture(scene(name), `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`),
  }));
  const wide = {
    width: 2000,
    height: 40,
    colours: ["#27496d", "#ffd23f"],
    colourAt: (x: number) => (x % 40 < 20 ? 1 : 0),
  };
  return [
    { name: "four pictures", prompt: { pictures: four } },
    {
      name: "twelve pictures, a very wide one, long and foreign words",
      prompt: {
        pictures: [
          {
            id: "wide",
            picture: asPicture(
              wide,
              "A very long row of lights along the road beside the harbour, as one sees it from " +
                "the window of a train that passes at night",
            ),
          },
          { id: "foreign", picture: asPicture(scene("boat"), "مركب شراعي") },
          ...Array.from({ length: 10 }, (_, index) => ({
            id: `tree-${index}`,
            picture: asPicture(scene("tree"), `Tree ${index + 1}`),
          })),
        ],
      },
    },
  ];
}
