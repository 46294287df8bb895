import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { runQuietly } from "../../testing/progress.mjs";
import { root } from "../../testing/toolchain.mjs";

/**
 * Builds empty-next/ with the connector's own configuration of Next. It has to lie outside this
 * tree, where Next would take the connector's instrumentation.ts for its own, and packages have to
 * be real files there, since its bundler follows no link that leads out of the project.
 * @param {string} directory an empty folder
 */
export async function buildEmptyNext(directory) {
  cpSync(path.join(import.meta.dirname, "empty-next"), directory, { recursive: true });
  copyFileSync(path.join(root, "next.config.mjs"), path.join(directory, "next.config.mjs"));
  writeFileSync(path.join(directory, "package.json"), '{ "private": true }\n');
  for (const name of withDependencies(["next", "react", "react-dom"]))
    linkFiles(path.join("node_modules", name), directory);
  const env = {
    ...process.env,
    NODE_ENV: /** @type {const} */ ("production"),
    NEXT_TELEMETRY_DISABLED: "1",
  };
  await runQuietly(
    process.execPath,
    [path.join(directory, "node_modules/next/dist/bin/next"), "build"],
    { cwd: directory, env },
  );
}

/**
 * The packages of node_modules that these need, themselves among them. What npm put inside a
 * package comes with it.
 * @param {string[]} names
 */
function withDependencies(names) {
  const found = new Set(names);
  for (const name of found) {
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8"),
    );
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (existsSync(path.join(root, "node_modules", needed))) found.add(needed);
    }
  }
  return found;
}

/** @param {string} place relative to the root @param {string} directory */
function linkFiles(place, directory) {
  mkdirSync(path.join(directory, place), { recursive: true });
  for (const entry of readdirSync(path.join(root, place), { withFileTypes: true })) {
    const file = path.join(place, entry.name);
    if (entry.isDirectory()) linkFiles(file, directory);
    else if (entry.isFile()) linkOrCopy(path.join(root, file), path.join(directory, file));
  }
}

/** @param {string} from @param {string} to */
function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    // Another file system.
    copyFileSync(from, to);
  }
}
