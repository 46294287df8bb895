import type { IncomingMessage, ServerResponse } from "node:http";

/** One request to the simulator and its answer in the making. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request's address, with the host the browser or server asked for. */
  readonly url: URL;
};
