import { z } from "zod";
import { defineAdapter } from "../adapter-definition.ts";
import { createSandboxBank } from "./sandbox-bank.ts";

/** The bank for trying everything out; there is nothing to set. */
export const sandboxAdapter = defineAdapter({
  settings: z.strictObject({}),
  create: (_settings, deps) => createSandboxBank(deps),
});
