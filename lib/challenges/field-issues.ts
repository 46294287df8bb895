import type { z } from "zod";
import type { MessageKey } from "../i18n/translator.ts";
import type { FieldIssueParams } from "./form-text.ts";

/**
 * What a kind's `answer` found wrong, by field. A union reports its members' issues nested; the
 * member that reads the ordinary answer is the last one.
 */
export function fieldIssues(error: z.core.$ZodError) {
  return error.issues.flatMap((issue) => {
    if (issue.code === "invalid_union") return issue.errors.at(-1)?.map(toField) ?? [];
    return [toField(issue)];
  });
}

// A button is no field: what is wrong with the pressing of it belongs to the page.
function toField(issue: z.core.$ZodIssue) {
  const [field] = issue.path;
  const {
    about,
    alsoAt,
    values: more,
  }: FieldIssueParams = issue.code === "custom" ? (issue.params ?? {}) : {};
  return {
    alsoAt,
    field: field === undefined || field === "action" ? null : String(field),
    key: issue.message as MessageKey,
    about,
    more,
  };
}
