import { afterEach, expect, test } from "vitest";
import { GET as notFound } from "../[[...path]]/route.ts";
import * as index from "./route.tsx";
import * as screen from "./[name]/route.tsx";
import * as status from "./[name]/status/route.ts";

// The place where lib/services.ts keeps the services of the process.
const place = globalThis as { [key: symbol]: unknown };
const key = Symbol.for("connector.services");
const result = (gallery: boolean) => {
  place[key] = {
    settings: { gallery, publicUrl: "http://localhost:3000", frameAncestors: [] },
    assets: { script: { name: "s.js", integrity: "sha256-x" }, style: { name: "s.css" } },
    policy: "default-src 'none'",
    inRequest: <T>(work: () => T) => work(),
  };
};
afterEach(() => Reflect.deleteProperty(place, key));

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
