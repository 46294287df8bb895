import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listenTo } from "../../lib/banks/http/reference-bank.fixture.ts";
import { createPageBrowser, type FilledPage } from "./page-browser.ts";
import { throughPage } from "./through-page.ts";

/** Nobody listens there, and nobody is to be asked. */
const back = "http://127.0.0.1:9/authrefresh/return?state=ours";
const browser = createPageBrowser();
let bank: Awaited<ReturnType<typeof listenTo>>;

beforeAll(async () => {
  bank = await listenTo((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const html = (body: string) =>
      void response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bank</title><link ` +
            `rel="icon" href="data:,">${body}</html>`,
        );
    if (pathname === "/")
      return void html(
        '<form action="/consent"><label>User name (8 digits): * <input ' +
          'name="user"></label><input name="pin" type="password" placeholder="PIN"><button>▶ ' +
          'Continue</button><a href="/help">Continue without</a></form>',
      );
    if (pathname === "/consent")
      return void html(
        `<form action="/done"><input type="hidden" name="user" ` +
          `value="${searchParams.get("user")}-${searchParams.get("pin")}"><label><input ` +
          `type="checkbox" name="accounts"> Share my ` +
          `accounts</label><button>Continue</button></form>`,
      );
    if (pathname === "/done")
      return void response
        .writeHead(302, {
          location: `${back}&code=${searchParams.get("user")}-${searchParams.get("accounts")}`,
        })
        .end();
    if (pathname === "/script")
      return void html(
        `<form id="f"><input id="otp"></form><script>document.querySelector('#f').addEventListener('submit', (event) => { event.preventDefault(); location.href = '${back}&code=' + document.querySelector('#otp').value })</script>`,
      );
    return void html("<h1>Nothing</h1>");
  });
});
afterAll(async () => {
  await browser.close();
  bank.close();
});
const through = (path: string, pages: readonly FilledPage[]) =>
  throughPage(`${bank.url}${path}`, back, pages, browser);
const signIn = { fill: { "User name (8 digits)": "ada", PIN: "1234" }, press: "Continue" };

describe("a bank’s pages", () => {
  test("are filled in and pressed one after the other, until they lead back", async () => {
    expect(
      await through("", [signIn, { fill: { "Share my accounts": true }, press: "Continue" }]),
    ).toBe("code=ada-1234-on");
  });
  test("that follow each other need no form each", async () => {
    expect(await through("", [signIn, { press: "form button" }])).toBe("code=ada-1234-null");
  });
  test("may be fewer than there are to fill in: a bank remembers what somebody agreed to", async () => {
    expect(
      await through("/consent?user=ada&pin=1", [
        { fill: {}, press: "Continue" },
        { fill: {}, press: "Continue" },
      ]),
    ).toBe("code=ada-1-null");
  });
  test("may be scripts, and a field may be a selector; without a button its form is sent", async () => {
    expect(await through("/script", [{ fill: { "#otp": "123456" } }])).toBe("code=123456");
  });
  test("of many people at once do not share what they remember", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `person${index}`);
    const codes = await Promise.all(
      names.map((name) =>
        through("", [
          { ...signIn, fill: { ...signIn.fill, "User name (8 digits)": name } },
          { press: "Continue" },
        ]),
      ),
    );
    expect(codes).toEqual(names.map((name) => `code=${name}-1234-null`));
  });
});

describe("a page", () => {
  const impatient = createPageBrowser({ maxMs: 15_000 });
  afterAll(() => impatient.close());
  test.concurrent.each<[string, string, readonly FilledPage[], string]>([
    [
      "without the field",
      "",
      [{ fill: { Password: "x" }, press: "Continue" }],
      "page 1 of the bank’s has no field “Password”",
    ],
    [
      "without what is to be pressed",
      "",
      [signIn, { press: "Agree" }],
      "page 2 of the bank’s has nothing called “Agree” to press",
    ],
    [
      "that leads nowhere",
      "/nothing",
      [{ fill: {} }],
      "the bank’s page leads nowhere after 1 page",
    ],
  ])("%s is said to be one", { timeout: 120_000 }, async (_, path, pages, problem) => {
    await expect(throughPage(`${bank.url}${path}`, back, pages, impatient)).rejects.toThrow(
      problem,
    );
  });
  test("to fill in needs a browser", async () => {
    await expect(throughPage(bank.url, back, [signIn])).rejects.toThrow("there is no browser");
  });
});
