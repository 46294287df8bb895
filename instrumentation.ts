/**
 * Starts the delivery loop with the server. The check comes first because Next compiles this file
 * for its edge runtime too.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { services, startProblems } = await import("./lib/services.ts");
    const global = globalThis as { [key: symbol]: readonly string[] | undefined };
    const key = Symbol.for("connector.settings-problems");
    // scripts/start.mjs has put those it found there; it names them all and ends the process.
    const problems = [...(global[key] ?? []), ...startProblems()];
    global[key] = problems;
    if (problems.length > 0) return;
    const { startDeliveryLoop, watchBanks, banks, databaseQueue, stop } = services();
    watchBanks();
    // Our server begins it once it listens (scripts/start.mjs): loading Next's routes holds the
    // event loop up, and a statement made meanwhile would look like a database that is away.
    let loop: ReturnType<typeof startDeliveryLoop> | undefined;
    const begin = () => void (loop ??= startDeliveryLoop());
    if (Symbol.for("connector.begins") in globalThis)
      Object.assign(globalThis, { [Symbol.for("connector.begin")]: begin });
    else begin();
    // Posted notifications are answered without Next around them
    // (scripts/support/serve-notifications.mjs).
    const { POST } = await import("./app/notification/route.ts");
    Object.assign(globalThis, { [Symbol.for("connector.notification")]: POST });
    // For what our server turns away under load (scripts/support/shed-load.mjs), and one of its
    // reasons to.
    const { unavailable } = await import("./app/_answers/unavailable.ts");
    Object.assign(globalThis, {
      [Symbol.for("connector.unavailable")]: unavailable,
      [Symbol.for("connector.database-queue")]: databaseQueue,
      [Symbol.for("connector.bank-style")]: banks.style,
    });
    // scripts/start.mjs calls this when it drains; Next has no hook for it.
    Object.assign(globalThis, {
      [Symbol.for("connector.stop")]: async () => {
        await loop?.stop();
        await stop();
      },
    });
  }
}
