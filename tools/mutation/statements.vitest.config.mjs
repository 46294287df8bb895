import path from "node:path";
import { defineConfig } from "vitest/config";
import { root } from "../../testing/toolchain.mjs";
import { pattern, statementMutants } from "./statements.mjs";

const mutant = statementMutants[Number(process.env["STATEMENT_MUTANT"])];

/** Puts the change in place as its file is loaded; nothing of the repository is written. */
const change = {
  name: "statement-mutant",
  /** @param {string} source @param {string} id */
  transform: (source, id) =>
    mutant && id === path.join(root, mutant.file)
      ? source.replace(pattern(mutant.was), () => ` ${mutant.now} `)
      : undefined,
};

// What Vitest remembers of a file was made without the change, or with another.
export default defineConfig({
  plugins: [{ ...change, enforce: "pre" }],
  test: {
    watch: false,
    fsModuleCache: false,
    include: ["lib/**/*.integration.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
