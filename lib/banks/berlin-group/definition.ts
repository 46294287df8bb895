import { defineAdapter } from "../adapter-definition.ts";
import { createBerlinGroupBank } from "./berlin-group-bank.ts";
import { berlinGroupSettings } from "./settings.ts";

/** NextGenPSD2 XS2A consents (docs/adapters/berlin-group.md). */
export const berlinGroupAdapter = defineAdapter({
  settings: berlinGroupSettings,
  accountIdentifier: ({ account }) => account,
  create(settings, { bank, clock, http, accounts }) {
    const timeoutMs = settings.timeoutSeconds * 1000;
    return createBerlinGroupBank(settings, {
      name: bank.name ?? new URL(settings.url).hostname,
      clock,
      accounts,
      http: http({ timeoutMs, ...(settings.tls ? { tls: settings.tls } : {}) }),
    });
  },
});
