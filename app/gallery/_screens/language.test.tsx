import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { GalleryScreen } from "../_pages/gallery-screen.tsx";
import { gallery } from "./gallery.ts";
import { galleryLocales, galleryTranslator } from "./gallery-translator.ts";

const assets = {
  script: "https://connector.example/s.js",
  style: "https://connector.example/s.css",
};
const urlOf = (name: string) => `https://connector.example/gallery/${name}?lang=fr-CA`;
const htmlOf = (story: (typeof gallery)[number], locale: string) =>
  renderToStaticMarkup(
    <GalleryScreen
      story={story}
      url={urlOf(story.name)}
      translator={galleryTranslator(locale)}
      assets={assets}
    />,
  );

describe.each(galleryLocales)("in %s every screen", (locale) => {
  const { dir } = galleryTranslator(locale);
  const pages = gallery.map((story) => ({ ...story, html: htmlOf(story, locale) }));

  test("says so, and leaves no placeholder open", () => {
    for (const { name, html } of pages) {
      expect.soft(html, name).toContain(` lang="${locale}" dir="${dir}"`);
      expect
        .soft(html.replace(/<script>.*?<\/script>| style="[^"]*"|<style>.*?<\/style>/g, ""), name)
        .not.toMatch(/\{|undefined|\[object/);
    }
  });
});

describe("the choice of language", () => {
  const screens = gallery.filter(
    ({ shows }) =>
      shows.type === "screen" ||
      shows.type === "back" ||
      (shows.type === "error" && shows.atScreen),
  );

  /**
   * The choice on a screen, where it is the last thing on it; without what makes it a part of
   * another form.
   */
  const choiceOn = (html: string) => {
    const [, choice, inOwnForm] =
      /<(?:form|div)[^>]* class="language"[^>]*>((?:(?!<form).)*?)<\/(?:(form)|div)><\/main>/.exec(
        html,
      ) ?? [];
    return {
      own: inOwnForm !== undefined,
      choice: choice?.replace(/ (form|name|value)="(reauth-step|action|language)"/g, ""),
    };
  };

  test("is the last thing on every screen that has an address, the same on each", () => {
    const choices = screens.map((story) => choiceOn(htmlOf(story, "de-DE")).choice);
    expect(choices).not.toContain(undefined);
    expect(new Set(choices).size).toBe(1);
  });
  test("gets the address of the screen, or belongs to the form whose entries are kept", () => {
    for (const story of screens) {
      const html = htmlOf(story, "de-DE");
      const { own } = choiceOn(html);
      if (own)
        expect
          .soft(html, story.name)
          .toContain(
            `<form noValidate="" class="language" action="${urlOf(story.name)}" method="get">`,
          );
      else
        expect
          .soft(
            html.match(/<form id="reauth-step" noValidate="" action="[^"]+" method="post">/g),
            story.name,
          )
          .toHaveLength(1);
      // What a screen shows again of what was typed, a change of language keeps; the first one has
      // nothing to keep it in.
      if (/<input[^>]* name="username"/.test(html))
        expect.soft(own, story.name).toBe(!html.includes("data-focus"));
    }
  });
  test("stands at the language of the screen, and names each language in itself", () => {
    const [story] = screens;
    const html = story ? htmlOf(story, "fr-CA") : "";
    expect(html).toContain(
      '<option value="fr-CA" lang="fr-CA" selected="">Français (Canada)</option>',
    );
    expect(html).toContain('<option value="de-DE" lang="de-DE">Deutsch</option>');
    expect(html.match(/ selected=""/g)).toHaveLength(1);
    expect(html.match(/<option /g)).toHaveLength(7);
  });
  test("sends nothing but the language", () => {
    for (const story of screens.filter((one) => choiceOn(htmlOf(one, "en-GB")).own)) {
      const [, form = ""] = /class="language"([^]*?)<\/form>/.exec(htmlOf(story, "en-GB")) ?? [];
      expect.soft(form.match(/ name="[^"]+"/g), story.name).toEqual([' name="lang"']);
    }
  });
  test("is not where a piece of ours stands in somebody else’s page, nor where there is no screen", () => {
    for (const story of gallery.filter((one) => !screens.includes(one)))
      expect.soft(htmlOf(story, "en-GB"), story.name).not.toContain('class="language"');
  });
});
