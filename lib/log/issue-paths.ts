import type { z } from "zod";

const maxPaths = 5;
const maxParts = 10;

/**
 * Where something is not as a schema wants it, for the log: `additionalData.bankId`,
 * `accounts[0].iban`; `$` for the whole, `*` for a member that the schema does not know, whose name
 * is not ours. Of the members of a union that one counts which is nearest.
 */
export function pathsOf(error: z.core.$ZodError): string[] {
  const found = [...new Set(placesOf(error.issues).map(written))];
  const inside = found.filter((path) => path !== "$");
  return (inside.length > 0 ? inside : found).slice(0, maxPaths);
}

type Path = readonly PropertyKey[];

function placesOf(issues: readonly z.core.$ZodIssue[]): Path[] {
  return issues.flatMap((issue): Path[] => {
    if (issue.code === "unrecognized_keys") return [[...issue.path, "*"]];
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue.path];
    const [nearest = []] = issue.errors
      .map(placesOf)
      .toSorted((one, other) => one.length - other.length);
    return nearest.map((place) => [...issue.path, ...place]);
  });
}

const written = (path: Path) =>
  path.length === 0
    ? "$"
    : path
        .slice(0, maxParts)
        .map((part, index) =>
          typeof part === "number"
            ? `[${part}]`
            : `${index > 0 ? "." : ""}${/^[\w-]{1,40}$/.test(String(part)) ? String(part) : "*"}`,
        )
        .join("");
