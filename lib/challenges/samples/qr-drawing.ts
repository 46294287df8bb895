import { encodeQR } from "qr";
import type { Drawing } from "./png.ts";

const pixels = 6;

/**
 * A QR code (ISO/IEC 18004) of a text, dark on light in any colour scheme, with the quiet zone of
 * four modules that cameras need.
 */
export function qrDrawing(text: string): Drawing {
  const modules = encodeQR(text, "raw", { border: 4 });
  const side = modules.length * pixels;
  return {
    width: side,
    height: side,
    colours: ["#ffffff", "#000000"],
    colourAt: (x, y) => (modules[Math.floor(y / pixels)]?.[Math.floor(x / pixels)] ? 1 : 0),
  };
}
