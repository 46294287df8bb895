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

/** A detail that is only passed on: one that is not as we know it is left out. */
const optionalText = text(300).optional().catch(undefined);

const uuid = z.guid().transform((value) => value.toLowerCase());

const authorisationCreated = z.object({
  type: z.literal("resourceCreated"),
  resource: z.object({
    id: uuid,
    type: z.literal("authorisation"),
    url: text(2000).optional().catch(undefined),
  }),
  additionalData: unlessEmpty(
    z.object({ bankId: unlessEmpty(text(300)), requestedStartDate: optionalText }),
  ),
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
      requestedStartDate: optionalText,
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
    requestedStartDate: additionalData?.requestedStartDate ?? null,
    announcesAuthorisation: true,
    authorisationId: resource.id,
  })),
  anythingElse
    .refine((value) => !announcesAuthorisation(value))
    .transform(({ type, resource, additionalData }) => ({
      type,
      resource,
      bankId: additionalData?.bankId ?? null,
      externalId: additionalData?.externalId ?? null,
      requestedStartDate: additionalData?.requestedStartDate ?? null,
      announcesAuthorisation: false,
      /** Of the authorisation that it is about. */
      authorisationId:
        resource.type === "authorisation" ? uuid.safeParse(resource.id).data : undefined,
    })),
]);

export type Notification = z.output<typeof notificationSchema>;
