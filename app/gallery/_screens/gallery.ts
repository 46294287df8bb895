import { challengeStories } from "./challenge-stories.ts";
import type { Story } from "./story.ts";
import { otherStories } from "./other-stories.ts";

/**
 * Every screen in every state (accessibility bar A1): what people look at in /gallery, and what the
 * accessibility suites walk.
 */
export const gallery: readonly Story[] = [...challengeStories, ...otherStories];

/** By the name in its address. */
export const findStory = (name: string): Story | undefined =>
  gallery.find((story) => story.name === name);
