import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { sessionResults } from "../../../lib/authorisations/session.ts";
import { answerProblems, noticeNames } from "../../../lib/challenges/challenge.ts";
import { challengeKinds } from "../../../lib/challenges/index.ts";
import { catalogues, type MessageKey } from "../../../lib/i18n/catalogues.ts";
import { endings } from "../../../lib/journey/endings.ts";
import { GalleryScreen } from "../_pages/gallery-screen.tsx";
import { gallery } from "./gallery.ts";
import { slug } from "./story.ts";
import { galleryTranslator } from "./gallery-translator.ts";

const translator = galleryTranslator("en-GB");
const assets = {
  script: "https://connector.example/s.js",
  style: "https://connector.example/s.css",
};

/** What each entry says: the keys of its texts, and its page. */
const shown = gallery.map((story) => {
  const keys = new Set<MessageKey>();
  const t: typeof translator.t = (key, values) => {
    keys.add(key);
    return translator.t(key, values);
  };
  const html = renderToStaticMarkup(
    <GalleryScreen
      story={story}
      url={`https://connector.example/gallery/${story.name}`}
      translator={{ ...translator, t }}
      assets={assets}
    />,
  );
  return { ...story, keys, html };
});
const names = gallery.map(({ name }) => name);

test("every screen has an address of its own", () => {
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
});

test("every text of the catalogue is shown by some screen", () => {
  const said = new Set(shown.flatMap(({ keys }) => [...keys]));
  expect(Object.keys(catalogues["en-GB"]).filter((key) => !said.has(key as MessageKey))).toEqual(
    [],
  );
});

test("every screen is one document with one heading", () => {
  for (const { name, html, shows } of shown) {
    expect.soft(html.match(/<h1[ >]/g), name).toHaveLength(1);
    if (shows.type === "screen")
      expect.soft(html, name).toMatch(/<h1 id="reauth-heading" tabindex="-1">[^<]+<\/h1>/);
  }
});

test("every form has a button", () => {
  const forms = shown.flatMap(({ name, html }) =>
    [...html.matchAll(/<form .*?<\/form>/g)].map(([form]) => ({ name, form })),
  );
  expect(forms.length).toBeGreaterThan(gallery.length);
  expect(
    forms.filter(({ form }) => !form.includes('<button type="submit"')).map(({ name }) => name),
  ).toEqual([]);
});

describe.each(Object.keys(catalogues))("the title of every screen, in %s,", (locale) => {
  const titled = gallery.flatMap((story) => {
    const { name, group, shows } = story;
    if (shows.type === "fragment" || shows.type === "error-fragment") return [];
    const html = renderToStaticMarkup(
      <GalleryScreen
        story={story}
        url="https://connector.example/gallery/x"
        translator={galleryTranslator(locale)}
        assets={assets}
      />,
    );
    const between = (tag: string) =>
      new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`).exec(html)?.[1] ?? "";
    return [
      {
        name,
        group,
        title: between("title"),
        heading: between("h1"),
        wrong: html.includes('class="error-summary"'),
      },
    ];
  });

  test("holds its heading, and says first when something is wrong", () => {
    for (const { name, title, heading, wrong } of titled) {
      expect.soft(heading, name).not.toBe("");
      // Accessibility bar A10: the state stands before the step, the bank after it.
      expect.soft(title.startsWith(`${heading} – `), name).toBe(!wrong);
      expect.soft(title, name).toContain(heading);
    }
  });
  test("is that of no other step, and of no other page that ends a journey", () => {
    const steps = new Map(
      titled.map(({ title }) => [title, titled.filter((other) => other.title === title)]),
    );
    for (const [title, same] of steps) {
      expect
        .soft(
          new Set(same.map(({ group, heading, wrong }) => [group, heading, wrong].join())).size,
          `${title}: ${same.map(({ name }) => name).join()}`,
        )
        .toBe(1);
    }
  });
});

describe.each(
  challengeKinds.flatMap(({ kind, examples }) =>
    examples.map((example) => ({ kind, example: example.name })),
  ),
)("$kind, $example,", ({ kind, example }) => {
  const states = names.flatMap((name) =>
    name.startsWith(`${kind}.${slug(example)}.`)
      ? [name.slice(`${kind}.${slug(example)}.`.length)]
      : [],
  );

  test("is there in every state", () => {
    const always = [
      "empty",
      "as-the-first-screen",
      "last-try",
      "another-way",
      "bank-speaks-german",
      "bank-away",
      "less-than-5-minutes-left",
      "less-than-a-minute-left",
    ];
    expect(states).toEqual(
      expect.arrayContaining([
        ...always,
        ...answerProblems.map((problem) => `bank-says-${problem}`),
        ...noticeNames.map((notice) => `notice-${notice}`),
      ]),
    );
  });
});

test.each(Object.entries(endings))(
  "the outcome %s has a screen with its title and its text",
  (_, { title, text }) => {
    expect(shown.filter(({ keys }) => keys.has(title) && keys.has(text)).length).toBeGreaterThan(0);
  },
);

test.each(sessionResults)("a session that ended as %s has a screen", (result) => {
  expect(
    shown.filter(
      ({ shows }) =>
        shows.type === "screen" &&
        shows.screen.type === "finished" &&
        shows.screen.result === result,
    ).length,
  ).toBeGreaterThan(0);
});
