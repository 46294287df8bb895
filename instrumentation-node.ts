import { POST } from "./app/notification/route.ts";
import { unavailable } from "./app/_answers/unavailable.ts";
import { SettingsError } from "./lib/config/env.ts";
import { serverLink } from "./lib/web/server-link.ts";
import { services, startProblems } from "./lib/services.ts";

/**
 * Makes the services and gives our server what it takes from the bundle. Under Next's own commands
 * (`next dev`, `next start`) the delivery loop begins at once.
 */
export function start(): void {
  const link = serverLink();
  const problems = startProblems();
  if (problems.length > 0) {
    if (!link.server) stopAtOnce(problems);
    // server/connector.ts names all problems and ends the process.
    link.server.problems.push(...problems);
    return;
  }
  const { startDeliveryLoop, watchBanks, banks, databaseQueue, stop, log } = services();
  watchBanks();
  let loop: ReturnType<typeof startDeliveryLoop> | undefined;
  const begin = () => void (loop ??= startDeliveryLoop());
  link.app = {
    begin,
    stop: async () => {
      await loop?.stop();
      await stop();
    },
    notification: POST,
    unavailable,
    databaseQueue,
    bankStyle: banks.style,
  };
  // Our server begins it once it listens: loading Next's routes holds the event loop up, and a
  // statement made meanwhile would look like a database that is away.
  if (link.server) return;
  begin();
  if (process.env.NODE_ENV === "production") log.warn("connector without its server");
}

// Next would go on and answer 500 to everything.
function stopAtOnce(problems: readonly string[]): never {
  process.stderr.write(`${new SettingsError(problems).message}\n`);
  process.exit(1);
}
