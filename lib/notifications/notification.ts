import { z } from "zod";

// PostgreSQL refuses a NUL in a text, and no id of Sage's holds one.
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes("\0"));

/**
 * Absent where nothing stands in it: some serialisers write an empty text for what has no value,
 * and an empty list for an empty object.
 */
const unlessEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    (value) => (value === "" || (Array.isArray(value) && value.length === 0) ? undefined : value),
    schema.optional(),
  );

const uuid = z.guid().transform((value) => value.toLowerCase());

const authorisationCreated = z.object({
  type: z.literal("resourceCreated"),
  resource: z.object({
    id: uuid,
    type: z.literal("authorisation"),
    url: text(2000).optional().catch(undefined),
  }),
  additionalData: unlessEmpty(z.object({ bankId: unlessEmpty(text(300)) })),
});

// Bank accounts and whatever else Sage may come to announce: recorded, and never refused for a
// detail we do not use (Sage’s developer pages).
const anythingElse = z.object({
  type: text(100),
  resource: z.object({
    id: text(300),
    type: text(100),
    url: text(2000).optional().catch(undefined),
  }),
  additionalData: unlessEmpty(
    z.object({
      bankId: text(300).optional().catch(undefined),
      externalId: text(300).optional().catch(undefined),
    }),
  ),
});

const announcesAuthorisation = (value: { type: string; resource: { type: string } }) =>
  value.type === "resourceCreated" && value.resource.type === "authorisation";

/**
 * A notification as Banking Service posts it. Source: Sage's pages on notifications (Sage’s
 * developer pages): authorisation created, bank account created, bank account removed.
 */
export const notificationSchema = z.union([
  authorisationCreated.transform(({ type, resource, additionalData }) => ({
    type,
    resource,
    bankId: additionalData?.bankId ?? null,
    externalId: null,
    announcesAuthorisation: true,
  })),
  anythingElse
    .refine((value) => !announcesAuthorisation(value))
    .transform(({ type, resource, additionalData }) => ({
      type,
      resource,
      bankId: additionalData?.bankId ?? null,
      externalId: additionalData?.externalId ?? null,
      announcesAuthorisation: false,
    })),
]);

export type Notification = z.output<typeof notificationSchema>;
