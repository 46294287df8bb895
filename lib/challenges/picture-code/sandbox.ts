import { digitsDrawing, digitsRecording } from "../samples/digits.ts";
import { asPicture } from "../samples/png.ts";
import { qrDrawing } from "../samples/qr-drawing.ts";
import { sandboxCode } from "../one-time-code/sandbox.ts";
import { passed, type SandboxContext, type Verdict, wrong } from "../sandbox.ts";

type PictureAnswer = { refresh: true } | { reply: string };

/** How long a picture to scan works. */
const pictureLivesMs = 60_000;
const reply = { characters: "digits", length: sandboxCode.length } as const;

const leftMs = ({ nowMs, sinceMs }: SandboxContext) => sinceMs + pictureLivesMs - nowMs;

/** What the picture says: eight digits, others for each picture. */
function requestNumber({ sinceMs }: SandboxContext): string {
  const digits = String(sinceMs).slice(-8).padStart(8, "0");
  return `${digits.slice(0, 4)} ${digits.slice(4)}`;
}

/** A real QR code: any phone that scans it shows the code, as the bank's app would. */
const photo = {
  ask(context: SandboxContext) {
    const number = requestNumber(context);
    const picture = asPicture(
      qrDrawing(`Northwind Bank, request ${number}: your code is ${sandboxCode}`),
      "QR code for the Northwind Bank app",
    );
    return {
      purpose: "scan" as const,
      picture,
      expiresInSeconds: pictureLivesMs / 1000,
      instead: number,
      reply,
    };
  },
  answer(answer: PictureAnswer, context: SandboxContext): Verdict {
    if ("refresh" in answer) return { type: "again", notice: "refreshed", restart: true };
    // Before the code is looked at: a picture that ran out never makes a right code wrong.
    if (leftMs(context) <= 0) return { type: "again", problem: "expired", restart: true };
    return answer.reply === sandboxCode ? passed : wrong;
  },
  poll(context: SandboxContext): Verdict {
    if (leftMs(context) <= 0) return { type: "again", notice: "refreshed", restart: true };
    return { type: "pending", pollSeconds: Math.ceil(leftMs(context) / 1000) };
  },
  otherWay: "sms",
};

/** A picture that only people can read, and lets those who cannot see it hear it. */
const captcha = {
  ask: ({ sinceMs }: SandboxContext) => ({
    purpose: "read" as const,
    picture: asPicture(
      digitsDrawing(sandboxCode, sinceMs),
      "Digits that only a person can read. You can listen to them instead",
    ),
    sound: {
      mediaType: "audio/wav" as const,
      base64: digitsRecording(sandboxCode).toString("base64"),
    },
    reply,
  }),
  answer(answer: PictureAnswer): Verdict {
    if ("refresh" in answer) return { type: "again", notice: "refreshed", restart: true };
    return answer.reply === sandboxCode ? passed : wrong;
  },
  // Without one, a test that only copying passes would keep people out (WCAG 3.3.8).
  otherWay: "sms",
};

/** Pictures to scan and to read. */
export const pictureCodeSandbox = {
  checks: { photo, captcha },
  users: {
    user_photo: {
      checks: ["photo"],
      answers: `Code ${sandboxCode}`,
      expect: "A picture to scan with the bank’s app. It can be refreshed.",
    },
    user_captcha: {
      checks: ["captcha"],
      answers: `Code ${sandboxCode}`,
      expect: "A code in a picture, which can also be listened to.",
    },
  },
};
