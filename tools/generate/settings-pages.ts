import { z } from "zod";
import type { Setting } from "../../lib/config/settings/setting.ts";
import { settingGroups } from "../../lib/config/variables.ts";
import { replacePart } from "./replace-part.ts";

const groups = Object.entries(settingGroups).map(([title, settings]) => ({
  title,
  settings: Object.entries(settings),
}));
const settings = groups.flatMap((group) => group.settings);

/** The default that the schema has, as it would be written in the environment. */
function defaultValue({ schema }: Setting): string | undefined {
  if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)) return undefined;
  return String(schema.def.defaultValue);
}
const isRequired = ({ schema }: Setting) => !schema.safeParse(undefined).success;

function defaultInWords(name: string, setting: Setting): string {
  if (setting.unset !== undefined) return setting.unset;
  if (isRequired(setting)) return "required";
  const value = defaultValue(setting);
  if (value === undefined)
    throw new Error(`${name} is optional: its entry has to say what holds without it (unset)`);
  return /^\d+$/.test(value) ? value : `\`${value}\``;
}

/** docs/settings.md with its tables, one for each group; what stands around them is kept. */
function settingsPage(page: string): string {
  return groups.reduce((text, group) => {
    const rows = group.settings.map(([name, setting]) => {
      const meaning = `${setting.meaning}${setting.secret ? " Secret." : ""}`;
      const cells = [`\`${name}\``, meaning, defaultInWords(name, setting), setting.whenWrong];
      return `| ${cells.join(" | ")} |\n`;
    });
    const head = "\n| setting | meaning | default | when it is wrong |\n|---|---|---|---|\n";
    return replacePart(text, group.title, `${head}${rows.join("")}\n`);
  }, page);
}

// Plain words for a comment: a link becomes its words and where it leads, from the root; where it
// stands in brackets, only where it leads.
const withoutMarkup = (text: string) =>
  text
    .replace(/\(\[[^\]]+\]\(([^)]+)\)\)/g, "(docs/$1)")
    .replace(/\[([^\]]+)\]\(#([^)]+)\)/g, "$1 (docs/settings.md#$2)")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, "$1 (docs/$2)")
    .replace(/[`*]{2}|`/g, "");

function comment(text: string, columns = 100): string {
  const lines = withoutMarkup(text)
    .split(" ")
    .reduce<string[]>((done, word) => {
      const last = done.at(-1);
      if (last !== undefined && last.length + word.length < columns)
        return [...done.slice(0, -1), `${last} ${word}`];
      return [...done, `# ${word}`];
    }, []);
  return `${lines.join("\n")}\n`;
}

const quoted = (value: string) => (value.includes(" ") ? `"${value}"` : value);

function exampleOf([name, setting]: readonly [string, Setting]): string {
  const words = defaultInWords(name, setting);
  const file = setting.secret ? ` Secret; or the path of a file that holds it: ${name}_FILE.` : "";
  const about = comment(
    words.startsWith("required")
      ? `${setting.meaning}${file} R${words.slice(1)}.`
      : `${setting.meaning} Default: ${words}.`,
  );
  return isRequired(setting)
    ? `${about}${name}=${setting.example ?? ""}\n`
    : `${about}# ${name}=${quoted(defaultValue(setting) ?? "")}\n`;
}

/** .env.example: every setting, those with a default commented out, and no secret. */
function envExample(): string {
  return [
    comment(
      "Every setting of the connector. Copy this file to .env, which docker compose reads, and " +
        "fill the copy in. Made by npm run generate from lib/config/settings; docs/settings.md " +
        "says more.",
    ),
    ...groups.flatMap(({ title, settings }) => [
      `\n## ${title}\n`,
      ...settings.map((setting) => `\n${exampleOf(setting)}`),
    ]),
  ].join("");
}

/** Settings that compose.yaml decides itself: inside the container there is nothing to choose. */
const decidedByCompose = ["HOST", "PORT"];
const secretFile = (name: string) => name.toLowerCase();

/** compose.yaml with what it hands to the connector: each setting, and the files of secrets. */
function composeFile(file: string): string {
  const secrets = settings.filter(([, { secret }]) => secret).map(([name]) => name);
  const line = ([name, setting]: readonly [string, Setting]) => {
    if (setting.secret) return `      ${name}_FILE: /run/secrets/${secretFile(name)}\n`;
    if (!isRequired(setting)) return `      ${name}: \${${name}:-}\n`;
    const hint = setting.example ? `such as ${setting.example}` : "see docs/settings.md";
    return `      ${name}: \${${name}:?${hint}}\n`;
  };
  const given = settings.filter(([name]) => !decidedByCompose.includes(name)).map(line);
  const listed = secrets.map((name) => `        ${secretFile(name)},\n`);
  const sources = secrets.map(
    (name) =>
      `  ${secretFile(name)}: { file: "\${SECRETS_DIR:-.data/secrets}/${secretFile(name)}" }\n`,
  );
  const handed = `${given.join("")}    secrets:\n      [\n${listed.join("")}      ]\n`;
  return replacePart(replacePart(file, "settings", handed), "files of secrets", sources.join(""));
}

/** What is made from the settings, by file: from what stands there now to what has to. */
export const madeFromSettings: Readonly<Record<string, (text: string) => string>> = {
  "docs/settings.md": settingsPage,
  ".env.example": envExample,
  "compose.yaml": composeFile,
};
