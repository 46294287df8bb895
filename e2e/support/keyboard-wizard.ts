import { expect, type Locator } from "playwright/test";
import { pressKey } from "./press-key.ts";
import { arrival, focusIn, sageLink } from "./tab-walk.ts";
import { Wizard } from "./wizard.ts";
import { words } from "./words.ts";

const maxStops = 60;
const maxToRequestMs = 10_000;
const maxToArriveMs = 10_000;

/**
 * A journey with the keyboard alone, from Sage's page into the frame. The focus is never set, only
 * moved, and has to be seen at every stop.
 */
export class KeyboardWizard extends Wizard {
  /** What was wrong with how the focus was shown on the way. */
  readonly problems: string[] = [];

  /** Presses Tab until this has the focus; behind the last stop in the frame, Shift+Tab. */
  async reach(target: Locator, { judged = true } = {}) {
    await target.first().waitFor();
    const frame = await this.frame();
    let at = (await focusIn(this.page, frame))?.name ?? "";
    let key = "Tab";
    for (let count = 0; count < maxStops; count += 1) {
      if (
        await target.evaluate(
          (element) => element === document.activeElement && document.hasFocus(),
        )
      )
        return;
      await pressKey(this.page, key);
      const stop = await arrival(this.page, frame, at, key, {
        withinMs: maxToArriveMs,
        judged,
      }).catch(() => undefined);
      // A key that a busy machine lost: a person presses again.
      if (!stop) continue;
      this.problems.push(...stop.problems.map((problem) => `${stop.name}: ${problem}`));
      at = stop.name;
      if (stop.name === sageLink.after) key = "Shift+Tab";
    }
    throw new Error(`Tab does not lead to ${String(target)}`);
  }

  async type(target: Locator, text: string) {
    await this.reach(target);
    await this.page.keyboard.type(text);
  }

  override press(target: Locator) {
    return this.#pressEnter(target, true);
  }

  /** The same in a page that is not ours, where how the focus is shown is not ours to judge. */
  pressOutside(target: Locator) {
    return this.#pressEnter(target, false);
  }

  async #pressEnter(target: Locator, judged: boolean) {
    const frame = await this.frame();
    const enter = async () => {
      await this.reach(target, { judged });
      await Promise.all([
        this.page.waitForRequest(
          (request) => request.isNavigationRequest() && request.frame() === frame,
          { timeout: maxToRequestMs },
        ),
        pressKey(this.page, "Enter"),
      ]);
    };
    await enter().catch(async () => {
      // A busy machine may have gone on later than was waited for.
      if (await target.isVisible()) await enter();
    });
  }

  override async fillCredentials(userName: string, password = "pass_good") {
    await this.type(this.field(words("credentials.username")), userName);
    await this.type(this.password, password);
  }

  override async enterCode(code = "123456") {
    await this.type(this.screen.getByRole("textbox"), code);
    await this.continue();
  }

  /** Chooses one of a group of radio buttons, counted from 0. */
  async choose(index: number) {
    const radios = this.screen.getByRole("radio");
    await this.reach(radios.first());
    await this.page.keyboard.press("Space");
    for (let count = 0; count < index; count += 1) await this.page.keyboard.press("ArrowDown");
    await expect(radios.nth(index)).toBeChecked();
  }
}
