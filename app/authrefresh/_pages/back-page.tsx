import type { Translator } from "../../../lib/i18n/translator.ts";
import { type Assets, Page } from "../../../lib/ui/page.tsx";

/**
 * What stands in a window of its own after the bank's page: the journey goes on in the one that was
 * left, which needs nothing from this one.
 */
export function BackPage({
  url,
  translator,
  assets,
}: {
  /** Where it is shown in another language. */ url: string;
  translator: Translator;
  assets: Assets;
}) {
  const { t } = translator;
  return (
    <Page
      translator={translator}
      assets={assets}
      title={t("page.title", { heading: t("back.heading"), bank: t("error.service") })}
      heading={t("back.heading")}
      behaviour={{ "data-focus": "reauth-heading" }}
      languageAt={url}
    >
      <p>{t("back.text")}</p>
    </Page>
  );
}
