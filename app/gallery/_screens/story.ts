import type { ErrorName } from "../../../lib/journey/endings.ts";
import type { Screen } from "../../../lib/journey/screen.ts";

/** A screen that is shown at its own address; `gone` and `unknown-bank` are error pages. */
export type ShownScreen = Exclude<Screen, { type: "gone" | "unknown-bank" }>;

/** One screen in one state, with made-up data. */
export interface Story {
  /** Last part of its address, `/gallery/<name>`; unique. */
  name: string;
  /** What it is listed under. */
  group: string;
  /** What is special about it. */
  title: string;
  shows:
    /** `checked`: after "Check now" found nothing new. */
    | { type: "screen"; screen: ShownScreen; checked?: boolean }
    /**
     * `atScreen`: at the address of a screen, where the language can be chosen and a try may be
     * repeated.
     */
    | { type: "error"; error: ErrorName; atScreen: boolean }
    | { type: "back" }
    /** Pieces of ours in a page of somebody else's. */
    | { type: "fragment" }
    | { type: "error-fragment"; error: ErrorName };
}

/** What every made-up screen has in common. The token is as long as a real one. */
export const onScreen = {
  bank: "Northwind Bank",
  handle: "gallery",
  formToken: `1.${"f".repeat(43)}.${"f".repeat(43)}`,
  version: "gallery",
} as const;

/** Of a made-up authorisation. */
export const reference = "00000000-0000-4000-8000-000000000000";

/** A name for an address, from words. */
export const slug = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[’']/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
