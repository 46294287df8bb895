import path from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, test } from "vitest";
import { refusalReasons } from "../../lib/banks/bank-adapter.ts";
import { challengeKinds } from "../../lib/challenges/index.ts";
import { bankApiDocument, bankApiPage } from "./bank-api-page.ts";

const page = bankApiPage();

test("docs/bank-api.yaml is what is made of the schemas", async () => {
  await expect(page).toMatchFileSnapshot(
    path.resolve(import.meta.dirname, "../../docs/bank-api.yaml"),
  );
});

test("a linter finds nothing wrong with it, its examples among the rest", async () => {
  const config = await createConfig({
    extends: ["recommended"],
    rules: { "no-invalid-media-type-examples": "error", "operation-4xx-response": "error" },
  });
  const problems = await lintFromString({ source: page, absoluteRef: "bank-api.yaml", config });
  expect(
    problems.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ""}`,
    ),
  ).toEqual([]);
});

describe("the document", () => {
  type Node = { [name: string]: unknown };
  const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
  const every = (value: unknown): Node[] =>
    isNode(value) ? [value, ...Object.values(value).flatMap(every)] : [];
  const document = bankApiDocument() as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, { headers?: Node }> }>>;
  };
  test("says with every answer that nobody may keep it, as the kit demands", () => {
    const answers = Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ responses }) => Object.values(responses));
    expect(answers.length).toBeGreaterThan(20);
    for (const { headers } of answers) expect(headers).toHaveProperty("Cache-Control");
  });
  test("says of every list what is in it", () => {
    const lists = every(document).filter(({ type }) => [type].flat().includes("array"));
    expect(lists.length).toBeGreaterThan(5);
    for (const list of lists) expect(list).toHaveProperty("items");
  });
});

test("every kind of challenge and every reason for a refusal is in it", () => {
  for (const name of [...challengeKinds.map(({ kind }) => kind), ...refusalReasons])
    expect.soft(page, name).toContain(name);
});
