// `npm run supply-chain [-- --advisories FILE …]`: exact versions, a whole lockfile, version
// floors, install scripts of named packages only, a software bill of materials, and known
// vulnerabilities. They are asked of the registry (`npm audit`), and looked up in each FILE: an OSV
// record, or a JSON array of them, as osv.dev publishes them for npm.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  advisoriesOn,
  readAudit,
  supplyChainProblems,
  unhashed,
} from "./security/supply-chain.mjs";

const root = path.resolve(import.meta.dirname, "..");
const read = (/** @type {string} */ file) =>
  JSON.parse(readFileSync(path.join(root, file), "utf8"));
const problems = supplyChainProblems(read("package.json"), read("package-lock.json"));

// From the lockfile alone: the same list on every machine, for every platform.
const sbom = execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
const { components = [] } = JSON.parse(sbom);
if (components.length === 0) problems.push("the software bill of materials is empty");
mkdirSync(path.join(root, "test-results"), { recursive: true });
writeFileSync(path.join(root, "test-results/sbom.cdx.json"), sbom);

const audit = readAudit(
  spawnSync("npm", ["audit", "--package-lock-only", "--json"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  }),
);
const files = parseArgs({
  options: { advisories: { type: "string", multiple: true, default: [] } },
}).values.advisories;
const list = files.flatMap((file) => JSON.parse(readFileSync(file, "utf8")));
problems.push(
  ...("advisories" in audit ? audit.advisories : []),
  ...advisoriesOn(read("package-lock.json"), list),
);
const unasked =
  "refused" in audit
    ? `known vulnerabilities NOT checked with the registry (${audit.refused})`
    : "known vulnerabilities checked with the registry";
process.stdout.write(
  `${unasked}${files.length > 0 ? `, and with ${list.length} advisories of a list` : ""}\n`,
);

for (const problem of problems) process.stderr.write(`${problem}\n`);
const open = unhashed(read("package-lock.json"));
if (open.length > 0)
  process.stdout.write(
    `Locked by version only, since the registry the lockfile was made with has none ` +
      `for that platform: ${open.join(", ")}\n`,
  );
process.stdout.write(
  `${components.length} packages in test-results/sbom.cdx.json (CycloneDX), ` +
    `${problems.length} problems\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
