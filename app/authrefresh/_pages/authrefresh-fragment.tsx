import type { CSSProperties } from "react";
import type { Translator } from "../../../lib/i18n/translator.ts";
import { HostSection, hostProof } from "../../../lib/ui/host-section.tsx";

// The browser's own link, with its own focus ring made thick enough (accessibility bar A3) and room
// for a finger. Its colour is not left to a host whose colour scheme is dark.
const link = {
  all: "revert",
  ...hostProof,
  background: "0!important",
  color: "#00c!important",
  padding: "1em",
  outlineWidth: "3px",
} satisfies CSSProperties;

// Constant, so that a host may allow it by its hash. It works on the link before it and therefore
// needs no id, and it moves the frame it is in, never the top.
const follow = "location.replace(document.currentScript.previousSibling.href)";

/**
 * What a server-side caller gets: at most 2 KB, one absolute link and the script that follows it.
 * The link is visible, for hosts that drop scripts. Nothing of the query is echoed: the parameters
 * travel sealed in the handle.
 */
export function AuthrefreshFragment({
  url,
  bank,
  translator,
}: {
  url: string;
  bank: string;
  translator: Translator;
}) {
  const { t } = translator;
  return (
    <HostSection translator={translator} heading={t("fragment.heading")}>
      <a href={url} style={link}>
        {t("fragment.link", { bank })}
      </a>
      <script dangerouslySetInnerHTML={{ __html: follow }} />
    </HostSection>
  );
}
