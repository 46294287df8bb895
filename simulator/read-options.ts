import type { IncomingMessage } from "node:http";

import { isRecord } from "./is-record.ts";
import { parseJson } from "../lib/http/parse-json.ts";
import { readBody } from "./read-body.ts";
import { RequestError } from "./request-error.ts";

/**
 * Reads the JSON object of a control call; no body at all is an object with nothing in it.
 *
 * Only the members' names are checked: the typed client is the caller, and what a compiler cannot
 * see is a misspelt name in an object that came from elsewhere, which would make a test pass for
 * nothing.
 *
 * @param names the members there may be
 * @throws RequestError 400
 */
export async function readOptions<Options>(
  request: IncomingMessage,
  names: readonly (keyof Options & string)[],
): Promise<Options> {
  const text = await readBody(request);
  const options = text === "" ? {} : parseJson(text);
  if (!isRecord(options)) throw new RequestError(400, "Send a JSON object.");
  const unknown = Object.keys(options).filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0)
    throw new RequestError(400, `Unknown: ${unknown.join(", ")}. Known: ${names.join(", ")}.`);
  return options as Options;
}
