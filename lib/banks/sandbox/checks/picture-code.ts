import { digitsDrawing, digitsRecording } from "../../../challenges/samples/digits.ts";
import { asPicture } from "../../../challenges/samples/png.ts";
import { qrDrawing } from "../../../challenges/samples/qr-drawing.ts";
import { type Check, type CheckContext, passed, wrong } from "../check.ts";
import { sandboxCode } from "./one-time-code.ts";

/** How long a picture to scan works. */
const pictureLivesMs = 60_000;
const reply = { characters: "digits", length: sandboxCode.length } as const;

const leftMs = ({ nowMs, sinceMs }: CheckContext) => sinceMs + pictureLivesMs - nowMs;

/** What the picture says: eight digits, others for each picture. */
function requestNumber({ sinceMs }: CheckContext): string {
  const digits = String(sinceMs).slice(-8).padStart(8, "0");
  return `${digits.slice(0, 4)} ${digits.slice(4)}`;
}

/** A real QR code: any phone that scans it shows the code, as the bank's app would. */
export const photo: Check = {
  ask(context) {
    const number = requestNumber(context);
    const picture = asPicture(
      qrDrawing(`Northwind Bank, request ${number}: your code is ${sandboxCode}`),
      "QR code for the Northwind Bank app",
    );
    return {
      kind: "picture-code",
      prompt: {
        purpose: "scan",
        picture,
        expiresInSeconds: pictureLivesMs / 1000,
        instead: number,
        reply,
      },
    };
  },
  answer(answer, context) {
    if (answer.kind !== "picture-code") return wrong;
    if ("refresh" in answer.value) return { type: "again", notice: "refreshed", restart: true };
    // Before the code is looked at: a picture that ran out never makes a right code wrong.
    if (leftMs(context) <= 0) return { type: "again", problem: "expired", restart: true };
    return answer.value.reply === sandboxCode ? passed : wrong;
  },
  poll(context) {
    if (leftMs(context) <= 0) return { type: "again", notice: "refreshed", restart: true };
    return { type: "pending", pollSeconds: Math.ceil(leftMs(context) / 1000) };
  },
  otherWay: "sms",
};

/** A picture that only people can read, and lets those who cannot see it hear it. */
export const captcha: Check = {
  ask: ({ sinceMs }) => ({
    kind: "picture-code",
    prompt: {
      purpose: "read",
      picture: asPicture(
        digitsDrawing(sandboxCode, sinceMs),
        "Digits that only a person can read. You can listen to them instead",
      ),
      sound: { mediaType: "audio/wav", base64: digitsRecording(sandboxCode).toString("base64") },
      reply,
    },
  }),
  answer(answer) {
    if (answer.kind !== "picture-code") return wrong;
    if ("refresh" in answer.value) return { type: "again", notice: "refreshed", restart: true };
    return answer.value.reply === sandboxCode ? passed : wrong;
  },
  // Without one, a test that only copying passes would keep people out (WCAG 3.3.8).
  otherWay: "sms",
};
