import { expect, test, vi } from "vitest";
import { createHandleAuthrefresh } from "./handle-authrefresh.ts";

const marker = "a-value-of-somebody";
const uri = encodeURIComponent("https://eu.sagebankdrive.com/");
const id = "a7d66d27-e9ab-40b4-850a-447a541ca263";

test.each([
  ["authorisation_id", `authorisation_id=${marker}&state=s&redirect_uri=${uri}&externalId=e`],
  ["state", `authorisation_id=${id}&redirect_uri=${uri}&externalId=e&x=${marker}`],
  ["redirect_uri", `authorisation_id=${id}&state=s&redirect_uri=${marker}&externalId=e`],
])("a malformed %s is logged by its name alone, and counted", async (name, query) => {
  const [warn, increment] = [vi.fn(), vi.fn()];
  const enter = createHandleAuthrefresh({
    redirectHosts: [],
    audit: { increment },
    log: { warn },
  } as unknown as Parameters<typeof createHandleAuthrefresh>[0]);
  expect(await enter.fromQuery(query, { bind: true })).toEqual({ type: "malformed" });
  expect(warn.mock.calls).toEqual([
    ["authrefresh refused", { reason: "malformed", paths: [name] }],
  ]);
  expect(increment.mock.calls).toEqual([["authrefresh-refused", "malformed"]]);
});
