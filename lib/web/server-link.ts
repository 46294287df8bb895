// What our server (server/) and the bundle that Next makes of app/ and lib/ share. They are loaded
// apart, the bundle more than once, so a module's own variables are not shared; this object is.
import type { Asset } from "./assets.ts";

/** Set by our server before it loads the bundle. Next's own commands leave it out. */
export interface ServerSide {
  /** What keeps the connector from starting, one line each; the bundle adds what it finds. */
  problems: string[];
  /** Whether the process has been told to stop. */
  draining: boolean;
  /** Whether even people in the middle of a journey are turned away. */
  overloaded: () => boolean;
}

/** Set by the bundle once it is loaded without problems (instrumentation-node.ts). */
export interface AppSide {
  /** Starts the delivery loop; our server calls it once it listens. */
  begin: () => void;
  /** Ends the delivery loop, waits for what is under way and closes the pool. */
  stop: () => Promise<void>;
  /** Answers a posted notification, as the route of app/ does. */
  notification: (request: Request) => Promise<Response>;
  /** The 503 that the requested address gives. */
  unavailable: (request: Request) => Promise<Response>;
  /** How hard it is for a statement to get a connection, from 0 to 1. */
  databaseQueue: () => number;
  /** The style sheet of this name, in the colours of a single bank. */
  bankStyle: (name: string) => Asset | undefined;
}

/** lib/services.ts adds the services of the process. */
export interface ServerLink {
  server?: ServerSide | undefined;
  app?: AppSide | undefined;
}

/**
 * The request header in which our server hands the query on as it came. Next parses the query and
 * writes it anew. Anybody could send this header to Next alone: app/_answers/query.ts reads it, and
 * only if our server is there.
 */
export const queryHeader = "x-connector-query";

const key = Symbol.for("connector.server-link");
const holder = globalThis as { [key: symbol]: ServerLink | undefined };

/** The one object of this process. */
export const serverLink = (): ServerLink => (holder[key] ??= {});
