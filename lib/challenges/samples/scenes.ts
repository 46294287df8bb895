import type { Drawing } from "./png.ts";

type Point = readonly [x: number, y: number];
type Shape = (x: number, y: number) => boolean;
type Layer = readonly [colour: string, shape: Shape];

const everywhere: Shape = () => true;
const below =
  (top: number): Shape =>
  (_, y) =>
    y >= top;
const circle =
  (centreX: number, centreY: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - centreX, y - centreY) <= radius;

/** Inside of a convex shape, its corners in the order of the clock. */
const corners = (...points: Point[]): Shape => {
  const edges = points.map(
    (from, index) => [from, points[(index + 1) % points.length] ?? from] as const,
  );
  return (x, y) =>
    edges.every(
      ([[fromX, fromY], [toX, toY]]) =>
        (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX) >= 0,
    );
};
const box = (left: number, top: number, right: number, bottom: number) =>
  corners([left, top], [right, top], [right, bottom], [left, bottom]);

const night: Layer = ["#27496d", everywhere];
const day: Layer = ["#bfe3f7", everywhere];

/** What is drawn later lies on top. */
const layers = {
  lighthouse: [
    night,
    ["#f6e7a1", corners([84, 30], [160, 8], [160, 52])],
    ["#0f2b46", below(100)],
    ["#5b5148", corners([40, 112], [60, 96], [100, 96], [120, 112])],
    ["#ffffff", corners([70, 36], [90, 36], [97, 98], [63, 98])],
    ["#c8281e", corners([68, 50], [92, 50], [94, 64], [66, 64])],
    ["#c8281e", corners([65, 78], [95, 78], [97, 92], [63, 92])],
    ["#ffd23f", box(72, 22, 88, 36)],
    ["#c8281e", corners([80, 10], [92, 22], [68, 22])],
  ],
  mountain: [
    day,
    ["#6b7785", corners([56, 16], [116, 108], [0, 108])],
    ["#ffffff", corners([56, 16], [73, 42], [40, 42])],
    ["#4c5864", corners([116, 40], [160, 108], [70, 108])],
    ["#ffffff", corners([116, 40], [127, 57], [104, 57])],
    ["#5d8a4a", below(104)],
  ],
  boat: [
    day,
    ["#ffd23f", circle(132, 24, 13)],
    ["#2f7fb5", below(90)],
    ["#8a4b22", corners([34, 82], [126, 82], [108, 102], [52, 102])],
    ["#4a3320", box(77, 14, 81, 82)],
    ["#ffffff", corners([84, 18], [124, 74], [84, 74])],
    ["#e8e4d8", corners([74, 26], [74, 74], [42, 74])],
  ],
  tree: [
    day,
    ["#7fb069", below(96)],
    ["#6b4423", box(73, 66, 87, 102)],
    ["#2e6b34", circle(80, 44, 32)],
    ["#3f8745", circle(70, 36, 16)],
  ],
} as const satisfies Record<string, readonly Layer[]>;

export type SceneName = keyof typeof layers;
export const sceneNames = [
  "lighthouse",
  "mountain",
  "boat",
  "tree",
] as const satisfies readonly SceneName[];

/** One of four simple pictures that nobody takes for another. */
export function scene(name: SceneName): Drawing {
  const drawn: readonly Layer[] = layers[name];
  return {
    width: 160,
    height: 112,
    colours: drawn.map(([colour]) => colour),
    colourAt: (x, y) => drawn.findLastIndex(([, shape]) => shape(x, y)),
  };
}
