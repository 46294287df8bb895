import type { Translator } from "../../../lib/i18n/translator.ts";
import type { Screen } from "../../../lib/journey/screen.ts";
import type { Assets } from "../../../lib/ui/page.tsx";

export interface ScreenPageProps<S extends Screen> {
  screen: S;
  /**
   * Absolute address of the screen, which its forms post to; with the language in its query where
   * nothing else would remember it.
   */
  url: string;
  /**
   * Whether the screen follows something the person did in it: the first one does, when they chose
   * its language.
   */
  acted?: boolean;
  /**
   * Whether the person asked for something new: a screen that still waits says that there is
   * nothing.
   */
  checked?: boolean;
  translator: Translator;
  assets: Assets;
}
