import { challengeEntries } from "./challenge-entries.ts";
import type { Story } from "./story.ts";
import { otherEntries } from "./other-entries.ts";

/**
 * Every screen in every state (accessibility bar A1): what people look at in /gallery, and what the
 * accessibility suites walk.
 */
export const gallery: readonly Story[] = [...challengeEntries, ...otherEntries];

/** By the name in its address. */
export const galleryEntry = (name: string): Story | undefined =>
  gallery.find((story) => story.name === name);
