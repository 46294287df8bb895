import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { sessionResults } from "../../../lib/authorisations/session.ts";
import { refusalReasons } from "../../../lib/banks/bank-adapter.ts";
import { translatorFor } from "../../../lib/i18n/translator.ts";
import { failureReasons } from "../../../lib/journey/endings.ts";
import { FinishedPage } from "./finished-page.tsx";
import { LeftPage } from "./waiting-pages.tsx";

const returnUrl = "https://x.sage.com/back?a=b&state=s";
const reasons = {
  authorised: [null],
  cancelled: [null],
  expired: [null],
  refused: [...refusalReasons, "wrong-account"],
  failed: [...failureReasons],
} satisfies Record<(typeof sessionResults)[number], (string | null)[]>;

const endings = sessionResults.flatMap((result) =>
  reasons[result].flatMap((reason) =>
    (["delivered", "unconfirmed", "undeliverable"] as const).map((deliveryStatus) => ({
      result,
      reason,
      deliveryStatus,
    })),
  ),
);

describe("the last screen", () => {
  test.each(endings)(
    "says what happened and leads back: $result $reason, $deliveryStatus",
    ({ result, reason, deliveryStatus }) => {
      const screen = {
        type: "finished",
        bank: "<i>Northwind</i>",
        result,
        reason,
        deliveryStatus,
        returnUrl,
        reference: "ref-1",
        retrySeconds: null,
        version: "v",
      } as const;
      const html = renderToStaticMarkup(
        <FinishedPage
          screen={screen}
          url="https://connector.example/authrefresh/h"
          translator={translatorFor("en-GB")}
          assets={{ script: "/s.js", style: "/s.css" }}
        />,
      );
      expect(html).toMatch(/<h1 id="reauth-heading" tabindex="-1">[^<]+<\/h1>/);
      expect(html).toContain('href="https://x.sage.com/back?a=b&amp;state=s"');
      expect(html).not.toContain("<i>");
    },
  );
});

test("without a way back a screen that one leaves says so, and has no link to anywhere", () => {
  const screen = {
    type: "finished",
    bank: "B",
    result: "cancelled",
    reason: null,
    deliveryStatus: "delivered",
    returnUrl: null,
    reference: "r",
    retrySeconds: null,
    version: "v",
  } as const;
  const around = {
    url: "https://connector.example/authrefresh/h",
    translator: translatorFor("en-GB"),
    assets: { script: "/s.js", style: "/s.css" },
  };
  for (const page of [
    <FinishedPage {...around} screen={screen} />,
    <LeftPage {...around} screen={{ type: "left", bank: "B", returnUrl: null, version: "v" }} />,
  ]) {
    const html = renderToStaticMarkup(page);
    expect(html).toContain("We cannot take you back to Sage from this page.");
    expect(html).not.toContain("<a ");
  }
});

describe("when it is worth coming back", () => {
  test.each([
    [40, "about a minute"],
    [5400, "about 90 minutes"],
    [5460, "about 2 hours"],
    [129_600, "about 36 hours"],
    [130_000, "about 2 days"],
    [2_592_000, "about 30 days"],
  ])("is said in a fitting unit: %i s", (retrySeconds, text) => {
    const screen = {
      type: "finished",
      bank: "B",
      result: "refused",
      reason: "locked",
      deliveryStatus: "delivered",
      returnUrl,
      reference: "r",
      retrySeconds,
      version: "v",
    } as const;
    const html = renderToStaticMarkup(
      <FinishedPage
        screen={screen}
        url="https://connector.example/authrefresh/h"
        translator={translatorFor("en-GB")}
        assets={{ script: "/s.js", style: "/s.css" }}
      />,
    );
    expect(html).toContain(text);
  });
});

describe("accounts that the bank did not show", () => {
  const shown = (more: object) =>
    renderToStaticMarkup(
      <FinishedPage
        screen={{
          type: "finished",
          bank: "B",
          result: "authorised",
          reason: null,
          deliveryStatus: "delivered",
          returnUrl,
          reference: "r",
          retrySeconds: null,
          version: "v",
          content: { uncovered: [{ name: "<b>Payroll</b>" }, { ending: "4321" }], more: 2 },
          ...more,
        }}
        url="https://connector.example/authrefresh/h"
        translator={translatorFor("en-GB")}
        assets={{ script: "/s.js", style: "/s.css" }}
      />,
    );
  test("are named after a success, with what to do, and with time to read it", () => {
    const html = shown({});
    expect(html).toContain("B did not confirm these accounts:");
    expect(html).toContain("&lt;b&gt;Payroll&lt;/b&gt;");
    expect(html).toContain("<li>Account ending in 4321</li><li>2 more accounts</li>");
    expect(html).toContain("To add them, start again from Sage.");
    expect(html).toContain('data-return-after="60"');
  });
  test("are named after a refusal, which says itself what to do", () => {
    const html = shown({ result: "refused", reason: "accounts-missing" });
    expect(html).toContain("Some of your accounts are missing");
    expect(html).toContain("<li>Account ending in 4321</li>");
    expect(html).not.toContain("To add them");
  });
  test("are nothing to speak of where there are none", () => {
    expect(shown({ content: undefined })).not.toContain("<li>");
  });
});
