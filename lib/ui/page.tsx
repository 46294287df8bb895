import type { ReactNode } from "react";
import type { Translator } from "../i18n/translator.ts";
import { LanguageForm } from "./language-form.tsx";

/** Absolute addresses of the two assets, with the hash of their content in them. */
export interface Assets {
  script: string;
  /** The script's hash, by which the policy allows it. */
  integrity?: string;
  style: string;
  /**
   * The origins that may frame us, as a regular expression; they are told how high the document is.
   */
  ancestors?: string;
}

export interface PageProps {
  translator: Translator;
  assets: Assets;
  title: string;
  heading: string;
  /**
   * Stands before the heading: a screen reader that lands in the frame needs something focusable
   * there (measured, accessibility.md).
   */
  before?: ReactNode;
  /** What the script does on this document; see public/wizard.js. */
  behaviour?: Readonly<Record<`data-${string}`, string>>;
  /**
   * The address that shows this document in another language; the choice stands at the end of every
   * document that has one.
   */
  languageAt?: string | undefined;
  /** The id of the form whose entries a change of language keeps. */
  keeping?: string | undefined;
  /** What else of its address the document needs in another language. */
  carried?: Readonly<Record<string, string>> | undefined;
  children: ReactNode;
}

/**
 * A whole document: one h1 as one text node, `main` named by it, no other landmark (it stands
 * inside Sage's page), an empty status region from the start, since regions inserted with their
 * text stay silent.
 */
export function Page({
  translator,
  assets,
  title,
  heading,
  before,
  behaviour,
  languageAt,
  keeping,
  carried,
  children,
}: PageProps) {
  return (
    <html lang={translator.locale} dir={translator.dir}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={assets.style} />
        <link rel="icon" href="data:," />
        <script type="module" src={assets.script} integrity={assets.integrity} />
      </head>
      <body data-ancestors={assets.ancestors} {...behaviour}>
        <main aria-labelledby="reauth-heading">
          {before}
          <h1 id="reauth-heading" tabIndex={-1}>
            {heading}
          </h1>
          <div role="status" id="reauth-status" />
          {children}
          {languageAt !== undefined && (
            <LanguageForm
              url={languageAt}
              keeping={keeping}
              carried={carried}
              translator={translator}
            />
          )}
        </main>
      </body>
    </html>
  );
}
