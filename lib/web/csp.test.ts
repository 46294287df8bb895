import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "./csp.ts";

const policy = contentSecurityPolicy(
  {
    publicUrl: "https://connector.example",
    frameAncestors: ["https://*.sage.com", "https://*.intacct.com"],
  },
  "sha256-abc=",
);
const directives = new Map(
  policy
    .split("; ")
    .map((directive) => [directive.split(" ", 1)[0], directive.split(" ").slice(1)]),
);

describe("the policy of our documents", () => {
  test("allows nothing that it does not name", () => {
    expect(directives.get("default-src")).toEqual(["'none'"]);
    expect(
      [...directives.values()]
        .flat()
        .filter((source) => /unsafe|\*$|^https?:$|^'self'$/.test(source)),
    ).toEqual([]);
  });
  test("allows pictures and recordings in the document itself, and from nowhere", () => {
    expect(directives.get("img-src")).toEqual(["data:"]);
    expect(directives.get("media-src")).toEqual(["data:"]);
  });
  test("lets the one script run, by its hash, and styles come from our assets alone", () => {
    expect(directives.get("script-src")).toEqual(["'sha256-abc='"]);
    expect(directives.get("style-src")).toEqual(["https://connector.example/assets/"]);
  });
  test("lets forms go to us, and Sage frame us", () => {
    expect(directives.get("form-action")).toEqual(["https://connector.example"]);
    expect(directives.get("frame-ancestors")).toEqual([
      "https://*.sage.com",
      "https://*.intacct.com",
    ]);
  });
});
