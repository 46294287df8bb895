import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";

const challenge: Challenge = {
  kind: "message",
  prompt: {
    phase: "verify",
    title: "Nouveau",
    paragraphs: ["Un.", '<a href="https://evil.example">Deux</a>'],
  },
};

describe("a message of a bank’s", () => {
  const html = renderToStaticMarkup(
    kindOf(challenge).render({
      bank: "Northwind Bank",
      translator: translatorFor("en-GB"),
      bankLang: "fr",
      problems: [],
      fields: {},
      otherWay: false,
    }),
  );
  test("is text in the bank’s language, each paragraph in its own direction, and never a link", () => {
    expect(html).toBe(
      '<div class="bank-message" lang="fr"><h2 dir="auto">Nouveau</h2><p ' +
        'dir="auto">Un.</p><p dir="auto">&lt;a ' +
        "href=&quot;https://evil.example&quot;&gt;Deux&lt;/a&gt;</p></div>",
    );
  });
  test("is acknowledged by its button and by nothing else", () => {
    expect(readAnswer(challenge, { action: "continue" })).toEqual({
      answer: { kind: "message", value: { read: true } },
    });
    for (const fields of [{}, { action: "" }, { action: "send-again" }, { read: "true" }]) {
      expect(readAnswer(challenge, fields as Record<string, string>)).toMatchObject({
        problems: [{ field: null, message: { key: "message.unread" } }],
      });
    }
  });
  test("belongs to the phase the bank says it in", () => {
    expect(kindOf(challenge).phase).toBe("verify");
    expect(kindOf({ kind: "message", prompt: { phase: "sign-in", paragraphs: ["x"] } }).phase).toBe(
      "sign-in",
    );
  });
  test.each([
    ["without a text", { phase: "verify", paragraphs: [] }],
    ["with empty paragraphs alone", { phase: "verify", paragraphs: ["", "\n"] }],
    ["of the last phase", { phase: "finish", paragraphs: ["x"] }],
    ["longer than anybody reads", { phase: "verify", paragraphs: ["x".repeat(4001)] }],
  ])("is refused %s", (_, prompt) => {
    expect(challengeSchema.safeParse({ kind: "message", prompt }).success).toBe(false);
  });
});
