// Start-up, `npm start`: the connector alone, in production mode, with its settings from the
// environment (docs/decisions/013). It loads nothing before it can be stopped.

// As process 1 of a container there is no default action for a signal: one that came before its
// handler would be lost. Nothing has been taken yet that could get lost.
let onStop = (signal: NodeJS.Signals): void => process.exit(signal === "SIGINT" ? 130 : 0);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => onStop(signal));

try {
  const { runConnector } = await import("./connector.ts");
  await runConnector({ stopWith: (stop) => void (onStop = stop) });
} catch (error) {
  process.stderr.write(`\n${await wordsFor(error)}\n`);
  // What had begun, such as the bundle's timers, must not keep a failed start alive.
  process.exit(1);
}

async function wordsFor(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ERR_MODULE_NOT_FOUND")
    return `The packages are not installed: run "npm run build" first. (${error.message})`;
  const { StartError } = await import("./start-error.ts");
  return error instanceof StartError ? error.message : (error.stack ?? error.message);
}
