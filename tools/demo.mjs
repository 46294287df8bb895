// `npm run demo`: the whole journey on this machine, from nothing but a clone. See README.md.
import { runMain } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  const { buildConnectorIfChanged } = await import("./support/build-connector.mjs");
  const { runLocally } = await import("./support/run-locally.mjs");
  await runLocally({ name: "demo", prepare: buildConnectorIfChanged });
});
