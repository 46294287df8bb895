import { crc32, deflateSync } from "node:zlib";

/** A picture that is drawn and not stored. */
export interface Drawing {
  width: number;
  height: number;
  /** `#rrggbb`, at most 256 of them. */
  colours: readonly string[];
  /** The place in `colours` of the colour at a pixel. */
  colourAt: (x: number, y: number) => number;
}

/** A drawing as PNG (ISO/IEC 15948), one byte of palette for each pixel. */
function encodePng({ width, height, colours, colourAt }: Drawing): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits a pixel, palette, no interlace
  // Each row begins with its filter: none.
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (__, x) => colourAt(x, y)),
  ]);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    asChunk("IHDR", header),
    asChunk("PLTE", Buffer.from(colours.map((colour) => colour.slice(1)).join(""), "hex")),
    asChunk("IDAT", deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    asChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A part of a PNG (§5.3): its length, type, data and checksum. */
export function asChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}

/** A drawing as a bank hands over a picture. */
export const asPicture = (drawing: Drawing, alt: string) => ({
  mediaType: "image/png" as const,
  base64: encodePng(drawing).toString("base64"),
  alt,
});
