import type { Reader } from "../../../lib/i18n/translator.ts";

/**
 * The way back to Sage, as a plain link: leaving is a navigation and not the redirect of a form
 * post (design decision 11). Without one, the words for that.
 */
export function ReturnLink({ returnTo, reader }: { returnTo: string | null; reader: Reader }) {
  if (returnTo === null) return <p>{reader.t("finished.no-way-back")}</p>;
  return (
    <p>
      <a id="reauth-return" className="primary" href={returnTo}>
        {reader.t("finished.return")}
      </a>
    </p>
  );
}
