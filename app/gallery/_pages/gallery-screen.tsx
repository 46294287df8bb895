import type { Translator } from "../../../lib/i18n/translator.ts";
import type { Assets } from "../../../lib/ui/page.tsx";
import { ErrorFragment, ErrorPage } from "../../_answers/error-page.tsx";
import { BackPage } from "../../authrefresh/_pages/back-page.tsx";
import { AuthrefreshFragment } from "../../authrefresh/_pages/authrefresh-fragment.tsx";
import { ScreenPage } from "../../authrefresh/_pages/screen-page.tsx";
import { type Story, onScreen } from "../_screens/story.ts";
import { HostPage } from "./host-page.tsx";

export interface GalleryScreenProps {
  story: Story;
  /** Where its forms post to. */
  url: string;
  translator: Translator;
  assets: Assets;
}

/** A screen of the gallery, by the very page that people get. */
export function GalleryScreen({
  story: { shows, title },
  url,
  translator,
  assets,
}: GalleryScreenProps) {
  switch (shows.type) {
    case "screen":
      return (
        <ScreenPage
          screen={shows.screen}
          checked={shows.checked ?? false}
          url={url}
          translator={translator}
          assets={assets}
        />
      );
    case "error":
      return (
        <ErrorPage
          name={shows.error}
          translator={translator}
          assets={assets}
          url={shows.atScreen ? url : undefined}
          acted={false}
        />
      );
    case "back":
      return <BackPage url={url} translator={translator} assets={assets} />;
    case "fragment":
      return (
        <HostPage title={title}>
          <AuthrefreshFragment url={url} bank={onScreen.bank} translator={translator} />
        </HostPage>
      );
    case "error-fragment":
      return (
        <HostPage title={title}>
          <ErrorFragment name={shows.error} translator={translator} />
        </HostPage>
      );
  }
}
