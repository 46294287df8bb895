/**
 * The origins that sources of `frame-ancestors` name, as a regular expression for the script: a
 * message needs one origin to go to, and a source may be a whole domain. As in CSP Level 3 (6.7.2),
 * `*.` stands for one label or more and never for none, and a source without a port for the
 * scheme's own.
 */
export function ancestorPattern(sources: readonly string[]): string {
  const origins = sources.flatMap((source) => {
    const url = source.replace("//*.", "//any.");
    // A source that is no address is nobody's origin.
    if (!URL.canParse(url)) return [];
    const escaped = new URL(url).origin.replace(/[.\\]/g, "\\$&");
    return source.includes("//*.") ? escaped.replace("//any\\.", "//[^/:]+\\.") : escaped;
  });
  // `(?!)` matches nothing.
  return `^(${origins.join("|") || "(?!)"})$`;
}
