// `npm run dev`: the demo with `next dev` as the connector, so that a change of a screen is seen
// without a build. See CONTRIBUTING.md.
import { runMain } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  const { nextDev } = await import("../testing/next-command.mjs");
  const { runLocally } = await import("./support/run-locally.mjs");
  await runLocally({ name: "dev", connector: nextDev });
});
