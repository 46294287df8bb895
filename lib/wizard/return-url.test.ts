import { expect, test, vi } from "vitest";
import { createReturnUrl } from "./return-url.ts";

const warn = vi.fn();
const returnUrl = createReturnUrl({
  redirectHosts: [{ host: "sage.com", port: undefined }],
  log: { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() },
});
const to = (redirect_uri: string) =>
  returnUrl({ authorisation_id: "a", redirect_uri, return_state: "s" });

test("the way back to an allowed host is the address as it came, with the state", () => {
  expect(to("https://x.sage.com/back?a=b")).toBe("https://x.sage.com/back?a=b&state=s");
  expect(warn).not.toHaveBeenCalled();
});

test.each([
  ["https://sage.com.evil.example/", "refused"],
  ["https://x.sage.com@evil.example/", "refused"],
  ["javascript:alert(1)", "refused"],
  ["//evil.example", "unparsable"],
  ["", "unparsable"],
])("there is none to %j, and the log says why without the address", (redirectUri, reason) => {
  expect(to(redirectUri)).toBeNull();
  expect(warn).toHaveBeenLastCalledWith("return address refused", { authorisationId: "a", reason });
});
