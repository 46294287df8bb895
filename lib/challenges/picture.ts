import { z } from "zod";
import { bankText } from "./form-text.ts";
import { base64Bytes, bytesOf, dataUrl } from "./media.ts";
import { rasterSize, rasterTypes } from "./raster.ts";

/** Longest side, in pixels; more is never needed and costs a phone its memory. */
const maxSide = 2000;

/**
 * A picture of a bank's: a still raster picture whose bytes are what its type says, 1 to 2,000
 * pixels a side, with the words that stand for it (WCAG 1.1.1).
 */
export const bankPicture = z
  .strictObject({ mediaType: z.enum(rasterTypes), base64: base64Bytes, alt: bankText(300) })
  .refine((picture) => {
    const size = rasterSize(picture.mediaType, bytesOf(picture));
    return (
      size !== undefined && [size.width, size.height].every((side) => side >= 1 && side <= maxSide)
    );
  })
  .describe(
    `A still picture whose bytes are what \`mediaType\` says, 1 to ${maxSide} pixels a side.`,
  );
export type BankPicture = z.output<typeof bankPicture>;

/** What a screen needs of a picture: its size too, so that nothing jumps when it is there. */
export interface PictureView {
  url: string;
  width: number;
  height: number;
  alt: string;
}

/** @throws {TypeError} for what {@link bankPicture} refuses. */
export function pictureView(picture: BankPicture): PictureView {
  const size = rasterSize(picture.mediaType, bytesOf(picture));
  if (!size) throw new TypeError("not a picture");
  return { url: dataUrl(picture), ...size, alt: picture.alt };
}
