import { crc32 } from "node:zlib";

export interface Size {
  width: number;
  height: number;
}

/** The formats a picture may have: pixels only, since SVG is a document that can hold script. */
export const rasterTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export type RasterType = (typeof rasterTypes)[number];

/**
 * The size that a still picture has by its own bytes, read without decoding it; undefined for
 * anything else: another format than the type says, bytes that end early or go on after the end, a
 * picture that moves (WCAG 2.2.2). Never throws.
 */
export function rasterSize(type: RasterType, bytes: Buffer): Size | undefined {
  try {
    return readers[type](bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // it reads beyond the end
    throw error;
  }
}

const readers: Record<RasterType, (bytes: Buffer) => Size | undefined> = {
  "image/png": png,
  "image/jpeg": jpeg,
  "image/gif": gif,
  "image/webp": webp,
};

const text = (bytes: Buffer, from: number, length: number) =>
  bytes.toString("latin1", from, from + length);

/**
 * PNG (ISO/IEC 15948) §5: chunks from IHDR to IEND, each with its checksum; `acTL` makes it move.
 */
function png(bytes: Buffer): Size | undefined {
  if (text(bytes, 0, 8) !== "\x89PNG\r\n\x1a\n") return undefined;
  const [headerLength, width, height] = [8, 16, 20].map((place) => bytes.readUInt32BE(place)) as [
    number,
    number,
    number,
  ];
  if (headerLength !== 13) return undefined;
  let pixels = false;
  for (let at = 8; ;) {
    const type = text(bytes, at + 4, 4);
    const end = at + 12 + bytes.readUInt32BE(at);
    if ((at === 8) !== (type === "IHDR") || type === "acTL") return undefined;
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return undefined;
    if (type === "IEND") return pixels && end === bytes.length ? { width, height } : undefined;
    pixels ||= type === "IDAT";
    at = end;
  }
}

/**
 * JPEG (ISO/IEC 10918-1) Annex B: segments up to the frame header, of a sequential or progressive
 * Huffman picture as browsers show it; the end marker is last.
 */
function jpeg(bytes: Buffer): Size | undefined {
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return undefined;
  for (let at = 2; ;) {
    const marker = bytes.readUInt16BE(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffc2;
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // Tables, application data and comments; anything else has no place before the frame.
    if (![0xffc4, 0xffdb, 0xffdd, 0xfffe].includes(marker) && (marker & 0xfff0) !== 0xffe0)
      return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/**
 * GIF89a §17 to §27: exactly one picture, inside its screen, between the header and the trailer.
 */
function gif(bytes: Buffer): Size | undefined {
  if (!/^GIF8[79]a$/.test(text(bytes, 0, 6))) return undefined;
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterBlocks = (start: number) => {
    let at = start;
    for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at))
      at += 1 + length;
    return at + 1;
  };
  let pictures = 0;
  for (let at = 13 + colours(bytes.readUInt8(10)); ;) {
    const block = bytes.readUInt8(at);
    if (block === 0x3b)
      return pictures === 1 && at + 1 === bytes.length ? { width, height } : undefined;
    if (block === 0x21) {
      at = afterBlocks(at + 2);
    } else if (block === 0x2c) {
      pictures += 1;
      const [left, top, wide, high] = [1, 3, 5, 7].map((place) =>
        bytes.readUInt16LE(at + place),
      ) as [number, number, number, number];
      if (left + wide > width || top + high > height) return undefined;
      at = afterBlocks(at + 11 + colours(bytes.readUInt8(at + 9)));
    } else {
      return undefined;
    }
  }
}

/** WebP (RFC 9649) §2: one RIFF container; the extended header tells whether it moves. */
function webp(bytes: Buffer): Size | undefined {
  if (
    text(bytes, 0, 4) !== "RIFF" ||
    text(bytes, 8, 4) !== "WEBP" ||
    bytes.readUInt32LE(4) + 8 !== bytes.length
  )
    return undefined;
  const type = text(bytes, 12, 4);
  if (bytes.readUInt32LE(16) + 20 > bytes.length) return undefined;
  if (type === "VP8 " && bytes.readUIntBE(23, 3) === 0x9d012a)
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (type === "VP8L" && bytes.readUInt8(20) === 0x2f) {
    const sides = bytes.readUInt32LE(21);
    return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
  }
  const moves = 0x02;
  if (type === "VP8X" && !(bytes.readUInt8(20) & moves))
    return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  return undefined;
}
