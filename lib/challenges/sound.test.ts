import { describe, expect, test } from "vitest";
import { digitsRecording } from "./samples/digits.ts";
import { bankSound } from "./sound.ts";

const wav = digitsRecording("12");
const parse = (mediaType: string, bytes: Buffer | number[]) =>
  bankSound.safeParse({ mediaType, base64: Buffer.from(bytes).toString("base64") }).success;
const text = (value: string) => Buffer.from(value, "latin1");

describe("a recording of a bank", () => {
  test.each([
    ["WAV", "audio/wav", wav],
    ["Ogg", "audio/ogg", text("OggS\0\x02 and so on")],
    ["MP3", "audio/mpeg", [0xff, 0xfb, 0x90, 0x64, 0, 0]],
    ["MP3 with a tag", "audio/mpeg", text("ID3\x04 and so on")],
  ])("may be %s", (_, mediaType, bytes) => {
    expect(parse(mediaType, bytes)).toBe(true);
  });
  test.each([
    ["that is none", "audio/wav", text("<script>alert(1)</script>")],
    ["of another type than it says", "audio/mpeg", wav],
    ["that ends early", "audio/wav", wav.subarray(0, -1)],
    ["that goes on after its end", "audio/wav", Buffer.concat([wav, text("more")])],
    ["that is AAC", "audio/mpeg", [0xff, 0xf1, 0x50, 0x80]],
    ["of a type we do not take", "video/mp4", wav],
  ])("is refused %s", (_, mediaType, bytes) => {
    expect(parse(mediaType, bytes)).toBe(false);
  });
});
