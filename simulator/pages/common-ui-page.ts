import { document } from "./document.ts";
import { html } from "./html.ts";

/**
 * Sage's common UI: the frame around the provider's page.
 *
 * No `sandbox` on the frame: Sage's own attributes are not published, and its
 * `<script>window.location = X</script>` advice needs scripts. `allow=""` gives the frame no powers
 * beyond a page's ordinary ones.
 *
 * @param source the redirect page, or the connector's own address
 * @param connectorOrigin whose height the frame takes
 */
export function commonUiPage(source: string, connectorOrigin: string): string {
  return document(
    "Bank connection – Banking Service",
    "common-ui.css",
    html`<h1 class="hidden">Bank connection</h1>
      <iframe
        title="Your bank"
        src="${source}"
        allow=""
        data-grows-for="${connectorOrigin}"
      ></iframe>`,
    html`<script type="module" src="/assets/grow-frame.js"></script>`,
  );
}
