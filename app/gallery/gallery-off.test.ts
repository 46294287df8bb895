import { afterEach, expect, test } from "vitest";
import { serverLink } from "../../lib/web/server-link.ts";
import type { Services } from "../../lib/services.ts";
import { GET as notFound } from "../[[...path]]/route.ts";
import * as index from "./route.tsx";
import * as screen from "./[name]/route.tsx";
import * as status from "./[name]/status/route.ts";

const result = (gallery: boolean) => {
  serverLink().services = {
    settings: { gallery, publicUrl: "http://localhost:3000", frameAncestors: [] },
    assets: { script: { name: "s.js", integrity: "sha256-x" }, style: { name: "s.css" } },
    policy: "default-src 'none'",
    inRequest: <T>(work: () => T) => work(),
  } as unknown as Services;
};
afterEach(() => {
  serverLink().services = undefined;
});

const address = "http://localhost:3000/gallery/errors.gone";
const context = { params: Promise.resolve({ name: "errors.gone" }) };
const routes = { index, screen, status };
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

test.each(
  Object.entries(routes).flatMap(([name, route]) =>
    methods.map((method) => ({ name, route, method })),
  ),
)(
  "off, the $name is answered as an address that is nobody’s: $method",
  async ({ route, method }) => {
    result(false);
    for (const headers of [{}, { "sec-fetch-mode": "navigate" }]) {
      const request = () => new Request(address, { method, headers });
      const [answer, nobody] = [await route[method](request(), context), await notFound(request())];
      expect(answer.status).toBe(404);
      expect(await answer.text()).toBe(await nobody.text());
    }
  },
);

test("on, it is there, and takes no post", async () => {
  result(true);
  for (const route of [index, screen]) {
    const answer = await route.GET(new Request(address), context);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'sha256-x'; ",
    );
    expect((await route.POST(new Request(address, { method: "POST" }))).status).toBe(405);
  }
});
