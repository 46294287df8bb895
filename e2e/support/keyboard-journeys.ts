import { type BrowserContext, expect } from "playwright/test";
import { challengeKinds } from "../../lib/challenges/index.ts";
import type {
  KeyboardJourneys,
  KeyboardStep,
} from "../../lib/challenges/keyboard-journey.fixture.ts";
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

const approveAtBank: Step = async (wizard) => {
  await wizard.press(wizard.screen.getByRole("link", { name: words("redirect.link-frame") }));
  await wizard.press(wizard.screen.getByRole("link", { name: "Yes, connect it" }));
};
const approveInWindow: Step = async (wizard, context) => {
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

const atBank = { frame: approveAtBank, window: approveInWindow };

/** What a kind's folder says of a screen, done. */
const done =
  (step: KeyboardStep): Step =>
  async (wizard, context) => {
    const { heading, values, phase = 2, error } = step;
    await wizard.expectScreen(heading, {
      step: phase,
      ...(values ? { values } : {}),
      ...(error ? { error } : {}),
    });
    for (const [name, text] of Object.entries(step.type ?? {}))
      await wizard.type(wizard.screen.locator(`input[name="${name}"]`), text);
    if (step.choose !== undefined) await wizard.choose(step.choose);
    if (step.type || step.choose !== undefined) await wizard.continue();
    if (step.press) await wizard.press(wizard.button(step.press));
    if (step.atBank) await atBank[step.atBank](wizard, context);
  };

const through = (steps: readonly KeyboardStep[] = []): Journey => ({
  steps: steps.map(done),
  end: "authorised.heading",
});
const refused = (end: MessageKey): Journey => ({ steps: [], end });

/** The journeys of each kind; a kind without the file is an error that names it. */
const ofKinds = await Promise.all(
  challengeKinds.map(async ({ kind }) => {
    const module = (await import(`../../lib/challenges/${kind}/keyboard.fixture.ts`)) as {
      keyboardJourneys: KeyboardJourneys;
    };
    return { kind, ...module.keyboardJourneys };
  }),
);
const code = ofKinds.find(({ kind }) => kind === "one-time-code")?.always["user_sms"] ?? [];

/** Users in whose journeys each kind is shown, for `npm test`. */
export const usersOfKinds: readonly string[] = ofKinds.flatMap(({ always }) => Object.keys(always));

/** What every user of the sandbox does; a new user of no kind belongs in here, too. */
export const keyboardJourneys: Readonly<Record<string, Journey>> = {
  ...Object.fromEntries(
    ofKinds
      .flatMap(({ always, gallery = {} }) => Object.entries({ ...always, ...gallery }))
      .map(([userName, steps]) => [userName, through(steps)]),
  ),
  user_good: through(),
  user_two_rounds: through([
    ...code,
    {
      heading: "security-questions.heading",
      values: { count: 1 },
      type: { "answer-car": "blue" },
    },
  ]),
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
