import { afterEach, beforeEach, expect, test } from "vitest";
import { loadAssets, styleAsset } from "../../../lib/web/assets.ts";
import { serverLink } from "../../../lib/web/server-link.ts";
import type { Services } from "../../../lib/services.ts";
import { GET, HEAD, POST } from "./route.ts";

const assets = loadAssets({});
const bankStyle = styleAsset({ THEME_ACCENT: "#7a0044" });
beforeEach(() => {
  serverLink().services = {
    assets,
    banks: { style: (name: string) => (name === bankStyle.name ? bankStyle : undefined) },
  } as unknown as Services;
});
afterEach(() => {
  serverLink().services = undefined;
});

const ask = (name: string, handler = GET) =>
  handler(new Request(`http://localhost:3000/assets/${name}`), {
    params: Promise.resolve({ name: name.split("?")[0] ?? "" }),
  });

test.each([assets.script, assets.style, bankStyle])(
  "without our server, $name is there, and kept for good",
  async ({ name, type, encodings }) => {
    const answer = await ask(name);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(await answer.text()).toBe(String(encodings.identity));
    expect(await (await ask(name, HEAD)).text()).toBe("");
  },
);

test("a style sheet that only another replica knows yet is ours for once", async () => {
  const answer = await ask("wizard-0123456789.css");
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
});

test.each(["wizard.css", "wizard-0123456789.js", `${assets.script.name}?x`])(
  "%j is nobody’s, whatever the method",
  async (name) => {
    for (const handler of [GET, HEAD, POST]) expect((await ask(name, handler)).status).toBe(404);
  },
);

test("what is sent to an asset is not taken", async () => {
  const answer = await ask(assets.style.name, POST);
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
