// `npm run generate`: what is made from other files: the Prisma client from prisma/schema.prisma,
// docs/outcomes.md from the table of outcomes and its texts, docs/bank-api.yaml from the schemas of
// the bank API.
import { writeFileSync } from "node:fs";
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
  await step("Writing docs/bank-api.yaml", async () => {
    // The schemas stand beside the views of the challenges, which Node alone does not read.
    const { runnerImport } = await import("vite");
    const { module } = await runnerImport("./tools/generate/bank-api-page.ts", {
      root,
      logLevel: "silent",
      configFile: false,
    });
    writeFileSync(
      path.join(root, "docs/bank-api.yaml"),
      /** @type {typeof import('./generate/bank-api-page.ts')} */ (module).bankApiPage(),
    );
  });
});
