import { digitsDrawing, digitsRecording } from "../samples/digits.ts";
import { asPicture } from "../samples/png.ts";
import { qrDrawing } from "../samples/qr-drawing.ts";

// Drawn when somebody looks, not when the connector starts.
export function pictureCodeExamples() {
  const scan = {
    purpose: "scan" as const,
    picture: asPicture(qrDrawing("4815 1623"), "QR code for the Northwind app"),
    reply: { characters: "digits" as const, length: 6 },
  };
  const read = {
    purpose: "read" as const,
    picture: asPicture(
      digitsDrawing("204816"),
      "Six digits, drawn so that programs cannot read them",
    ),
    reply: { characters: "digits" as const, length: 6 },
  };
  return [
    { name: "to scan", prompt: scan },
    {
      name: "to scan or to type, runs out",
      prompt: {
        ...scan,
        expiresInSeconds: 60,
        instead: "4815 1623",
        reply: { characters: "any" as const, length: 8 },
      },
    },
    { name: "to read", prompt: { ...read, reply: { characters: "any" as const } } },
    {
      name: "to read or to hear",
      prompt: {
        ...read,
        sound: {
          mediaType: "audio/wav" as const,
          base64: digitsRecording("204816").toString("base64"),
        },
      },
    },
  ];
}
