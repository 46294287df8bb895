import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it, test } from "vitest";
import { readSettings } from "../../lib/config/env.ts";
import { secrets, settingGroups, variables } from "../../lib/config/variables.ts";
import { replacePart } from "./replace-part.ts";
import { madeFromSettings } from "./settings-pages.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => {
  const place = path.join(root, file);
  return existsSync(place) ? readFileSync(place, "utf8") : "";
};
const names = Object.keys(variables.shape);

test.each(Object.entries(madeFromSettings))("%s says what the settings say", (file, made) => {
  const text = read(file);
  expect(made(text) === text, `${file} is out of date: run npm run generate`).toBe(true);
});

test("every setting is in a group", () => {
  const grouped = Object.values(settingGroups).flatMap((settings) => Object.keys(settings));
  expect(grouped.toSorted()).toEqual(names.toSorted());
});

describe("docs/settings.md", () => {
  it("explains every setting in a row of its own", () => {
    const rows = [...read("docs/settings.md").matchAll(/^\| `([A-Z0-9_]+)` \|(.*)\|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(
      Object.values(settingGroups).flatMap((settings) => Object.keys(settings)),
    );
    // A bar in a text would be a column more.
    for (const [row, , cells = ""] of rows) expect(cells.split("|"), row).toHaveLength(3);
  });
});

describe(".env.example", () => {
  const example = parseEnv(read(".env.example"));

  it("has every required setting, and all others in a comment with their default", () => {
    const required = names.filter(
      (name) => !variables.shape[name as keyof typeof variables.shape].safeParse(undefined).success,
    );
    expect(Object.keys(example).toSorted()).toEqual(required.toSorted());
    for (const name of names.filter((name) => !required.includes(name)))
      expect(read(".env.example")).toMatch(new RegExp(`^# ${name}=`, "m"));
  });
  it("holds no secret", () => {
    expect(secrets.length).toBeGreaterThan(5);
    for (const name of secrets) expect(example[name] ?? "", name).toBe("");
  });
  it("is right once what has no example is filled in", () => {
    const secret = () => randomBytes(32).toString("base64url");
    const filled = {
      ...example,
      DATABASE_URL: "postgresql://db/connector",
      NOTIFICATION_HEADER_VALUES: secret(),
      SAGE_ID_AUDIENCE: "connector",
      SAGE_ID_CLIENT_ID: "client",
      SAGE_ID_CLIENT_SECRET: secret(),
      PROVIDER_API_KEY: secret(),
      PROVIDER_API_AUDIENCE: "provider-api",
      SEAL_KEYS: secret(),
      BANKS_FILE: "banks.json",
    };
    expect(readSettings(filled as unknown as NodeJS.ProcessEnv)).toMatchObject({
      publicUrl: "https://connect.bank.example",
    });
  });
  it("gives each default as the schema has it", () => {
    const given = parseEnv(read(".env.example").replace(/^# ([A-Z0-9_]+=)/gm, "$1"));
    for (const [name, schema] of Object.entries(variables.shape))
      if (given[name] && schema.safeParse(undefined).success)
        expect(schema.parse(given[name]), name).toEqual(schema.parse(undefined));
  });
});

describe("compose.yaml", () => {
  const connector = read("compose.yaml").split(/^ {2}connector:$/m)[1] ?? "";

  it("hands every setting to the connector, so that none is ignored without a word", () => {
    const decidedThere = ["HOST", "PORT"];
    const handed = (name: string) => new RegExp(`^ {6}${name}(_FILE)?: `, "m").test(connector);
    expect(names.filter((name) => !decidedThere.includes(name) && !handed(name))).toEqual([]);
  });
  it("hands secrets as files, each of which is named at its end", () => {
    for (const name of secrets) {
      const file = name.toLowerCase();
      expect(connector).toContain(`      ${name}_FILE: /run/secrets/${file}\n`);
      expect(connector).not.toMatch(new RegExp(`^ {6}${name}: `, "m"));
      expect(connector).toMatch(new RegExp(`^ {8}${file},$`, "m"));
      expect(connector).toMatch(new RegExp(`^ {2}${file}: \\{ file: `, "m"));
    }
  });
});

describe("a part of a file", () => {
  const file = "before\n# begin it: made\nold\n# end it\nafter\n";
  it("is replaced between its marks, and nothing else is", () => {
    expect(replacePart(file, "it", "new $&\n")).toBe(
      "before\n# begin it: made\nnew $&\n# end it\nafter\n",
    );
  });
  it("that is not there is an error, and nothing is left out without a word", () => {
    expect(() => replacePart(file, "another", "")).toThrow("begin another: …");
  });
});
