import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test as base } from "playwright/test";
import { freePorts } from "../../testing/free-port.mjs";
import { linkTree } from "../../testing/link-tree.mjs";
import { nextDev, nextStart } from "../../testing/next-command.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { createTestDatabase } from "../../testing/test-database.ts";
import { root } from "../../testing/toolchain.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";
import { bankingServiceClient } from "../../simulator/client.ts";
import { authrefreshUrlWith } from "../support/authrefresh-url.ts";
import { firstScreen, follow, formOf, headingOf, postForm, start } from "../support/raw-journey.ts";
import { navigation, type RawAnswer, rawRequest } from "../support/raw-request.ts";
import { words } from "../support/words.ts";

const copied = [
  "app",
  "lib",
  "public",
  "instrumentation.ts",
  "instrumentation-node.ts",
  "next.config.mjs",
  "package.json",
  "tsconfig.json",
];

// Compiling and starting anew, on a machine that has other things to do.
const patient = { timeout: 120_000 };

type Connector = NonNullable<Parameters<typeof startPair>[0]["connector"]>;

// Next's own commands, without our server in front of the routes.
const test = base.extend<{
  /** A copy of what `next dev` works on, so that it can be changed. */
  copy: () => string;
  under: (connector: (port: number) => Connector) => Promise<Running>;
}>({
  copy: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), "connector-dev-"));
    await use(() => {
      linkTree(path.join(root, "node_modules"), path.join(folder, "node_modules"));
      for (const source of copied)
        cpSync(path.join(root, source), path.join(folder, source), { recursive: true });
      return folder;
    });
    // Next writes to its folder for a moment after it has ended.
    await waitUntil(
      async () => {
        rmSync(folder, { recursive: true, force: true });
        return !existsSync(folder);
      },
      { what: `${folder} to be gone`, withinMs: 30_000 },
    );
  },

  under: async ({ copy }, use, testInfo) => {
    // A fixture goes after those that take it: the copy after what runs in it.
    void copy;
    const database = await createTestDatabase();
    const stops: (() => Promise<void>)[] = [];
    await use(async (connector) => {
      const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
      const logs = testInfo.outputPath("logs");
      const { connectorUrl, bankingServiceUrl, stop } = await startPair({
        databaseUrl: database.runtimeUrl,
        connectorPort,
        bankingServicePort,
        logs,
        connector: connector(connectorPort),
      });
      stops.push(stop);
      return {
        connectorUrl,
        sage: bankingServiceClient(bankingServiceUrl),
        log: () => readFileSync(path.join(logs, "connector.log"), "utf8"),
      };
    });
    for (const stop of stops) await stop();
    await database.drop();
  },
});

interface Running {
  connectorUrl: string;
  sage: ReturnType<typeof bankingServiceClient>;
  log: () => string;
}

const assetsOf = ({ body }: Pick<RawAnswer, "body">) =>
  [...body.matchAll(/(?:href|src)="([^"]+\/assets\/[^"]+)"/g)].map(([, url = ""]) => url);
const types = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" };

/** Enters, signs in and comes to the screen for a code. */
async function journeyToTheCode({ connectorUrl, sage, log }: Running) {
  const created = await sage.createAuthorisation();
  // What our server would say of the query, said by a stranger.
  const forged = { "x-connector-query": "state=other" };
  expect((await rawRequest(created.authrefreshUrl, { headers: forged })).status).toBe(200);
  const malformed = authrefreshUrlWith(connectorUrl, created, { state: null });
  expect((await rawRequest(malformed)).status).toBe(400);
  // The log is written beside the answer.
  await expect.poll(log).toContain('"reason":"malformed","paths":["state"]');

  const urls = assetsOf(await firstScreen(created.authrefreshUrl));
  expect(urls.map((url) => path.extname(url)).toSorted()).toEqual([".css", ".js"]);
  for (const url of urls) {
    const { status, headers } = await rawRequest(url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": types[path.extname(url).slice(1) as keyof typeof types],
      "cache-control": "public, max-age=31536000, immutable",
    });
  }
  const { posted, screen } = await start(created.authrefreshUrl, "user_sms");
  expect(headingOf(screen)).toContain(words("one-time-code.heading", { length: 6 }));
  return { created, url: posted.headers.location ?? "", screen };
}

async function enterCode({ sage }: Running, screen: RawAnswer, authorisationId: string) {
  const last = await follow(await postForm(formOf(screen), { code: "123456" }));
  expect(last.status).toBe(200);
  await expect
    .poll(async () => (await sage.authorisation(authorisationId)).patches)
    .toHaveLength(1);
}

test("next start serves a whole journey, and the log says that our server is missing", async ({
  under,
}) => {
  const running = await under(nextStart);
  expect(running.log()).toContain('"event":"connector without its server"');
  const { created, screen } = await journeyToTheCode(running);
  await enterCode(running, screen, created.authorisationId);
});

test("next dev shows a change of a text, a view and a style over an unfinished journey", async ({
  copy,
  under,
}) => {
  const folder = copy();
  const change = (file: string, from: string, to: string) => {
    const text = readFileSync(path.join(folder, file), "utf8");
    expect(text).toContain(from);
    writeFileSync(path.join(folder, file), text.replace(from, to));
  };

  const running = await under((port) => ({ ...nextDev(port, folder), cwd: folder }));
  const { created, url, screen } = await journeyToTheCode(running);
  const look = () => rawRequest(url, { headers: navigation });
  // Nothing listens for a moment while Next is started anew.
  const seen = () => look().then(({ body }) => body, String);

  const texts = "lib/challenges/one-time-code/texts.json";
  const { "en-GB": british } = JSON.parse(readFileSync(path.join(folder, texts), "utf8"));
  change(texts, JSON.stringify(british["one-time-code.heading"]), '"New text"');
  await expect.poll(seen, patient).toContain("New text</h1>");

  change("lib/challenges/one-time-code/view.tsx", "<BankNote ", "<p>New part</p><BankNote ");
  await expect.poll(seen, patient).toContain("<p>New part</p>");

  const styleOf = (body: string) => assetsOf({ body }).find((url) => url.endsWith(".css"));
  const before = styleOf(screen.body);
  change("public/wizard/page.css", "", ".new-style { color: red; }\n");
  await expect
    .poll(async () => {
      const now = styleOf(await seen());
      return now === undefined || now === before ? "" : (await rawRequest(now)).body;
    }, patient)
    .toContain(".new-style");

  await enterCode(running, await look(), created.authorisationId);
});
