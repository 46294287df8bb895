import { defineAdapter } from "../adapter-definition.ts";
import { createHttpBank } from "./http-bank.ts";
import { httpSettings } from "./settings.ts";

/** A bank that serves our own small API, in any language (docs/bank-api.md). */
export const httpAdapter = defineAdapter({ settings: httpSettings, create: createHttpBank });
