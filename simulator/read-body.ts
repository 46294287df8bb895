import type { IncomingMessage } from "node:http";

import { RequestError } from "./request-error.ts";

const LIMIT_BYTES = 256 * 1024;

/**
 * Reads a request body as UTF-8 text.
 *
 * @throws RequestError 413 over 256 KiB
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT_BYTES) throw new RequestError(413, "The body is over 256 KiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
