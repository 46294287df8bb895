import { defineAdapter } from "../adapter-definition.ts";
import { createOpenidBank } from "./openid-bank.ts";
import { openidSettings } from "./settings.ts";

/** Banks that are OpenID Providers. */
export const openidAdapter = defineAdapter({
  settings: openidSettings,
  accountIdentifier: ({ accounts }) => accounts.identifier,
  create: createOpenidBank,
});
