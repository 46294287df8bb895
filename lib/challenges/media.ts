import { z } from "zod";

/**
 * The most base64 that one picture or sound may have, in characters: 144 KiB of bytes. All of a
 * challenge together must fit into a step (`challengeSchema`).
 */
export const maxMedia = 192 * 1024;

/** Bytes of a bank's as base64 (RFC 4648 §4), written in the one canonical way. */
export const base64Bytes = z
  .string()
  .min(4)
  .max(maxMedia)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/);

export const bytesOf = ({ base64 }: { base64: string }): Buffer => Buffer.from(base64, "base64");

/**
 * The bytes as an address, in the document itself: no request, and nothing of the bank's is fetched
 * by a browser.
 */
export const dataUrl = ({ mediaType, base64 }: { mediaType: string; base64: string }): string =>
  `data:${mediaType};base64,${base64}`;
