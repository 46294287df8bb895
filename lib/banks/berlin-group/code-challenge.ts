import type { Challenge } from "../../challenges/index.ts";
import { bankPicture } from "../../challenges/picture.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { methodLabel } from "./method-label.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import { shownName, shownText } from "./shown-text.ts";
import type { ChallengeData, ProgressAnswer } from "./xs2a-messages.ts";

const maxNote = 500;

/**
 * What the bank wants said beside its question: `additionalInformation`, which we must show, and
 * `psuMessage`.
 */
export const noteOf = (
  { challengeData, psuMessage }: Pick<ProgressAnswer, "challengeData" | "psuMessage">,
  ...more: (string | undefined)[]
): string | undefined =>
  shownText(
    [...new Set([challengeData?.additionalInformation, psuMessage, ...more])]
      .filter((text) => text !== undefined)
      .join(" "),
    maxNote,
  );

/** A way to confirm, as far as it is known. */
export interface ScaMethodChoice {
  type: string;
  name: string | undefined;
}

// PUSH_OTP brings a code into the bank's app; nothing else is said to be in one.
const channelOf = (type: string) =>
  /sms|mtan/i.test(type)
    ? "sms"
    : /smtp|e-?mail/i.test(type)
      ? "email"
      : /chip/i.test(type)
        ? "card-reader"
        : /^(push_otp|push_dec|decoupled)$/i.test(type)
          ? "app"
          : "other";

/**
 * The question for a code, by the way that was chosen and its `challengeData`. Pure.
 * @throws {UnexpectedBankResponse} for a picture that cannot be shown, where there is nothing to
 *   type instead.
 */
export function codeChallenge(
  progress: Pick<ProgressAnswer, "challengeData" | "psuMessage">,
  settings: Pick<BerlinGroupSettings, "codeLengths" | "methodNames">,
  { sendAgain, method: { type, name } }: { sendAgain: boolean; method: ScaMethodChoice },
): Challenge {
  const { challengeData = {} } = progress;
  const { image, data = [] } = challengeData;
  const label =
    type === "" && name === undefined
      ? undefined
      : methodLabel({ name, authenticationType: type }, settings);
  if (image !== undefined) {
    const picture = scan(image, label);
    if (picture)
      return {
        kind: "picture-code",
        prompt: {
          purpose: "scan",
          picture,
          ...insteadOf(data),
          ...noted(progress),
          reply: replyOf(challengeData),
        },
      };
    if (data.length === 0) throw new UnexpectedBankResponse("challenge-not-showable");
  }
  const code = codeOf(challengeData, settings.codeLengths[type]);
  const [first = ""] = data;
  const channel = channelOf(type);
  switch (channel) {
    case "sms":
    case "email": {
      const destination = shownName(
        destinationIn(name, channel) ?? name ?? settings.methodNames[type],
        100,
      );
      return {
        kind: "one-time-code",
        prompt: {
          channel,
          ...(destination === undefined ? {} : { destination }),
          ...(sendAgain ? { sendAgain } : {}),
          ...code,
          ...noted(progress, ...data),
        },
      };
    }
    case "card-reader":
      if (!/^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/.test(first) || first.length > 40) break;
      return {
        kind: "one-time-code",
        prompt: { channel, number: first, ...code, ...noted(progress, ...data.slice(1)) },
      };
    case "app":
      return { kind: "one-time-code", prompt: { channel, ...code, ...noted(progress, ...data) } };
    case "other":
      break;
  }
  const method = shownName(label, 100);
  return {
    kind: "one-time-code",
    prompt: {
      channel: "other",
      ...(method === undefined ? {} : { method }),
      ...code,
      ...noted(progress, ...data),
    },
  };
}

function noted(
  progress: Pick<ProgressAnswer, "challengeData" | "psuMessage">,
  ...data: string[]
): { note?: string } {
  const note = noteOf(progress, ...data);
  return note === undefined ? {} : { note };
}

/** `otpMaxLength` is the most, not the length: a shorter code may be right. */
function codeOf({ otpMaxLength, otpFormat }: ChallengeData, length: number | undefined) {
  const maxLength = otpMaxLength === undefined ? {} : { maxLength: Math.min(otpMaxLength, 40) };
  return {
    ...(length === undefined ? maxLength : { length }),
    ...(otpFormat === "characters" ? { format: "letters-and-digits" as const } : {}),
  };
}

const replyOf = ({ otpFormat }: ChallengeData) => ({
  characters: otpFormat === "integer" ? ("digits" as const) : ("any" as const),
});

function insteadOf(data: readonly string[]): { instead?: string } {
  const instead = shownText(data.join(" "), Infinity);
  // Half of it would be typed in vain.
  return instead === undefined || [...instead].length > 120 ? {} : { instead };
}

// PNG by the standard; banks send the others, too. What the bytes really are is judged by the kind.
const signatures = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
] as const;

function scan(image: string, label: string | undefined) {
  const base64 = image.replace(/^data:[a-z/+.-]+;base64,/, "").replace(/\s+/g, "");
  const mediaType = signatures.find(([start]) => base64.startsWith(start))?.[1];
  return bankPicture.safeParse({ mediaType, base64, alt: shownName(label, 300) ?? "photoTAN" })
    .data;
}

/** "SMS OTP on phone +49160 xxxxx 28": the part that says where to, as the bank masks it. */
function destinationIn(name = "", channel: "sms" | "email"): string | undefined {
  const found =
    channel === "email"
      ? /[^\s<>]+@[^\s<>]+/.exec(name)
      : /[+\d*•xX][\dxX*• ()/-]{3,}[\dxX*•]/.exec(name);
  return found?.[0].trim();
}
