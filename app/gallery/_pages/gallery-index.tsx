import type { Translator } from "../../../lib/i18n/translator.ts";
import { type Assets, Page } from "../../../lib/ui/page.tsx";
import type { Story } from "../_screens/story.ts";

export interface GalleryIndexProps {
  stories: readonly Story[];
  locales: readonly string[];
  /** Address of the index itself; an entry's is below it. */
  url: string;
  translator: Translator;
  assets: Assets;
}

/** Everything on one page, for developers and testers; its words are in no catalogue. */
export function GalleryIndex({ stories, locales, url, translator, assets }: GalleryIndexProps) {
  const groups = [...new Set(stories.map(({ group }) => group))];
  const query = `?lang=${translator.locale}`;
  return (
    <Page
      translator={translator}
      assets={assets}
      title={`Gallery (${translator.locale})`}
      heading={`Gallery: ${stories.length} screens`}
    >
      <p>Every screen in every state, with made-up data. What is posted from them goes nowhere.</p>
      <p>
        {locales.map((locale) => (
          <span key={locale}>
            <a
              href={`${url}?lang=${locale}`}
              aria-current={locale === translator.locale ? "page" : undefined}
            >
              {locale}
            </a>{" "}
          </span>
        ))}
      </p>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          <ul>
            {stories
              .filter((story) => story.group === group)
              .map(({ name, title }) => (
                <li key={name}>
                  <a href={`${url}/${name}${query}`}>{title}</a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
