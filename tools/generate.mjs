// `npm run generate`: what is made from other files: the Prisma client from prisma/schema.prisma,
// docs/outcomes.md from the table of outcomes and its texts, docs/bank-api.yaml from the schemas of
// the bank API, the tables of docs/settings.md, .env.example and compose.yaml from the settings,
// tables of docs/extending.md and docs/accessibility.md from the kinds of challenge.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateClient } from "../testing/prisma-client.mjs";
import { runMain, step } from "../testing/progress.mjs";
import { ensureToolchain, root } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  await step("Generating the database client", generateClient);
  await step("Writing docs/outcomes.md", async () => {
    const { outcomesPage } = await import("./generate/outcomes-page.ts");
    writeFileSync(path.join(root, "docs/outcomes.md"), outcomesPage());
  });
  await step("Writing docs/settings.md, .env.example and compose.yaml", async () => {
    const { madeFromSettings } = await import("./generate/settings-pages.ts");
    rewrite(madeFromSettings);
  });
  await step(
    "Writing docs/bank-api.yaml, docs/extending.md and docs/accessibility.md",
    async () => {
      const bankApi = /** @type {typeof import('./generate/bank-api-page.ts')} */ (
        await viewsRead("./generate/bank-api-page.ts")
      );
      writeFileSync(path.join(root, "docs/bank-api.yaml"), bankApi.bankApiPage());
      const challenges = /** @type {typeof import('./generate/challenge-pages.ts')} */ (
        await viewsRead("./generate/challenge-pages.ts")
      );
      rewrite(challenges.madeFromChallenges);
    },
  );
});

/**
 * A module that leads to the views of the challenges, which Node alone does not read.
 *
 * @param {string} file
 */
async function viewsRead(file) {
  const { runnerImport } = await import("vite");
  const place = path.join(root, "tools", file);
  const { module } = await runnerImport(place, { root, logLevel: "silent", configFile: false });
  return module;
}

/** @param {Readonly<Record<string, (text: string) => string>>} made by file */
function rewrite(made) {
  for (const [file, from] of Object.entries(made)) {
    const place = path.join(root, file);
    writeFileSync(place, from(existsSync(place) ? readFileSync(place, "utf8") : ""));
  }
}
