import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { movingGif, realPictures } from "./pictures.fixture.ts";
import { rasterSize, rasterTypes } from "./raster.ts";
import { asChunk } from "./samples/png.ts";

const bytesOf = (base64: string) => Buffer.from(base64, "base64");
const [realPng] = realPictures.flatMap(({ mediaType, base64 }) =>
  mediaType === "image/png" ? [bytesOf(base64)] : [],
);
const [realWebp] = realPictures.flatMap(({ name, base64 }) =>
  name === "a WebP that is see-through" ? [bytesOf(base64)] : [],
);
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="4"><script>alert(1)</script></svg>';

function changed(bytes: Buffer | undefined, at: number, to: number): Buffer {
  const copy = Buffer.from(bytes ?? []);
  copy[at] = to;
  return copy;
}

describe.each(realPictures)("$name", ({ mediaType, base64 }) => {
  const bytes = bytesOf(base64);
  test("has the size it says", () => {
    expect(rasterSize(mediaType, bytes)).toEqual({ width: 5, height: 4 });
  });
  test("is no picture of any other type", () => {
    for (const other of rasterTypes)
      if (other !== mediaType) expect(rasterSize(other, bytes)).toBeUndefined();
  });
  test("is none when it ends early", () => {
    for (let length = 0; length < bytes.length; length += 1)
      expect(rasterSize(mediaType, bytes.subarray(0, length)), String(length)).toBeUndefined();
  });
  test("is none with something behind its end, as a picture that is a page or an archive too has it", () => {
    for (const more of ["\0", "\n", "<script>alert(1)</script>", "PK\x03\x04", base64])
      expect(rasterSize(mediaType, Buffer.concat([bytes, Buffer.from(more)]))).toBeUndefined();
  });
  test("with any of its bytes changed is a picture of some size, or none, and no error", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, to) => {
        const size = rasterSize(mediaType, changed(bytes, at, to));
        expect(
          size === undefined || (Number.isInteger(size.width) && Number.isInteger(size.height)),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(rasterTypes)("%s", (type) => {
  test("is never what is in bytes of no format", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (bytes) => rasterSize(type, Buffer.from(bytes)) === undefined,
      ),
    );
  });
  test("is not what begins like one and goes on with anything", () => {
    const start = bytesOf(
      realPictures.find(({ mediaType }) => mediaType === type)?.base64 ?? "",
    ).subarray(0, 12);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (rest) => rasterSize(type, Buffer.concat([start, rest])) === undefined,
      ),
    );
  });
  test.each([
    ["nothing", ""],
    ["SVG with script", svg],
    ["a page", "<!doctype html><script>alert(1)</script>"],
    ["a page behind the mark of a GIF", "GIF89a/*<script>*/=1;alert(1)//"],
  ])("is not %s", (_, text) => {
    expect(rasterSize(type, Buffer.from(text))).toBeUndefined();
  });
});

describe("what moves is refused:", () => {
  test("a GIF of two pictures", () => {
    expect(rasterSize("image/gif", bytesOf(movingGif))).toBeUndefined();
  });
  test("an animated PNG", () => {
    const header = 8 + 25;
    const control = asChunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    expect(
      rasterSize(
        "image/png",
        Buffer.concat([realPng!.subarray(0, header), control, realPng!.subarray(header)]),
      ),
    ).toBeUndefined();
  });
  test("a WebP that says it moves", () => {
    expect(rasterSize("image/webp", changed(realWebp, 20, 0x12))).toBeUndefined();
  });
});

describe("a broken PNG is refused:", () => {
  const [width, pixels] = [19, realPng!.indexOf("IDAT")];
  test.each([
    ["with a checksum that is wrong", changed(realPng, width, 6)],
    ["with pixels that were changed", changed(realPng, pixels + 6, 0)],
    [
      "without pixels",
      Buffer.concat([realPng!.subarray(0, pixels - 4), asChunk("IEND", Buffer.alloc(0))]),
    ],
    ["with two headers", Buffer.concat([realPng!.subarray(0, 33), realPng!.subarray(8)])],
  ])("%s", (_, bytes) => {
    expect(rasterSize("image/png", bytes)).toBeUndefined();
  });
});

test("a GIF whose picture is larger than its screen is refused", () => {
  const gif = realPictures.find(({ mediaType }) => mediaType === "image/gif");
  const bytes = bytesOf(gif?.base64 ?? "");
  expect(rasterSize("image/gif", changed(bytes, bytes.indexOf(0x2c, 13) + 5, 6))).toBeUndefined();
});
