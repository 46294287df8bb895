// `node tools/complete-lockfile.mjs` after `npm install`: see support/lockfile.mjs.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { missingOptionalEntries } from "./support/lockfile.mjs";

const file = path.resolve(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const missing = missingOptionalEntries(lock);
const entries = Object.entries({ ...lock.packages, ...missing });
// npm's own order, so that it leaves the file as it is.
lock.packages = Object.fromEntries(
  entries.sort(([a], [b]) => (a === "" ? -1 : b === "" ? 1 : a.localeCompare(b, "en"))),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(
  `${Object.keys(missing).length} packages of other platforms added to package-lock.json.\n`,
);
