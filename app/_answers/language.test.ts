import { describe, expect, test } from "vitest";
import { handleIn, languageIn, translatorOf } from "./language.ts";

const request = (path: string, { query = "", accept }: { query?: string; accept?: string } = {}) =>
  new Request(`https://connector.example${path}${query && `?${query}`}`, {
    headers: accept ? { "accept-language": accept } : {},
  });

describe("the language of a request", () => {
  test("is what was chosen, then the session’s, then the browser’s", () => {
    const chosen = request("/authrefresh/abc", { query: "lang=de-DE", accept: "pt" });
    expect(translatorOf(chosen, "fr-CA").locale).toBe("de-DE");
    expect(translatorOf(request("/authrefresh/abc", { accept: "pt" }), "fr-CA").locale).toBe(
      "fr-CA",
    );
    expect(translatorOf(request("/authrefresh/abc", { accept: "pt" })).locale).toBe("pt-PT");
    expect(translatorOf(request("/authrefresh/abc")).locale).toBe("en-GB");
  });
  test.each([
    "/authrefresh",
    "/authrefresh/return",
    "/authrefresh/abc/status",
    "/authrefresh/a%20b",
    "/nowhere",
    "/",
  ])("cannot be chosen at %s", (path) => {
    expect(languageIn(request(path, { query: "lang=de-DE" }))).toBeUndefined();
    expect(handleIn(request(path))).toBeUndefined();
  });
});
