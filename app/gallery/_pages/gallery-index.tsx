import type { Reader } from "../../../lib/i18n/translator.ts";
import { type Assets, Page } from "../../../lib/ui/page.tsx";
import type { GalleryEntry } from "../_screens/gallery-entry.ts";

export interface GalleryIndexProps {
  entries: readonly GalleryEntry[];
  locales: readonly string[];
  /** Address of the index itself; an entry's is below it. */
  address: string;
  reader: Reader;
  assets: Assets;
}

/** Everything on one page, for developers and testers; its words are in no catalogue. */
export function GalleryIndex({ entries, locales, address, reader, assets }: GalleryIndexProps) {
  const groups = [...new Set(entries.map(({ group }) => group))];
  const query = `?lang=${reader.locale}`;
  return (
    <Page
      reader={reader}
      assets={assets}
      title={`Gallery (${reader.locale})`}
      heading={`Gallery: ${entries.length} screens`}
    >
      <p>Every screen in every state, with made-up data. What is posted from them goes nowhere.</p>
      <p>
        {locales.map((locale) => (
          <span key={locale}>
            <a
              href={`${address}?lang=${locale}`}
              aria-current={locale === reader.locale ? "page" : undefined}
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
            {entries
              .filter((entry) => entry.group === group)
              .map(({ name, title }) => (
                <li key={name}>
                  <a href={`${address}/${name}${query}`}>{title}</a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
