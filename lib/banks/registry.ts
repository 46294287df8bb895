import type { AdapterDefinition } from "./adapter-definition.ts";
import { openidAdapter } from "./openid/definition.ts";
import { berlinGroupAdapter } from "./berlin-group/definition.ts";
import { connectCodeAdapter } from "./connect-code/definition.ts";
import { httpAdapter } from "./http/definition.ts";
import { sandboxAdapter } from "./sandbox/definition.ts";

/** Every adapter by its name; a new one is a folder and a line here. */
export const bankAdapters = {
  openid: openidAdapter,
  "berlin-group": berlinGroupAdapter,
  "connect-code": connectCodeAdapter,
  sandbox: sandboxAdapter,
  http: httpAdapter,
} satisfies Record<string, AdapterDefinition<unknown>>;
