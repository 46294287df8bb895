import { z } from 'zod'

/**
 * The most base64 that the pictures and sounds of one challenge may have together, in characters: 144 KiB of bytes. A step is sealed with all of it and holds 256 KiB of JSON
 * (lib/platform/sealed-json.ts), which leaves room for texts and for what the adapter remembers.
 */
export const mostMedia = 192 * 1024

/** Bytes of a bank's as base64 (RFC 4648 §4), written in the one canonical way. */
export const base64Bytes = z
  .string()
  .min(4)
  .max(mostMedia)
  .refine((value) => Buffer.from(value, 'base64').toString('base64') === value)

export const bytesOf = ({ base64 }: { base64: string }): Buffer => Buffer.from(base64, 'base64')

/** Whether all pictures and sounds of a challenge fit into a step. */
export const fitStep = (media: readonly { base64: string }[]): boolean => media.reduce((sum, { base64 }) => sum + base64.length, 0) <= mostMedia

/** The bytes as an address, in the document itself: no request, and nothing of the bank's is fetched by a browser. */
export const dataAddress = ({ mediaType, base64 }: { mediaType: string; base64: string }): string => `data:${mediaType};base64,${base64}`
