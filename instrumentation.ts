/**
 * Starts what runs beside the requests. The check comes first because Next compiles this file for
 * its edge runtime too.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./instrumentation-node.ts")).start();
}
