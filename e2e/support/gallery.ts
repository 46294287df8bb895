import { gallery } from "../../app/gallery/_screens/gallery.ts";
import type { Story } from "../../app/gallery/_screens/story.ts";

export { type Story, gallery };

// Few enough for one test to walk, many enough that starting a page for each costs nothing.
const defaultMaxInPart = 30;

/** By kind and example, or among the other screens by what they are listed under. */
const exampleIn = ({ group, name }: Story) => [group, ...name.split(".").slice(1, -1)].join(", ");

/**
 * The gallery in parts that one test walks: all states of one example of a kind, or a handful of
 * other screens.
 */
export function galleryParts(
  stories: readonly Story[],
  { maxInPart = defaultMaxInPart, partOf = exampleIn } = {},
): { part: string; stories: Story[] }[] {
  return [...new Set(stories.map(partOf))].flatMap((part) => {
    const all = stories.filter((story) => partOf(story) === part);
    const count = Math.max(1, Math.ceil(all.length / maxInPart));
    return Array.from({ length: count }, (_, index) => ({
      part: count > 1 ? `${part} (${index + 1} of ${count})` : part,
      stories: count > 1 ? all.slice(index * maxInPart, (index + 1) * maxInPart) : all,
    }));
  });
}

const inState =
  (state: RegExp) =>
  ({ shows, name }: Story) =>
    shows.type !== "screen" || shows.screen.type !== "challenge" || state.test(name);

/** Whether it is a document of ours, and not a piece in a page that is not ours. */
export const isOurDocument = ({ shows }: Story): boolean =>
  shows.type !== "fragment" && shows.type !== "error-fragment";

const exampleOf = ({ name }: Story) => name.slice(0, name.lastIndexOf("."));
const firstExamples = new Set(
  gallery.flatMap((story, index) =>
    gallery[index - 1]?.group === story.group ? [] : [exampleOf(story)],
  ),
);

// Last screens and error pages differ in their words alone, a wait in its numbers.
const alike =
  /^(finished|errors)\.(?!(authorised|cancelled|refused-locked.*|failed-unexpected|gone|unavailable.*)$)|^waiting\.bank-at-work-(?!sign-in-for-0-)/;

/**
 * One of each: every example of every kind as it is first seen, the first one also at its fullest,
 * and every page that is built in another way.
 */
export const representatives: readonly Story[] = gallery
  .filter(isOurDocument)
  .filter(
    (story) =>
      inState(/\.empty$/)(story) ||
      (story.name.endsWith(".another-way-after-an-error") && firstExamples.has(exampleOf(story))),
  )
  .filter(({ name }) => !alike.test(name));

// What comes to every kind alike, around what is its own.
const general = inState(
  /\.(as-the-first-screen|two-tries-left|last-try|notice-.*|another-way|bank-away|less-than-.*)$/,
);
const generalIn = "one-time-code";

/**
 * What `npm test` walks: the first example of each kind, and every other screen, in all states,
 * those that come to every kind alike with one kind; the further examples as they are met, with
 * nothing entered, and with everything on them that may be. Every example in every state is for
 * `npm run gallery`.
 */
export const telling: readonly Story[] = gallery.filter((story) => {
  if (inState(/\.(empty|nothing-entered|another-way-after-an-error)$/)(story)) return true;
  return firstExamples.has(exampleOf(story)) && (story.group === generalIn || !general(story));
});

/** Its address below the connector's. */
export const galleryPath = ({ name }: Story, locale = "en-GB"): string =>
  `/gallery/${name}?lang=${locale}`;
