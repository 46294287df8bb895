// `next build`, and whether it is needed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runQuietly, step } from "../../testing/progress.mjs";
import { root } from "../../testing/toolchain.mjs";

// Everything a build is made from. The generated client follows from prisma/schema.prisma, the
// packages from the lockfile.
const sources = [
  "app",
  "lib",
  "public",
  "prisma/schema.prisma",
  "instrumentation.ts",
  "instrumentation-node.ts",
  "next.config.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
const generated = path.join("lib", "db", "prisma");
// Next empties .next when it builds, so this is there only after a build that succeeded and was
// ours.
const stamp = path.join(root, ".next/built-from");

/** Builds the connector. Needs no setting and no database. */
export async function buildConnector() {
  const env = {
    ...process.env,
    NODE_ENV: /** @type {const} */ ("production"),
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const from = sourcesHash();
  await step("Building the connector", () =>
    runQuietly(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
      cwd: root,
      env,
    }),
  );
  writeFileSync(stamp, from);
}

/** Builds the connector unless the build that is there was made from the same files. */
export async function buildConnectorIfChanged() {
  const current =
    existsSync(path.join(root, ".next/BUILD_ID")) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === sourcesHash();
  if (!current) await buildConnector();
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const file of sources.flatMap((source) => filesOf(source)).sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

/** @param {string} source @returns {string[]} */
function filesOf(source) {
  const place = path.join(root, source);
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [source];
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(generated));
}
