import type { Locator } from "playwright/test";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

/**
 * A field that people, password managers and phones can fill: named, typed, and in the way of
 * nothing (accessibility rules 5 to 7).
 */
async function expectField(
  field: Locator,
  expected: {
    name: string;
    autocomplete: string;
    type?: string;
    inputmode?: string;
    description?: string;
  },
) {
  await expect(field).toHaveAccessibleName(expected.name);
  await expect(field).toHaveAccessibleDescription(expected.description ?? "");
  await expect(field).toHaveAttribute("type", expected.type ?? "text");
  await expect(field).toHaveAttribute("autocomplete", expected.autocomplete);
  await expect(field).toHaveAttribute("spellcheck", "false");
  await expect(field).toHaveAttribute("autocapitalize", "none");
  if (expected.inputmode) await expect(field).toHaveAttribute("inputmode", expected.inputmode);
  for (const refused of [
    "required",
    "maxlength",
    "pattern",
    "readonly",
    "disabled",
    "placeholder",
    "onpaste",
  ])
    await expect(field).not.toHaveAttribute(refused);
}

test("user name and password are on one page and say what they are", async ({ open }) => {
  const { screen } = await open();
  await expectField(screen.locator("input[name=username]"), {
    name: words("credentials.username"),
    autocomplete: "username",
  });
  await expectField(screen.locator("input[name=password]"), {
    name: words("credentials.password"),
    autocomplete: "current-password",
    type: "password",
  });
});

test("the code is one field with digits to type, and its hint says where the code went", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("user_sms");
  await wizard.expectScreen("one-time-code.heading", { step: 2, values: { length: 6 } });
  await expectField(wizard.screen.locator("input[name=code]"), {
    name: words("one-time-code.code", { length: 6 }),
    autocomplete: "one-time-code",
    inputmode: "numeric",
    description: words("one-time-code.sent-by-sms", { destination: "•••• 123" }),
  });
  // iOS offers to scan a bank card at such a label (accessibility bar A15).
  await expect(wizard.screen.getByText(/security code/i)).toHaveCount(0);
});

test("two questions are two fields, each named by its question, and both are answered at once", async ({
  open,
}) => {
  const wizard = await open();
  await wizard.signIn("user_questions");
  await wizard.expectScreen("security-questions.heading", { step: 2, values: { count: 2 } });
  const [car, pet] = ["What colour was your first car?", "What was the name of your first pet?"];
  await expectField(wizard.field(car), { name: car, autocomplete: "off" });
  await expectField(wizard.field(pet), { name: pet, autocomplete: "off" });
  await wizard.field(car).fill("blue");
  await wizard.continue();
  await wizard.expectScreen("security-questions.heading", {
    step: 2,
    error: true,
    values: { count: 2 },
  });
  await expect(wizard.field(pet)).toHaveAttribute("aria-invalid", "true");
  await expect(wizard.field(car)).not.toHaveAttribute("aria-invalid");
  await wizard.field(car).fill("blue");
  await wizard.field(pet).fill("rover");
  await wizard.continue();
  await wizard.expectScreen("authorised.heading", { step: 3 });
});

test("every screen says whose page it is or what the bank did, and none uses our own words", async ({
  open,
}) => {
  const wizard = await open();
  await expect(wizard.screen.getByText(words("credentials.whose-page"))).toBeVisible();
  const avoided = /\b(session|token|timed? ?out|authenticat\w*|challenge|invalid|submit)\b/i;
  await expect(wizard.screen.getByText(avoided)).toHaveCount(0);
  await wizard.signIn("user_sms");
  await wizard.enterCode("12");
  await wizard.expectScreen("one-time-code.heading", {
    step: 2,
    error: true,
    values: { length: 6 },
  });
  await expect(wizard.screen.getByText(avoided)).toHaveCount(0);
});
