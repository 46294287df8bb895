import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import ts from "typescript";
import { loadAssets, publicFile } from "./assets.ts";

const plain = loadAssets({});
const text = (content: Buffer) => content.toString("utf8");

describe("the style sheet as it is sent", () => {
  test("is one file, tokens first, without comments", () => {
    const sheet = text(plain.style.encodings.identity);
    expect(sheet.trimStart()).toMatch(/^:root \{\s+color-scheme: light dark;/);
    expect(sheet).toContain(".error-summary");
    expect(sheet).not.toContain("/*");
  });
  test("has a theme in it, and another name for each", () => {
    const themed = loadAssets({ THEME_ACCENT: "#7a0044" });
    expect(text(themed.style.encodings.identity)).toContain("--accent: #7a0044;");
    expect(themed.style.name).toMatch(/^wizard-[0-9a-f]{10}\.css$/);
    expect(themed.style.name).not.toBe(plain.style.name);
    expect(themed.script.name).toBe(plain.script.name);
  });
});

test("every encoding holds the same", () => {
  for (const { encodings } of Object.values(plain)) {
    expect(brotliDecompressSync(encodings.br)).toEqual(encodings.identity);
    expect(gunzipSync(encodings.gzip)).toEqual(encodings.identity);
  }
});

test("the script stays within 4,000 bytes compressed, by either coding", () => {
  expect(plain.script.encodings.br.length).toBeLessThanOrEqual(4000);
  expect(plain.script.encodings.gzip.length).toBeLessThanOrEqual(4000);
});

test("the script is sent without comments, and is still the script", () => {
  const sent = text(plain.script.encodings.identity);
  expect(sent).not.toMatch(/^\s*(\/\/|\/?\*)/m);
  expect(sent).not.toContain("@param");
  // A compiler reads both alike.
  const compiled = (source: string) =>
    ts.transpileModule(source, {
      compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext },
    }).outputText;
  expect(compiled(sent)).toBe(compiled(publicFile("wizard.js")));
});
