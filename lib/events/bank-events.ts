import { z } from "zod";
import { secretFile, url } from "../config/setting-values.ts";
import { eventTypeNames, webhookSecret } from "../config/event-settings.ts";

const key = secretFile.transform((written, context) => {
  const read = webhookSecret(written);
  if (read) return read;
  context.addIssue("names a file without whsec_ and base64 of 24 to 64 random bytes");
  return z.NEVER;
});

/** What a bank's entry says under `events`: where its own events go, and their secrets. */
export const bankEvents = z
  .strictObject({
    url: url.transform((value) => value.href),
    secretFiles: z
      .array(key)
      .min(1)
      .max(2)
      .refine((keys) => new Set(keys.map(String)).size === keys.length, "holds a secret twice"),
    types: z.array(z.enum(eventTypeNames)).min(1).optional(),
  })
  .transform(({ secretFiles, ...rest }) => ({ ...rest, secrets: secretFiles }));
