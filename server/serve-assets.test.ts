import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { loadAssets, styleAsset } from "../lib/web/assets.ts";
import { serveAssets } from "./serve-assets.ts";

const assets = loadAssets({});
const bankStyle = styleAsset({ THEME_ACCENT: "#7a0044" });
const server = createServer(
  serveAssets(
    assets,
    (name) => (name === bankStyle.name ? bankStyle : undefined),
    (_request, response) => void response.writeHead(404).end(),
  ),
);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => (server.closeAllConnections(), server.close()));

async function answerTo(url: string, method = "GET") {
  const response = await fetch(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/assets/${url}`,
    { method },
  );
  return {
    status: response.status,
    cached: response.headers.get("cache-control"),
    body: await response.text(),
  };
}
const forGood = "public, max-age=31536000, immutable";

test("what is named by its content is kept for good", async () => {
  for (const { name, encodings } of [assets.style, assets.script, bankStyle])
    expect(await answerTo(name)).toEqual({
      status: 200,
      cached: forGood,
      body: String(encodings.identity),
    });
});

test("a style sheet that only another replica knows yet is ours for once, and nobody keeps it", async () => {
  expect(await answerTo("wizard-0123456789.css")).toEqual({
    status: 200,
    cached: "no-store",
    body: String(assets.style.encodings.identity),
  });
  expect(await answerTo("wizard-0123456789.css", "POST")).toMatchObject({ status: 405 });
});

test.each([
  "",
  "wizard.css",
  "wizard-0123456789.js",
  "wizard-0123456789.css?x",
  "wizard-012345678.css",
])("%j is nobody’s", async (name) => {
  expect(await answerTo(name)).toMatchObject({ status: 404 });
});
