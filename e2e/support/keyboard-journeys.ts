import { type BrowserContext, expect } from "playwright/test";
import type { KeyboardWizard } from "./keyboard-wizard.ts";
import { pressKey } from "./press-key.ts";
import { type MessageKey, words } from "./words.ts";

/** What is pressed and typed on one screen; it begins with waiting for that screen. */
type Step = (wizard: KeyboardWizard, context: BrowserContext) => Promise<unknown>;

interface Journey {
  /** After signing in. */
  steps: readonly Step[];
  end: MessageKey;
}

const second = { step: 2 } as const;
const code: Step = async (wizard) => {
  await wizard.expectScreen("one-time-code.heading", { ...second, values: { length: 6 } });
  await wizard.enterCode();
};
const answer =
  (heading: MessageKey, count: number | undefined, ...texts: string[]): Step =>
  async (wizard) => {
    await wizard.expectScreen(heading, {
      ...second,
      ...(count === undefined ? {} : { values: { count } }),
    });
    const fields = wizard.screen.getByRole("main").getByRole("textbox");
    for (const [index, text] of texts.entries()) await wizard.type(fields.nth(index), text);
    await wizard.continue();
  };
const choose =
  (heading: MessageKey, index: number): Step =>
  async (wizard) => {
    await wizard.expectScreen(heading, second);
    await wizard.choose(index);
    await wizard.continue();
  };
const press =
  (heading: MessageKey, button: MessageKey, error = false): Step =>
  async (wizard) => {
    await wizard.expectScreen(heading, { ...second, error });
    await wizard.press(wizard.button(button));
  };
const approveAtBank: Step = async (wizard) => {
  await wizard.expectScreen("redirect.heading", second);
  await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
  await wizard.press(wizard.screen.getByRole("link", { name: "Yes, connect it" }));
};
const approveInWindow: Step = async (wizard, context) => {
  await wizard.expectScreen("redirect.heading", second);
  await wizard.reach(wizard.screen.getByRole("link", { name: words("redirect.link-window") }));
  const [window] = await Promise.all([
    context.waitForEvent("page"),
    pressKey(wizard.page, "Enter"),
  ]);
  const link = window.getByRole("link", { name: "Yes, connect it" });
  await expect(link).toBeVisible();
  for (
    let stops = 0;
    stops < 10 && !(await link.evaluate((element) => element === document.activeElement));
    stops += 1
  )
    await pressKey(window, "Tab");
  await pressKey(window, "Enter");
  await expect(window.getByRole("heading", { level: 1 })).toHaveText(words("back.heading"));
  await window.close();
  // A script sees by itself that the bank has its answer, maybe before a key could be pressed.
  if (!wizard.scripted) await wizard.press(wizard.button("redirect.check"));
};

const through = (...steps: Step[]): Journey => ({ steps, end: "authorised.heading" });
const refused = (end: MessageKey): Journey => ({ steps: [], end });

/** What every user of the sandbox does; a new user belongs in here, too. */
export const keyboardJourneys: Readonly<Record<string, Journey>> = {
  user_good: through(),
  user_sms: through(code),
  user_email: through(code),
  user_totp: through(code),
  user_card_reader: through(answer("one-time-code.heading-card-reader", undefined, "12345678")),
  user_device: through(choose("method-choice.heading", 1), code),
  user_questions: through(answer("security-questions.heading", 2, "blue", "rover")),
  user_memorable: through(answer("memorable-characters.heading", 3, "a", "p", "p")),
  user_message: through(press("message.heading", "page.continue")),
  user_fields: through(async (wizard) => {
    await wizard.expectScreen("credentials.heading-more", { step: 1 });
    await wizard.type(wizard.field("Customer number"), "48151623");
    await wizard.type(wizard.screen.locator("input[name=field-pin]"), "2468");
    await wizard.continue();
  }),
  user_photo: through(answer("picture-code.heading-scan", undefined, "123456")),
  user_captcha: through(answer("picture-code.heading-read", undefined, "123456")),
  user_image: through(choose("picture-choice.heading", 2)),
  user_push: through((wizard) => wizard.expectScreen("approval.heading", second)),
  user_push_number: through((wizard) => wizard.expectScreen("approval.heading", second)),
  user_push_denied: through(press("approval.heading-over", "page.other-way", true), code),
  user_push_expired: through(press("approval.heading", "page.other-way"), code),
  user_redirect: through(approveAtBank),
  user_redirect_window: through(approveInWindow),
  user_two_rounds: through(code, answer("security-questions.heading", 1, "blue")),
  user_slow: through(),
  user_wrong_account: refused("refused.wrong-account.heading"),
  user_locked: refused("refused.locked.heading"),
  user_suspended: refused("refused.suspended.heading"),
  user_password_expired: refused("refused.password-expired.heading"),
  user_action_needed: refused("refused.action-needed.heading"),
  user_unknown_kind: refused("failed.unknown-challenge.heading"),
  user_broken: refused("failed.unexpected.heading"),
  user_nonsense: refused("failed.unexpected.heading"),
  user_hangs: {
    steps: [
      async (wizard) => {
        await wizard.expectScreen("working.heading", { step: 1 });
        await wizard.cancel();
      },
    ],
    end: "cancelled.heading",
  },
  user_down: {
    steps: [
      async (wizard) => {
        await wizard.expectScreen("credentials.heading", { step: 1, error: true });
        await wizard.cancel();
      },
    ],
    end: "cancelled.heading",
  },
};
