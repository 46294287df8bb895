import type { Translator } from "../../../lib/i18n/translator.ts";
import type { Assets } from "../../../lib/ui/page.tsx";
import type { Screen } from "../../../lib/journey/screen.ts";
import { ChallengePage } from "./challenge-page.tsx";
import { FinishedPage } from "./finished-page.tsx";
import { FinishingPage, LeftPage, WorkingPage } from "./waiting-pages.tsx";

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

/** The page of whatever screen is due. */
export function ScreenPage({
  screen,
  ...rest
}: ScreenPageProps<Exclude<Screen, { type: "gone" | "unknown-bank" }>>) {
  switch (screen.type) {
    case "challenge":
      return <ChallengePage screen={screen} {...rest} />;
    case "working":
      return <WorkingPage screen={screen} {...rest} />;
    case "left":
      return <LeftPage screen={screen} {...rest} />;
    case "finishing":
      return <FinishingPage screen={screen} {...rest} />;
    case "finished":
      return <FinishedPage screen={screen} {...rest} />;
  }
}
