import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { variables } from "../../lib/config/variables.ts";
import { root } from "../../testing/toolchain.mjs";
import { expect, test } from "../support/connector-test.ts";
import { rawRequest } from "../support/raw-request.ts";

const built = path.join(root, ".next");

/** Every file under a folder; none where there is no folder. */
const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [path.join(entry.parentPath, entry.name)] : [],
      )
    : [];

test("the build has no server action, no rewrite and no middleware", () => {
  const manifests = filesOf(path.join(built, "server")).filter(
    (file) => path.basename(file) === "server-reference-manifest.json",
  );
  expect(manifests.length).toBeGreaterThan(0);
  for (const file of manifests)
    expect(JSON.parse(readFileSync(file, "utf8")), file).toMatchObject({ node: {}, edge: {} });
  const actions = manifests.flatMap((file) =>
    Object.values(JSON.parse(readFileSync(file, "utf8")) as Record<string, object | string>)
      .filter((part) => typeof part === "object")
      .flatMap((part) => Object.keys(part)),
  );
  expect(actions).toEqual([]);
  const { rewrites, redirects } = JSON.parse(
    readFileSync(path.join(built, "routes-manifest.json"), "utf8"),
  ) as { rewrites: unknown; redirects: { internal?: boolean }[] };
  expect(
    [rewrites]
      .flat()
      .flatMap((part) => (Array.isArray(part) ? part : Object.values(part ?? {}).flat())),
  ).toEqual([]);
  expect(redirects.filter(({ internal }) => !internal)).toEqual([]);
});

test("nothing that a browser can be sent holds a secret or the name of a setting", () => {
  const names = Object.keys(variables.shape).filter((name) => name !== "HOST" && name !== "PORT");
  expect(names.length).toBeGreaterThan(20);
  const files = [...filesOf(path.join(built, "static")), ...filesOf(path.join(root, "public"))];
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const text = readFileSync(file, "latin1");
    expect(
      names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)),
      file,
    ).toEqual([]);
    expect(text, file).not.toMatch(/-----BEGIN|postgres(ql)?:\/\/|x-api-key/i);
    expect(file).not.toMatch(/\.map$/);
  }
});

test("the framework’s own addresses are nobody’s", async ({ connector }) => {
  const { connectorUrl } = connector;
  for (const target of [
    "/_next/image?url=%2Fwizard.css&w=64&q=75",
    "/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75",
    "/_next/data/x/authrefresh.json",
    "/_next/static/chunks/main.js",
    "/_next/webpack-hmr",
    "/__nextjs_original-stack-frame",
    "/_vercel/insights/script.js",
  ]) {
    expect((await rawRequest(connectorUrl + target)).status, target).toBe(404);
  }
  const action = await rawRequest(`${connectorUrl}/authrefresh/x`, {
    method: "POST",
    headers: { "next-action": "a".repeat(42), "content-type": "text/plain" },
    body: "[]",
  });
  // The handle is judged before anything else of the request.
  expect(action.status).toBe(410);
});
