import type { CSSProperties, ReactNode } from "react";
import type { Translator } from "../i18n/translator.ts";

/**
 * What holds in somebody else's page even against a sheet that says `!important`: that a part is
 * there, where it stands, and its colours. Everything else gives way, since a person's own text
 * spacing and size come as `!important` as well (WCAG 1.4.4, 1.4.12; docs/decisions/064).
 */
export const hostProof = {
  display: "block!important",
  visibility: "unset!important" as "unset",
  position: "unset!important" as "unset",
  background: "#fff!important",
  color: "#000!important",
} satisfies CSSProperties;

// First everything of the host's is taken back, then the little that is needed is set. No ids: they
// could clash with the host's. Short, because it counts against the fragment's 2 KB.
const box = {
  all: "initial",
  ...hostProof,
  font: "max(18px,1.125rem)/1.5 sans-serif",
} satisfies CSSProperties;

/**
 * A piece of ours in the body of somebody else's page: a labelled section that speaks its own
 * language.
 */
export function HostSection({
  translator,
  heading,
  style,
  children,
}: {
  translator: Translator;
  heading: string;
  style?: CSSProperties;
  children: ReactNode;
}) {
  return (
    <section
      lang={translator.locale}
      dir={translator.dir}
      aria-label={heading}
      style={{ ...box, ...style }}
    >
      {children}
    </section>
  );
}
