// `npm run conformance`: holds a bank adapter, or a bank that serves our API, against hundreds of
// cases. See docs/adapters.md.
import { parseArgs } from "node:util";
import { PlainError, runMain } from "../testing/progress.mjs";
import { ensureToolchain, root } from "../testing/toolchain.mjs";

const usage = `npm run conformance -- --adapter NAME [--settings FILE] [--test-users FILE] [--public-url ORIGIN] [--private-host HOST]
npm run conformance -- --bank-api URL --settings FILE [--test-users FILE] [--private-host HOST]`;

await runMain(async () => {
  const options = readOptions();
  await ensureToolchain();
  // Adapters stand beside the views of the challenges, which Node alone does not read.
  const { runnerImport } = await import("vite");
  const { module } = await runnerImport("./tools/conformance/conformance.ts", {
    root,
    logLevel: "silent",
    configFile: false,
  });
  // The runner is closed by now, and Prisma loads a part of itself later.
  const { withDatabase } = await import("./conformance/kit-database.ts");
  const { createPageBrowser } = await import("./conformance/page-browser.ts");
  const browser = createPageBrowser();
  const { conformance, report, UsageError } =
    /** @type {typeof import('./conformance/conformance.ts')} */ (module);
  try {
    const outcomes = await conformance({ ...options, withDatabase, browser, onProgress });
    process.stdout.write(report(outcomes));
    return outcomes.every(({ problem }) => problem === undefined) ? 0 : 1;
  } catch (error) {
    throw error instanceof UsageError ? new PlainError(error.message) : error;
  } finally {
    await browser.close();
  }
});

/**
 * How far it is, for whoever waits before a bank that takes its time.
 * @type {(done: number, of: number) => void}
 */
function onProgress(done, of) {
  if (process.stderr.isTTY) process.stderr.write(done < of ? `\r${done} of ${of}` : "\r\u001b[K");
}

function readOptions() {
  try {
    const text = { type: /** @type {const} */ ("string") };
    const { values } = parseArgs({
      options: {
        adapter: text,
        "bank-api": text,
        settings: text,
        "test-users": text,
        "public-url": text,
        "private-host": { ...text, multiple: true },
      },
    });
    if ((values.adapter === undefined) === (values["bank-api"] === undefined))
      throw new Error("one of --adapter and --bank-api is needed");
    return {
      adapter: values.adapter,
      bankApi: values["bank-api"],
      settingsFile: values.settings,
      testUsersFile: values["test-users"],
      publicUrl: values["public-url"],
      privateHosts: values["private-host"] ?? [],
    };
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
