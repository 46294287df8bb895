import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test as base } from "playwright/test";
import { freePorts } from "../../testing/free-port.mjs";
import { imageFiles, productionPackages } from "../../testing/image-files.mjs";
import { linkTree } from "../../testing/link-tree.mjs";
import { startPair, systemEnvironment } from "../../testing/start-connector.mjs";
import { createTestDatabase } from "../../testing/test-database.ts";
import { root } from "../../testing/toolchain.mjs";
import { bankingServiceClient } from "../../simulator/client.ts";
import { firstScreen } from "../support/raw-journey.ts";
import { rawRequest } from "../support/raw-request.ts";

const run = promisify(execFile);

// Outside the clone, whose packages Node would find otherwise.
const test = base.extend<{ image: string }>({
  image: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), "connector-image-"));
    for (const file of imageFiles()) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      cpSync(path.join(root, file), path.join(folder, file));
    }
    for (const name of productionPackages())
      linkTree(path.join(root, name), path.join(folder, name), { without: "node_modules" });
    cpSync(path.join(root, ".next"), path.join(folder, ".next"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !/\.next\/(cache|dev)$/.test(source),
    });
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** The command that a line of the Dockerfile's last stage has as JSON. */
const commandOf = (line: RegExp): string[] =>
  JSON.parse(line.exec(readFileSync(path.join(root, "Dockerfile"), "utf8"))?.[1] ?? "[]");

test("what the image holds is enough to migrate, to serve a screen with its assets, and to say that it is healthy", async ({
  image,
}, testInfo) => {
  const database = await createTestDatabase();
  const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
  const node = (args: string[], env: Record<string, string>) =>
    run(process.execPath, args, {
      cwd: image,
      env: { ...systemEnvironment(), NODE_ENV: "production", ...env },
    });
  const [, ...start] = commandOf(/^CMD (\[.+\])$/m);
  const [, ...health] = commandOf(/^HEALTHCHECK .* CMD (\[.+\])$/m);

  const { stdout } = await node(["server/migrate.ts"], { DATABASE_URL: database.url });
  expect(stdout).toBe("The database is up to date.\n");
  const { bankingServiceUrl, stop } = await startPair({
    databaseUrl: database.runtimeUrl,
    connectorPort,
    bankingServicePort,
    logs: testInfo.outputPath("logs"),
    connector: { command: [process.execPath, ...start], cwd: image },
  });
  try {
    await node(health, { PORT: String(connectorPort) });
    const { authrefreshUrl } = await bankingServiceClient(bankingServiceUrl).createAuthorisation();
    const screen = await firstScreen(authrefreshUrl);
    expect(screen.status).toBe(200);
    const assets = [...screen.body.matchAll(/(?:href|src)="([^"]+\/assets\/[^"]+)"/g)];
    expect(assets).toHaveLength(2);
    for (const [, url = ""] of assets) expect((await rawRequest(url)).status).toBe(200);
  } finally {
    await stop();
    await database.drop();
  }
});
