import { afterAll, beforeAll, expect, test } from "vitest";
import { listenTo } from "../../lib/banks/http/reference-bank.fixture.ts";
import { throughPage } from "./through-page.ts";

const back = "https://connector.example/authrefresh/return?state=ours";
let bank: Awaited<ReturnType<typeof listenTo>>;
beforeAll(async () => {
  bank = await listenTo((request, response) => {
    const html = (body: string) =>
      void response.writeHead(200, { "content-type": "text/html" }).end(body);
    const { url, headers } = request;
    if (url === "/")
      return void response
        .writeHead(302, { location: "/page", "set-cookie": "who=ada; Path=/; HttpOnly" })
        .end();
    if (url === "/page" && headers.cookie === "who=ada")
      return void html(`<a class="no" href="/no">No</a> <a href='/yes?a=1&amp;b=2'>Yes</a>`);
    if (url === "/yes?a=1&b=2")
      return void html(
        `<a href="https://other.example/">Help</a><a ` +
          `href="${back}&amp;code=x%20y&amp;iss=bank">Back</a>`,
      );
    if (url === "/round") return void response.writeHead(302, { location: "/round" }).end();
    return void html('<form method="post"><input name="password"></form>');
  });
});
afterAll(() => bank.close());

test("a page is gone through by redirects, with cookies, over the links to press, and what it comes back with is without our state", async () => {
  expect(await throughPage(bank.url, back, [{ press: "^/yes" }])).toBe("code=x+y&iss=bank");
});
test.each([
  ["that wants a form filled in", "/form", "leads nowhere after 0 steps"],
  ["without the link to press", "/page", "leads nowhere"],
  ["that leads round", "/round", "round in circles"],
])("a page %s is said to be one", async (_, at, problem) => {
  await expect(throughPage(`${bank.url}${at}`, back, [{ press: "^/yes" }])).rejects.toThrow(
    problem,
  );
});
