// What the container image holds, by the Dockerfile and .dockerignore alone: without Docker.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./toolchain.mjs";

const read = (/** @type {string} */ file) => readFileSync(path.join(root, file), "utf8");

// The last stage is the image.
const stage = () =>
  read("Dockerfile")
    .split(/^FROM /m)
    .at(-1) ?? "";

/**
 * The folders that the last stage takes from earlier ones, by their place in the image.
 * @returns {string[]}
 */
export const foldersOfTheBuild = () =>
  [...stage().matchAll(/^COPY --from=\w+ \/app\/(\S+) (\S+)$/gm)].map(([, from = "", to = ""]) => {
    if (from !== to) throw new Error(`${from} is not copied to its own place, but to ${to}`);
    return to;
  });

/**
 * The files that the last stage copies from the clone, sorted.
 * @returns {string[]}
 */
export function imageFiles() {
  const ignored = ignoring(read(".dockerignore"));
  const sources = [...stage().matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(
    ([, from = "", to = ""]) => {
      if (to !== "./" && to !== from) throw new Error(`${from} is not copied to its own place`);
      return from.split(" ");
    },
  );
  return sources
    .flatMap((source) => filesOf(source))
    .filter((file) => !ignored(file))
    .sort();
}

/**
 * The folders of packages that `npm ci --omit=dev --omit=optional` installs.
 * @returns {string[]}
 */
export function productionPackages() {
  /** @type {import('./toolchain-state.mjs').Lockfile} */
  const { packages = {} } = JSON.parse(read("package-lock.json"));
  return Object.entries(packages)
    .filter(
      ([folder, { dev, optional, devOptional }]) => folder && !dev && !optional && !devOptional,
    )
    .map(([folder]) => folder);
}

/** @param {string} source @returns {string[]} */
function filesOf(source) {
  if (statSync(path.join(root, source)).isFile()) return [source];
  return readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/**
 * The rules of .dockerignore: the last line that matches a file, or a folder above it, decides.
 * @param {string} text
 * @returns {(file: string) => boolean}
 */
export function ignoring(text) {
  const rules = text
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({
      ignores: !line.startsWith("!"),
      pattern: new RegExp(
        `^${line
          .replace(/^!/, "")
          .split(/(\*\*\/|\*)/)
          .map(asPattern)
          .join("")}(/|$)`,
      ),
    }));
  return (file) => rules.findLast(({ pattern }) => pattern.test(file))?.ignores ?? false;
}

/** @param {string} part */
const asPattern = (part) =>
  ({ "**/": "(?:.*/)?", "*": "[^/]*" })[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
