import type { Clock } from "../clock/clock.ts";
import { readAtMost } from "./http.ts";
import { isJsonType, mediaTypeIn } from "./media-type.ts";

/** Largest body taken, in bytes; Next's route handlers have no limit of their own. */
const maxBody = 64 * 1024;
/** How long a body may take to arrive, in milliseconds. */
const slowestBodyMs = 10_000;

export type BodyRead =
  | { ok: true; text: string; /** What it is the text of, as it came. */ bytes: Uint8Array }
  | { ok: false; reason: "wrong-type" | "too-large" | "too-slow" | "malformed" };

/** The text of a request's body that says to be JSON, or any text; see {@link readBody}. */
export const readJsonBody = (request: Request, clock: Clock): Promise<BodyRead> =>
  read(request, isJsonType, clock);

/**
 * The text of a request's body, if it is of `mediaType`, at most 64 KiB, UTF-8, and arrives within
 * 10 s.
 */
export const readBody = (request: Request, mediaType: string, clock: Clock): Promise<BodyRead> =>
  read(request, (given) => given === mediaType, clock);

async function read(
  request: Request,
  isRight: (mediaType: string) => boolean,
  clock: Clock,
): Promise<BodyRead> {
  const encoded = request.headers.get("content-encoding") ?? "identity";
  if (!isRight(mediaTypeIn(request.headers)) || encoded !== "identity")
    return { ok: false, reason: "wrong-type" };
  if (Number(request.headers.get("content-length") ?? 0) > maxBody)
    return { ok: false, reason: "too-large" };
  try {
    const body = await clock.within(slowestBodyMs, (signal) =>
      Promise.race([
        readAtMost(request.body, maxBody),
        new Promise<"too-slow">((resolve) =>
          signal.addEventListener("abort", () => resolve("too-slow")),
        ),
      ]),
    );
    if (body === "too-slow") return { ok: false, reason: "too-slow" };
    if (!body) return { ok: false, reason: "too-large" };
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return { ok: true, text, bytes: body };
  } catch {
    // The sender went away in the middle, or sent what is no UTF-8.
    return { ok: false, reason: "malformed" };
  }
}

const maxFields = 60;

/**
 * The fields of a form post (application/x-www-form-urlencoded); of a repeated one the first value.
 * Undefined when there are too many.
 */
export function parseForm(text: string): Record<string, string> | undefined {
  // No prototype: a field named `__proto__` is a field like any other.
  const fields = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > maxFields) return undefined;
    fields[name] ??= value;
  }
  return fields;
}
