import { z } from "zod";

// The shapes of psd2-api v1.3.12 (OpenAPI of the NextGenPSD2 XS2A Framework, The Berlin Group, CC
// BY 4.0), as far as they are read here. What is not read is dropped.

/** Part of a path and of our state, so it cannot step out of either. */
export const resourceId = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/)
  .refine((value) => !/^\.{1,2}$/.test(value));

const method = z.object({
  authenticationType: z.string().max(100),
  authenticationMethodId: z.string().regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,35}$/),
  name: z.string().optional(),
  explanation: z.string().optional(),
});
export type ScaMethod = z.output<typeof method>;

const challengeData = z.object({
  image: z.string().optional(),
  // Version 1.1 had one string here.
  data: z.union([z.array(z.string()), z.string().transform((value) => [value])]).optional(),
  otpMaxLength: z.int().min(1).optional().catch(undefined),
  otpFormat: z.enum(["characters", "integer"]).optional().catch(undefined),
  additionalInformation: z.string().optional(),
});
export type ChallengeData = z.output<typeof challengeData>;

const scaStatuses = [
  "received",
  "psuIdentified",
  "psuAuthenticated",
  "scaMethodSelected",
  "started",
  "unconfirmed",
  "finalised",
  "failed",
  "exempted",
] as const;
const consentStatus = z.enum([
  "received",
  "rejected",
  "valid",
  "revokedByPsu",
  "expired",
  "terminatedByTpp",
  "partiallyAuthorised",
]);
export type ConsentStatus = z.output<typeof consentStatus>;

/**
 * What every answer of an authorisation may hold (startScaprocessResponse, update…Response,
 * scaStatusResponse).
 */
export const progressAnswer = z.object({
  scaStatus: z.enum(scaStatuses).optional(),
  authorisationId: resourceId.optional(),
  scaMethods: z.array(method).max(20).optional(),
  chosenScaMethod: method.partial().optional(),
  challengeData: challengeData.optional(),
  psuMessage: z.string().optional(),
  _links: z.record(z.string(), z.unknown()).default({}),
});
export type ProgressAnswer = z.output<typeof progressAnswer>;

/** consentsResponse-201. */
export const consentAnswer = progressAnswer.extend({ consentStatus, consentId: resourceId });
export type ConsentAnswer = z.output<typeof consentAnswer>;

/** Of any answer to a request for a consent: the one that was made. */
export const madeConsent = z.object({ consentId: resourceId });

/** consentStatusResponse-200, and of consentInformationResponse-200 what is needed. */
export const consentStatusAnswer = z.object({ consentStatus });

/**
 * accountList. Numbers and names only; what is on an account is nobody's business here. What only
 * describes one is read where it fits.
 */
export const accountsAnswer = z.object({
  accounts: z
    .array(
      z.object({
        resourceId: z.string().optional(),
        iban: z.string().optional(),
        bban: z.string().optional(),
        msisdn: z.string().optional(),
        maskedPan: z.string().optional(),
        status: z.string().optional(),
        name: z.unknown().optional(),
        displayName: z.unknown().optional(),
        bic: z.unknown().optional(),
        cashAccountType: z.unknown().optional(),
      }),
    )
    .max(1000),
});
export type AccountsAnswer = z.output<typeof accountsAnswer>;

const tppMessage = z.object({ category: z.string().optional(), code: z.string() });

/** Errors come as `tppMessages`, or as a problem of RFC 7807 with a code. */
export const errorBody = z.union([
  z
    .object({ tppMessages: z.array(tppMessage).min(1) })
    .transform(({ tppMessages }) =>
      [...tppMessages.filter(({ category }) => category === "ERROR"), ...tppMessages].map(
        ({ code }) => code,
      ),
    ),
  z
    .object({
      code: z.string(),
      additionalErrors: z.array(z.object({ code: z.string() })).default([]),
    })
    .transform(({ code, additionalErrors }) => [
      code,
      ...additionalErrors.map((error) => error.code),
    ]),
]);
