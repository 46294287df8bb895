import { describe, expect, test } from "vitest";
import { bankPicture, pictureView } from "./picture.ts";
import { realPictures } from "./pictures.fixture.ts";
import { asPicture } from "./samples/png.ts";

const [{ mediaType, base64 } = { mediaType: "image/png" as const, base64: "" }] = realPictures;
const good = { mediaType, base64, alt: "A boat" };
const blank = (width: number, height: number) =>
  asPicture({ width, height, colours: ["#ffffff"], colourAt: () => 0 }, "Nothing");
const base64Of = (text: string) => Buffer.from(text).toString("base64");

describe("a picture of a bank", () => {
  test.each(realPictures)("may be $name", ({ mediaType, base64 }) => {
    expect(bankPicture.parse({ mediaType, base64, alt: "A boat" })).toEqual({
      mediaType,
      base64,
      alt: "A boat",
    });
  });
  test("goes to the screen inside the document, with its size and the words for it", () => {
    expect(pictureView(bankPicture.parse(good))).toEqual({
      url: `data:image/png;base64,${base64}`,
      width: 5,
      height: 4,
      alt: "A boat",
    });
  });
  test.each([
    [1, 1],
    [2000, 1],
    [1, 2000],
  ])("may be %d by %d", (width, height) => {
    expect(bankPicture.safeParse(blank(width, height)).success).toBe(true);
  });
  test.each([
    ["wider than 2,000 pixels", blank(2001, 1)],
    ["higher than 2,000 pixels", blank(1, 2001)],
    ["without width", blank(0, 4)],
    ["without height", blank(5, 0)],
    ["of more than 144 KiB", { ...good, base64: Buffer.alloc(144 * 1024 + 1).toString("base64") }],
    ["without a text alternative", { mediaType, base64 }],
    ["with an empty text alternative", { ...good, alt: " " }],
    ["with markup of its own beside it", { ...good, html: "<b>" }],
    ["of a type that is no raster", { ...good, mediaType: "image/svg+xml" }],
    [
      "that is SVG with script",
      {
        ...good,
        mediaType: "image/svg+xml",
        base64: base64Of('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      },
    ],
    [
      "that is SVG under the name of a PNG",
      { ...good, base64: base64Of('<svg xmlns="http://www.w3.org/2000/svg"/>') },
    ],
    ["whose type is another one", { ...good, mediaType: "image/jpeg" }],
    ["whose type is a page", { ...good, mediaType: "text/html" }],
    ["that is an address", { ...good, base64: "https://bank.example/picture.png" }],
    ["that is a whole data address", { ...good, base64: `data:image/png;base64,${base64}` }],
    ["with a quotation mark in its bytes", { ...good, base64: `${base64}" onload="alert(1)` }],
    [
      "with a line break in its bytes",
      { ...good, base64: `${base64.slice(0, 20)}\n${base64.slice(20)}` },
    ],
    [
      "in the other alphabet of base64",
      { ...good, base64: Buffer.from(base64, "base64").toString("base64url") },
    ],
    ["of nothing", { ...good, base64: "" }],
  ])("is refused %s", (_, picture) => {
    expect(bankPicture.safeParse(picture).success).toBe(false);
  });
});
