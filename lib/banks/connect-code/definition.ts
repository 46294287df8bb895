import { defineAdapter } from "../adapter-definition.ts";
import { createConnectCodeBank } from "./connect-code-bank.ts";
import { createConnectCodeStore } from "./connect-code-store.ts";
import { createConnectCodes } from "./connect-codes.ts";
import { connectCodeSettings } from "./settings.ts";

/** Codes that people fetch in the bank's own app (docs/adapters/connect-code.md). */
export const connectCodeAdapter = defineAdapter({
  settings: connectCodeSettings,
  create(settings, { bank, stored }) {
    if (!stored) throw new TypeError("connect codes are kept in the database");
    const { db, seals } = stored;
    const codes = createConnectCodes({ settings, store: createConnectCodeStore(db), seals });
    return createConnectCodeBank(settings, { name: bank.name ?? "your bank", codes });
  },
});
