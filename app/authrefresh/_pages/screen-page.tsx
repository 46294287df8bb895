import type { Screen } from "../../../lib/journey/screen.ts";
import { ChallengePage } from "./challenge-page.tsx";
import { FinishedPage } from "./finished-page.tsx";
import type { ScreenPageProps } from "./screen-page-props.ts";
import { FinishingPage, LeftPage, WorkingPage } from "./waiting-pages.tsx";

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
