/**
 * The Content-Security-Policy (CSP) of every HTML answer: nothing but our own two assets, polling
 * our own status address and posting to ourselves, in frames of the configured ancestors only.
 * Addresses are spelled out instead of `'self'`, so that the policy means the same wherever the
 * document ends up. The script is named by its hash (CSP Level 3, external hashes: Chromium 59,
 * Firefox 116, Safari 15.6; without script everything works), so that no other file of any address
 * is one.
 * @param integrity the hash of the wizard's script, as in its `integrity`.
 * @param screens where the screens are whose status address is asked. Source: CSP Level 3;
 *   `form-action` names only us because browsers apply it along a whole redirect chain, which is
 *   why leaving is a navigation (design decision 11).
 */
export function contentSecurityPolicy(
  { publicUrl, frameAncestors }: { publicUrl: string; frameAncestors: readonly string[] },
  integrity: string,
  screens: "/authrefresh/" | "/gallery/" = "/authrefresh/",
): string {
  return [
    "default-src 'none'",
    `script-src '${integrity}'`,
    `style-src ${publicUrl}/assets/`,
    // Pictures and recordings of a bank's, in the document itself: nothing of a bank's is fetched.
    "img-src data:",
    "media-src data:",
    `connect-src ${publicUrl}${screens}`,
    `form-action ${publicUrl}`,
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${frameAncestors.join(" ")}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
