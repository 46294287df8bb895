import type { Translator } from "../../lib/i18n/translator.ts";
import { type Assets, Page } from "../../lib/ui/page.tsx";

/** It stands for a page that is not ours, so its words are in no catalogue. */
export function SandboxBankPage({
  back,
  translator,
  assets,
}: {
  back: string;
  translator: Translator;
  assets: Assets;
}) {
  return (
    <Page
      translator={translator}
      assets={assets}
      title="Confirm it is you – Northwind Bank"
      heading="Confirm it is you"
      behaviour={{ "data-focus": "reauth-heading" }}
    >
      <p>This is a page of Northwind Bank’s own. Do you want to connect your account again?</p>
      <p>
        <a className="primary" href={`${back}&result=approved`}>
          Yes, connect it
        </a>
      </p>
      <p>
        <a href={`${back}&result=denied`}>No, go back</a>
      </p>
    </Page>
  );
}
