import type { z } from "zod";
import { pathsOf } from "../log/issue-paths.ts";
import type { HttpClient } from "./http.ts";
import { parseJson } from "./parse-json.ts";

/**
 * What another system's JSON says by a schema of ours, or where it is not as the schema wants it:
 * never what stands there.
 */
export type ForeignJson<Value> =
  { ok: true; value: Value } | { ok: false; paths: readonly string[] };

/**
 * Reads JSON that another system wrote. A member that is null is absent: many serialisers write one
 * for whatever has no value.
 * @param opaque members of the outermost object that are not ours to read: what is in them is kept
 *   as it came.
 */
export function readForeign<Value>(
  schema: z.ZodType<Value>,
  text: string,
  { opaque = [] }: { opaque?: readonly string[] } = {},
): ForeignJson<Value> {
  const read = schema.safeParse(withoutNulls(parseJson(text), opaque));
  return read.success ? { ok: true, value: read.data } : { ok: false, paths: pathsOf(read.error) };
}

/**
 * JSON without its null members, by the same rule; entries of lists stay, since their place says
 * something. Changes what it is given.
 */
export function withoutNulls(json: unknown, opaque: readonly string[] = []): unknown {
  // A stack of our own: JSON may be nested deeper than calls can be.
  const open: unknown[] = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (member === null && !Array.isArray(value)) Reflect.deleteProperty(value, name);
      else if (value !== json || !opaque.includes(name)) open.push(member);
    }
  }
  return json;
}

/**
 * A client for a library that reads the answers itself: a null member of a JSON answer is absent
 * there, too.
 */
export const withNullsAbsent =
  (http: HttpClient): HttpClient =>
  async (input, init) => {
    const response = await http(input, init);
    if (!response.body) return response;
    const text = await response.text();
    return new Response(text.includes("null") ? rewritten(text) : text, {
      status: response.status,
      headers: response.headers,
    });
  };

/** The body that such a library gives its client: a form, or none. Never bytes or a stream. */
export const textBody = (body: unknown): string | null =>
  typeof body === "string" || body instanceof URLSearchParams ? body.toString() : null;

function rewritten(text: string): string {
  try {
    return JSON.stringify(withoutNulls(JSON.parse(text)));
  } catch {
    // No JSON, or nested too deeply to be written again: the library judges it as it is.
    return text;
  }
}
