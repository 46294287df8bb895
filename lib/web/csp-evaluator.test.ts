import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "./csp.ts";
import { problemResponse } from "./problem.ts";

const worse = (policy: string) =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity < Severity.INFO)
    .map(
      ({ directive, description, value, severity }) =>
        `${severity} ${directive} ${value ?? ""}: ${description}`,
    );

// Google's evaluator: what it calls HIGH, MEDIUM, LOW or STRICT_CSP is a finding, what it calls
// INFO is for reading.
describe("a CSP evaluator finds nothing above info", () => {
  test("in the policy of our documents", () => {
    expect(
      worse(
        contentSecurityPolicy(
          { publicUrl: "https://connector.example", frameAncestors: ["https://*.sage.com"] },
          "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
      ),
    ).toEqual([]);
  });
  test("in the policy of answers that are no document", () => {
    expect(worse(problemResponse(404).headers.get("content-security-policy") ?? "")).toEqual([]);
  });
  test("and would find a policy that allows inline script", () => {
    expect(worse("script-src 'unsafe-inline' *")).not.toEqual([]);
  });
});
