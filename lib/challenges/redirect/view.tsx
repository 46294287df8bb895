import type { ViewProps } from "../challenge.ts";

/**
 * A link and not a form: a browser follows it without `form-action`, and a window opens by the
 * person's own click, which no blocker stops (WCAG 3.2.5: its words say so).
 */
export function RedirectView({
  view: { url, opens },
  translator,
  bank,
}: ViewProps<{ url: string; opens: "frame" | "window" }>) {
  const { t } = translator;
  return (
    <>
      <p>{t(`redirect.text-${opens}`, { bank })}</p>
      <p>
        <a
          className="primary"
          href={url}
          {...(opens === "window" ? { target: "_blank", rel: "noopener noreferrer" } : {})}
        >
          {t(`redirect.link-${opens}`, { bank })}
        </a>
      </p>
    </>
  );
}
