/**
 * The media type of a message in lower case and without its parameters (RFC 9110 §8.3.1); empty
 * where it names none.
 */
export const mediaTypeIn = (headers: Headers): string =>
  (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/**
 * Whether what is of this type may be JSON: one of JSON's own (RFC 8259 §11, RFC 6839 §3.1, and the
 * usual one from before), or any text. Senders name a text's type loosely, and whether it is JSON
 * shows when it is read.
 */
export const isJsonType = (mediaType: string): boolean =>
  /^(application\/(x-)?json|[\w!#$&^.-]+\/[\w!#$&^.+-]+\+json|text\/[\w!#$&^.+-]+)$/.test(
    mediaType,
  );
