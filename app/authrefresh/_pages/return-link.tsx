import type { Translator } from "../../../lib/i18n/translator.ts";

/**
 * The way back to Sage, as a plain link: leaving is a navigation and not the redirect of a form
 * post (design decision 11). Without one, the words for that.
 */
export function ReturnLink({
  returnUrl,
  translator,
}: {
  returnUrl: string | null;
  translator: Translator;
}) {
  if (returnUrl === null) return <p>{translator.t("finished.no-return-url")}</p>;
  return (
    <p>
      <a id="reauth-return" className="primary" href={returnUrl}>
        {translator.t("finished.return")}
      </a>
    </p>
  );
}
