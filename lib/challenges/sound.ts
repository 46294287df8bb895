import { z } from "zod";
import { base64Bytes, bytesOf, dataUrl } from "./media.ts";

const soundTypes = ["audio/mpeg", "audio/wav", "audio/ogg"] as const;

/**
 * A recording of a bank's, as every browser's own player takes it; its bytes begin as its type
 * says.
 */
export const bankSound = z
  .strictObject({ mediaType: z.enum(soundTypes), base64: base64Bytes })
  .refine((sound) => begins[sound.mediaType](bytesOf(sound)))
  .describe("A recording whose bytes begin as `mediaType` says.");

const text = (bytes: Buffer, from: number) => bytes.toString("latin1", from, from + 4);

const begins: Record<(typeof soundTypes)[number], (bytes: Buffer) => boolean> = {
  "audio/wav": (bytes) =>
    bytes.length >= 44 &&
    text(bytes, 0) === "RIFF" &&
    text(bytes, 8) === "WAVE" &&
    bytes.readUInt32LE(4) + 8 === bytes.length,
  // Either an ID3 tag, or a frame: eleven set bits, then a version and a layer that exist (ISO/IEC
  // 11172-3 §2.4.2.3).
  "audio/mpeg": (bytes) =>
    bytes.toString("latin1", 0, 3) === "ID3" ||
    (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 && ((bytes[1] ?? 0) & 0x06) !== 0),
  "audio/ogg": (bytes) => text(bytes, 0) === "OggS",
};

/** What a screen needs of a recording. */
export const soundView = (sound: z.output<typeof bankSound>): { url: string } => ({
  url: dataUrl(sound),
});
