import type { Drawing } from "./png.ts";

// Three by five dots a digit: five rows, each an octal number of three bits.
const shapes = [
  "75557",
  "26227",
  "71747",
  "71717",
  "55711",
  "74717",
  "74757",
  "71122",
  "75757",
  "75717",
];
const pixels = 10;

/**
 * Digits as a picture, each at one of three heights; `turn` makes another picture of the same
 * digits.
 */
export function digitsDrawing(digits: string, result = 0): Drawing {
  const isDark = (column: number, row: number) => {
    const place = Math.floor(column / 4);
    const shape = shapes[Number(digits[place])];
    const line = shape?.[row - 1 - ((place * 2 + Math.floor(result / 3 ** place)) % 3)];
    return line !== undefined && ((Number(line) >> (2 - (column % 4))) & 1) === 1;
  };
  return {
    width: (digits.length * 4 + 1) * pixels,
    height: 9 * pixels,
    colours: ["#f4f1e4", "#1d3557"],
    colourAt: (x, y) => (isDark(Math.floor(x / pixels) - 1, Math.floor(y / pixels)) ? 1 : 0),
  };
}

const samplesPerSecond = 4000;
const beep = tone(0.13, 500);
const shortPause = tone(0.1, 0);
const longPause = tone(0.7, 0);

/**
 * Digits as a recording: as many beeps as each digit says. WAV with 8 bits a sample, which every
 * browser plays.
 */
export function digitsRecording(digits: string): Buffer {
  const sound = Buffer.concat(
    [...digits].flatMap((digit) => [
      ...Array.from({ length: Number(digit) }, () => [beep, shortPause]).flat(),
      longPause,
    ]),
  );
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + sound.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // plain samples
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(samplesPerSecond, 24);
  header.writeUInt32LE(samplesPerSecond, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(sound.length, 40);
  return Buffer.concat([header, sound]);
}

function tone(seconds: number, hertz: number): Buffer {
  return Buffer.from(
    Array.from(
      { length: Math.round(seconds * samplesPerSecond) },
      (_, at) => 128 + Math.round(90 * Math.sin((2 * Math.PI * hertz * at) / samplesPerSecond)),
    ),
  );
}
