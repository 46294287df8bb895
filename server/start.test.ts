import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

/** Starts the connector with these variables and no others of its own, to the end it comes to. */
function start(variables: Record<string, string>) {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["server/start.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...variables } as unknown as NodeJS.ProcessEnv,
  });
  return { status, stderr, stdout };
}

// Process 1 of a container has no default action for it: a handler that comes after something slow
// loses it.
it("is told to stop before it has begun, and does so", () => {
  const atOnce =
    `const { on } = process; process.on = function (name, ...rest) { const set = ` +
    `on.call(this, name, ...rest); if (name === 'SIGTERM') process.emit(name, name); ` +
    `return set }`;
  const { status, stderr } = start({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atOnce)}`,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

describe("the connector does not start", () => {
  it("without its settings, and names all that are missing at once", () => {
    const { status, stderr, stdout } = start({});
    expect(status).toBe(1);
    expect(stdout).toBe("");
    for (const name of [
      "PUBLIC_URL",
      "DATABASE_URL",
      "NOTIFICATION_HEADER_VALUES",
      "SAGE_ID_ISSUER",
      "PROVIDER_API_KEY",
      "SEAL_KEYS",
      "BANK_ADAPTER",
    ])
      expect(stderr).toContain(`  ${name}: `);
  });

  it("with unsafe ones, of which it shows no value", () => {
    const { status, stderr } = start({
      PUBLIC_URL: "http://connector.example",
      SEAL_KEYS: "hunter2-hunter2",
      PROVIDER_API_KEY_FILE: "/nowhere/key",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("  PUBLIC_URL: must be https");
    expect(stderr).toContain("  SEAL_KEYS: ");
    expect(stderr).toContain("  PROVIDER_API_KEY_FILE: cannot be read");
    expect(stderr).not.toMatch(/hunter2|connector\.example|nowhere/);
  });
});
