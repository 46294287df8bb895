import { defineAdapter } from "../adapter-definition.ts";
import { createBerlinGroupBank } from "./berlin-group-bank.ts";
import { berlinGroupSettings } from "./settings.ts";

/** NextGenPSD2 XS2A consents (docs/adapters/berlin-group.md). */
export const berlinGroupAdapter = defineAdapter({
  settings: berlinGroupSettings,
  create(settings, { bank, clock, http }) {
    const timeoutMs = settings.timeoutSeconds * 1000;
    return createBerlinGroupBank(settings, {
      name: bank.name ?? new URL(settings.url).hostname,
      clock,
      http: http({ timeoutMs, ...(settings.tls ? { tls: settings.tls } : {}) }),
      feedHttp: http({ timeoutMs }),
    });
  },
});
