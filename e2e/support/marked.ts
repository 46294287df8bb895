import { expect } from "playwright/test";
import type { RawAnswer } from "./raw-request.ts";

/** Put into every input of a test; whatever answer holds it has echoed what was sent. */
export const marker = "zq9Marker7x";

/**
 * Nothing of what was sent comes back, in whatever spelling: neither in the body nor in a header.
 */
export function expectNoEcho({ headers, body }: RawAnswer): void {
  const answer = `${JSON.stringify(headers)}\n${body}`.toLowerCase();
  const spellings = [
    marker,
    encodeURIComponent(marker),
    Buffer.from(marker).toString("base64url").slice(0, -2),
    Buffer.from(marker).toString("hex"),
  ];
  for (const spelling of spellings) expect(answer).not.toContain(spelling.toLowerCase());
}

/** A text as it stands in the HTML that React writes. */
export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" })[character] ??
      character,
  );
