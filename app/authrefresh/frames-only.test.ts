import { afterEach, describe, expect, test, vi } from "vitest";
import { translatorFor } from "../../lib/i18n/translator.ts";
import { serverLink } from "../../lib/web/server-link.ts";
import type { Services } from "../../lib/services.ts";
import * as screen from "./[handle]/route.tsx";
import * as entry from "./route.tsx";

const asked = vi.fn(async () => ({ type: "refused" }));
const shown = vi.fn(async () => ({ screen: { type: "gone", error: "gone" } }));
const posted = vi.fn(async () => ({ type: "gone", error: "gone" }));
const calls = () => [asked, shown, posted].flatMap(({ mock }) => mock.calls);
const set = (framesOnly: boolean) => {
  serverLink().services = {
    settings: { framesOnly, publicUrl: "http://localhost:3000" },
    assets: { script: { name: "s.js", integrity: "sha256-x" }, style: { name: "s.css" } },
    policy: "default-src 'none'",
    inRequest: <T>(work: () => T) => work(),
    audit: { increment: vi.fn() },
    handleAuthrefresh: { fromQuery: asked },
    showStep: shown,
    start: posted,
    submitAnswer: posted,
  } as unknown as Services;
};
afterEach(() => {
  serverLink().services = undefined;
  vi.clearAllMocks();
});

const context = { params: Promise.resolve({ handle: "handle" }) };
const routes = {
  "GET /authrefresh": (headers: Record<string, string>) =>
    entry.GET(new Request("http://localhost:3000/authrefresh?x", { headers })),
  "HEAD /authrefresh": (headers: Record<string, string>) =>
    entry.HEAD(new Request("http://localhost:3000/authrefresh?x", { method: "HEAD", headers })),
  "GET a screen": (headers: Record<string, string>) =>
    screen.GET(new Request("http://localhost:3000/authrefresh/handle", { headers }), context),
  "HEAD a screen": (headers: Record<string, string>) =>
    screen.HEAD(
      new Request("http://localhost:3000/authrefresh/handle", { method: "HEAD", headers }),
      context,
    ),
  "POST a form": (headers: Record<string, string>) =>
    screen.POST(
      new Request("http://localhost:3000/authrefresh/handle", { method: "POST", headers }),
      context,
    ),
};
const topLevel = { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" };

describe.each(Object.entries(routes))(
  "where screens open only inside a frame, %s",
  (name, route) => {
    test("in a window of its own is sent back to Sage in words, and does nothing", async () => {
      set(true);
      const answer = await route(topLevel);
      expect(answer.status).toBe(403);
      if (!name.startsWith("HEAD"))
        expect(await answer.text()).toContain(
          translatorFor("en-GB").t("error.frames-only.heading"),
        );
      expect(calls()).toEqual([]);
    });
    test.each([
      { "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate" },
      { "sec-fetch-dest": "frame", "sec-fetch-mode": "navigate" },
      {},
    ])("goes on for %j", async (headers) => {
      set(true);
      await route(headers);
      expect(calls()).toHaveLength(1);
    });
    test("goes on in a window of its own where nothing is set", async () => {
      set(false);
      await route(topLevel);
      expect(calls()).toHaveLength(1);
    });
  },
);
