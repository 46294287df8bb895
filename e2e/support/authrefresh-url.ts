import type { CreatedAuthorisation } from "../../simulator/control-api.ts";

/** The five parameters, still decoded. */
export type AuthrefreshParameters = Record<
  "bankaccount" | "authorisation_id" | "redirect_uri" | "state" | "externalId",
  string
>;

const parametersOf = ({
  bankaccount,
  authorisationId,
  redirectUri,
  state,
  externalId,
}: CreatedAuthorisation): AuthrefreshParameters => ({
  bankaccount,
  authorisation_id: authorisationId,
  redirect_uri: redirectUri,
  state,
  externalId,
});

/**
 * The address of an entry with some parameters changed: null leaves one out, a list repeats it,
 * `raw` is a whole pair put behind all others as it is.
 */
export function authrefreshUrlWith(
  connectorUrl: string,
  authorisation: CreatedAuthorisation,
  changes: Partial<Record<keyof AuthrefreshParameters, string | string[] | null>> = {},
  raw: string[] = [],
): string {
  const pairs = Object.entries({ ...parametersOf(authorisation), ...changes }).flatMap(
    ([name, value]) =>
      (value === null ? [] : [value].flat()).map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  return `${connectorUrl}/authrefresh?${[...pairs, ...raw].join("&")}`;
}
