import { messageFormat } from "./translator.ts";

type Element = ReturnType<ReturnType<typeof messageFormat>["getAst"]>[number];

const types = [
  "text",
  "plain",
  "number",
  "date",
  "time",
  "select",
  "plural",
  "count",
  "tag",
] as const;
type ElementType = (typeof types)[number];

/** One placeholder of a message; `options` are the branches of a plural or a select. */
export interface Placeholder {
  name: string;
  type: ElementType;
  ordinal: boolean;
  options: string[];
}

/**
 * Every placeholder of an ICU message, also those inside branches.
 * @throws SyntaxError for a message that cannot be parsed.
 */
export function placeholdersOf(message: string, locale: string): Placeholder[] {
  return visit(messageFormat(message, locale).getAst());
}

function visit(elements: readonly Element[]): Placeholder[] {
  return elements.flatMap((element) => {
    const type = types[element.type] ?? "tag";
    if (type === "text" || type === "count") return [];
    const {
      value: name,
      options = {},
      pluralType,
    } = element as {
      value: string;
      options?: Record<string, { value: Element[] }>;
      pluralType?: string;
    };
    return [
      { name, type, ordinal: pluralType === "ordinal", options: Object.keys(options) },
      ...Object.values(options).flatMap(({ value }) => visit(value)),
    ];
  });
}
