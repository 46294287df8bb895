// Headers that every answer of ours has, whoever makes it. What depends on the answer (policy,
// caching, referrer) is in lib/web/html.ts and problem.ts.

// Every feature Chromium knows, on every platform, that a page could misuse; one it does not know
// is a warning in its console, as `web-share` is on Linux.
const features = [
  "accelerometer",
  "autoplay",
  "camera",
  "clipboard-read",
  "clipboard-write",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

/**
 * @param publicUrl the origin browsers reach us by; behind TLS they are told to stay there
 *   (RFC 6797)
 */
export function securityHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    "permissions-policy": features.map((feature) => `${feature}=()`).join(", "),
    // No window that opened us, or that we open, gets a hand on us.
    "cross-origin-opener-policy": "same-origin",
    // Nobody takes an answer of ours in as a resource of theirs; the assets say otherwise for
    // themselves (serve-assets.ts).
    "cross-origin-resource-policy": "same-origin",
    ...(publicUrl.startsWith("https:") ? { "strict-transport-security": "max-age=63072000" } : {}),
  };
}
