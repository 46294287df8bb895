import { expect } from "playwright/test";
import {
  rightCode,
  rightPassword,
} from "../../lib/banks/berlin-group/berlin-group-bank.fixture.ts";
import type { Act, AdapterJourney, OnTheWay } from "./adapter-journey.ts";
import { account, iban, type TestBanks } from "./test-banks.ts";
import type { ExpectedScreen, Wizard } from "./wizard.ts";
import { words } from "./words.ts";

const credentials: AdapterJourney["first"] = ["credentials.heading", { step: 1 }];
const wrongSignIn: Act = async ({ wizard }) =>
  wizard.expectScreen("credentials.heading", { step: 1, error: true });
const wrongPassword =
  (userName: string): Act =>
  async (on) => {
    await on.wizard.signIn(userName, "not the password");
    await wrongSignIn(on);
  };
const bankAway =
  (...screen: AdapterJourney["first"]): Act =>
  async ({ wizard }) => {
    await wizard.expectScreen(screen[0], { ...screen[1], error: true });
    await expect(wizard.screen.getByRole("alert")).toContainText(
      words("bank-away.problem", { bank: "Northwind Bank" }),
    );
  };
const awayAtSignIn = bankAway(...credentials);
const seconds = (values?: ExpectedScreen["values"]): ExpectedScreen => ({
  step: 2,
  ...(values ? { values } : {}),
});

const codeOfSix: Act = async ({ wizard, look }) => {
  await wizard.expectScreen("one-time-code.heading", seconds({ length: 6 }));
  await look();
  await wizard.enterCode();
};

export const adapterJourneys: Readonly<Record<string, AdapterJourney>> = {
  sandbox: {
    first: credentials,
    wrong: wrongPassword("user_sms"),
    right: async (on) => {
      await on.wizard.signIn("user_sms");
      await codeOfSix(on);
    },
    away: async (on) => {
      await on.wizard.signIn("user_down");
      await awayAtSignIn(on);
    },
    // It confirms whatever account is asked about.
    otherPerson: async ({ wizard }) => wizard.signIn("user_wrong_account"),
  },

  http: {
    first: credentials,
    wrong: wrongPassword("two-rounds"),
    right: async (on) => {
      await on.wizard.signIn("two-rounds");
      await codeOfSix(on);
      await on.wizard.expectScreen("security-questions.heading", seconds({ count: 1 }));
      await on.look();
      await on.wizard.answerQuestion();
    },
    away: async (on) => {
      on.banks.referenceBank.upset("/v1/start");
      await on.wizard.signIn("two-rounds");
      await awayAtSignIn(on);
    },
  },

  "berlin-group": {
    account: iban,
    first: credentials,
    wrong: wrongPassword("choose"),
    right: async ({ wizard, look }) => {
      await wizard.signIn("choose", rightPassword);
      await wizard.expectScreen("method-choice.heading", seconds());
      await look();
      await wizard.screen
        .getByRole("radio", { name: "SMS OTP on phone +49160 xxxxx 28", exact: true })
        .check();
      await wizard.continue();
      await wizard.expectScreen("one-time-code.heading-any", seconds());
      await expect(wizard.screen.locator("p.bank-message")).toHaveText(
        "Nobody at the bank asks for this <b>code</b>. Please confirm.",
      );
      const code = wizard.field(words("one-time-code.code-any"));
      await code.fill("1");
      await wizard.continue();
      await wizard.expectScreen("one-time-code.heading-any", { ...seconds(), error: true });
      await look();
      await code.fill(rightCode);
      await wizard.continue();
    },
    away: async (on) => {
      on.banks.berlinGroup.spoil({ at: "/consents", status: 503 });
      await on.wizard.signIn("choose", rightPassword);
      await awayAtSignIn(on);
    },
  },

  "berlin-group, oauth": {
    account: iban,
    ...onPage(credentials, nameOAuth, ({ berlinGroup }) =>
      berlinGroup.spoil({ at: "/oauth/token", status: 503 }),
    ),
  },

  openid: {
    first: credentials,
    wrong: async (on) => {
      await name(on, "nobody");
      await wrongSignIn(on);
    },
    right: async (on) => {
      const {
        wizard,
        look,
        banks: { provider },
      } = on;
      const before = provider.asked.length;
      await name(on, "ada");
      await wizard.expectScreen("approval.heading", seconds());
      const asked = provider.asked[before];
      if (!asked) throw new Error("the app was not asked");
      await expect(wizard.screen.locator(".match-number")).toHaveText(
        asked.params?.binding_message ?? "no number",
      );
      await look();
      await provider.approve(asked);
      if (wizard.scripted) return;
      // The provider's ping may come after the first look.
      const check = wizard.button("approval.check");
      await expect(async () => {
        if (await check.isVisible()) await wizard.press(check);
        await expect(check).toHaveCount(0, { timeout: 1000 });
      }).toPass();
    },
    away: async (on) => {
      on.banks.provider.interfere("/backchannel", (response) => response.writeHead(503).end());
      await name(on, "ada");
      await awayAtSignIn(on);
    },
  },

  "openid, page": onPage(["message.heading", { step: 1 }], readMessage, ({ provider }) =>
    provider.interfere("/token", (response) => response.writeHead(503).end()),
  ),

  "connect-code": {
    first: ["one-time-code.heading", seconds({ length: 8 })],
    wrong: async (on) => {
      const { code } = await connectCode(on);
      await codeFromTheApp(
        on,
        code.replace(/.$/, (last) => String((Number(last) + 1) % 10)),
      );
      await on.wizard.expectScreen("one-time-code.heading", {
        ...seconds({ length: 8 }),
        error: true,
      });
    },
    right: async (on) => codeFromTheApp(on, (await connectCode(on)).display),
  },

  "connect-code, identifier": {
    first: ["one-time-code.heading", seconds({ length: 8 })],
    wrong: async (on) => {
      await codeAndIdentifier(on, "481517");
      await on.wizard.expectScreen("one-time-code.heading", {
        ...seconds({ length: 8 }),
        error: true,
      });
      await expect(on.wizard.field("Connection id")).toHaveValue("481517");
    },
    right: async (on) => codeAndIdentifier(on, "4815 16"),
  },
};

/** Whoever confirms on a page of the bank's own. */
function onPage(
  first: AdapterJourney["first"],
  begin: Act,
  refuseToken: (banks: TestBanks) => unknown,
): AdapterJourney {
  return {
    first,
    wrong: async (on) => {
      await begin(on);
      await goToPage(on, "No, go back");
      await on.wizard.expectScreen("redirect.heading", { ...seconds(), error: true });
      await expect(on.wizard.screen.getByRole("alert")).toContainText(words("redirect.denied"));
    },
    right: async (on) => {
      if (!(await linkToBank(on.wizard).isVisible())) await begin(on);
      await goToPage(on, "Yes, connect it");
    },
    away: async (on) => {
      await begin(on);
      refuseToken(on.banks);
      await goToPage(on, "Yes, connect it");
      await bankAway("redirect.heading", seconds())(on);
    },
  };
}

async function name({ wizard }: OnTheWay, text: string) {
  await wizard.field("Customer name").fill(text);
  await wizard.continue();
}

/** Signs in at the bank whose approach is OAuth, up to the way to its page. */
async function nameOAuth(on: OnTheWay) {
  await name(on, "oauth");
  await on.wizard.expectScreen("redirect.heading", seconds());
  await on.look();
}

async function readMessage({ wizard, look }: OnTheWay) {
  await wizard.continue();
  await wizard.expectScreen("redirect.heading", seconds());
  await look();
}

const linkToBank = (wizard: Wizard) =>
  wizard.screen.getByRole("link", { name: words("redirect.link-window") });

/** Goes to the bank's page in a window of its own, and back. */
async function goToPage({ wizard, banks: { provider } }: OnTheWay, press: string) {
  const context = wizard.page.context();
  const [window] = await Promise.all([context.waitForEvent("page"), linkToBank(wizard).click()]);
  await window.getByRole("link", { name: press }).click();
  await expect(window.getByRole("heading", { level: 1 })).toHaveText(words("back.heading"));
  await window.close();
  // The bank's own; ours there are none (support/test.ts).
  await context.clearCookies({ domain: new URL(provider.issuer).hostname });
  if (!wizard.scripted) await wizard.press(wizard.button("redirect.check"));
}

/** A code, as the bank's app fetches one from us for whoever is signed in there. */
async function connectCode(
  { banks: { connectCodeKey }, connectorUrl }: OnTheWay,
  more: object = {},
) {
  const asked = { bankId: "connect-code", accounts: [{ externalId: account }], ...more };
  const made = await fetch(`${connectorUrl}/connect-codes`, {
    method: "POST",
    headers: { authorization: `Bearer ${connectCodeKey}`, "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  expect(made.status).toBe(201);
  return (await made.json()) as { code: string; display: string };
}

async function codeFromTheApp({ wizard }: OnTheWay, code: string) {
  await wizard.field(words("one-time-code.code", { length: 8 })).fill(code);
  await wizard.continue();
}

/** Types the code of the right connection id, and an id beside it. */
async function codeAndIdentifier(on: OnTheWay, identifier: string) {
  const { display } = await connectCode(on, {
    bankId: "connect-code, identifier",
    identifier: "481516",
  });
  await on.wizard.field("Connection id").fill(identifier);
  await codeFromTheApp(on, display);
}
