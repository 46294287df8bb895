import { readFileSync } from "node:fs";

/**
 * Without white space around it, which an editor or a shell leaves behind; undefined where nothing
 * is left. One rule for what stands in a variable and for what stands in a file.
 */
export const trimmed = (value: string | undefined): string | undefined =>
  value?.trim() || undefined;

/** The content of a secret's file, by the same rule. @throws when it cannot be read */
export const secretIn = (file: string): string | undefined => trimmed(readFileSync(file, "utf8"));
