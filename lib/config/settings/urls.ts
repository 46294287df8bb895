import { frameAncestors, redirectHosts } from "../setting-values.ts";
import type { Setting } from "./setting.ts";

const sageFrameAncestors =
  "https://*.sagebankdrive.com https://*.sage.com https://*.intacct.com https://*.sageone.com";

/** Settings of the addresses that people come from and go to. */
export const urlSettings = {
  REDIRECT_HOSTS: {
    schema: redirectHosts.prefault("sagebankdrive.com,sage.com"),
    meaning:
      "Host suffixes allowed in `redirect_uri`, comma-separated; they match whole labels, so " +
      "`sage.com` allows `money.sage.com` and not `notsage.com`. `host:8443` allows that " +
      "port and no other. Only an entry with a port, for a loopback host, allows http: " +
      "`localhost:4000`.",
    whenWrong:
      "Refused: a scheme, a wildcard, a single label such as `com`. Too narrow: entry " +
      "answers 403, log `authrefresh refused`, reason `redirect-uri`. Too wide (`co.uk`): people " +
      "can be sent to strangers.",
  },
  FRAME_ANCESTORS: {
    schema: frameAncestors.prefault(sageFrameAncestors),
    meaning:
      "The pages that may show ours in a frame: CSP sources, separated by spaces or commas; " +
      "every frame around ours must be among them.",
    whenWrong:
      "Refused: `*`, a scheme alone, `'self'`, http but for loopback. Too narrow: the frame " +
      "stays empty and the browser's console names `frame-ancestors`.",
  },
} satisfies Record<string, Setting>;
