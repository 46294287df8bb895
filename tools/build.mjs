// `npm run build`: everything `npm start` needs. No settings, no database.
import { runMain } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

await runMain(async () => {
  await ensureToolchain();
  const { buildConnector } = await import("./support/build-connector.mjs");
  await buildConnector();
});
