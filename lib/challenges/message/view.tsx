import type { ViewProps } from "../challenge.ts";

/** The bank's own words, apart from ours, each paragraph in its own direction. */
export function MessageView({
  view: { title, paragraphs },
  bankLang,
}: ViewProps<{ title: string | undefined; paragraphs: readonly string[] }>) {
  return (
    <div className="bank-message" lang={bankLang}>
      {title !== undefined && <h2 dir="auto">{title}</h2>}
      {paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
