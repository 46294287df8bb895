import { randomBytes } from "node:crypto";

/** A random id of 128 bits, safe in an address: for keys and tokens, where Sage gives no UUID. */
export function newId(): string {
  return randomBytes(16).toString("base64url");
}
