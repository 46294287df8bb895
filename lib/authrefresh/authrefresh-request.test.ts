import { describe, expect, test } from "vitest";
import { readAuthrefreshRequest } from "./authrefresh-request.ts";

const good = {
  bankaccount: "10aaeee6-4691-4443-8198-df39aaa8007c",
  authorisation_id: "A7D66D27-e9ab-40b4-850a-447a541ca263",
  redirect_uri: "https://eu.sagebankdrive.com/api/v1/indirectredirect/1?a=b",
  state: "0b9a6c3e-6a5e-4f0e-8a38-30f0c2f6ad6f",
  externalId: "uuid:uuid+/=",
};
const query = (changes: Partial<Record<keyof typeof good, string | undefined>> = {}) => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...good, ...changes }))
    if (value !== undefined) parameters.append(name, value);
  return `?${parameters}`;
};

describe("a well-formed request", () => {
  test("is read, with the id in lower case and everything else as it came", () => {
    expect(readAuthrefreshRequest(query())).toEqual({
      type: "well-formed",
      parameters: {
        authorisationId: good.authorisation_id.toLowerCase(),
        bankAccount: good.bankaccount,
        externalId: good.externalId,
        redirectUri: good.redirect_uri,
        state: good.state,
      },
    });
  });
  test.each([
    ["without bankaccount", query({ bankaccount: undefined })],
    ["with parameters we do not know, repeated or broken", `${query()}&utm=1&utm=2&x=%E0%A4%A`],
    [
      "with the longest of everything",
      query({
        bankaccount: "b".repeat(128),
        externalId: "e".repeat(256),
        state: "s".repeat(128),
        redirect_uri: `https://x.sage.com/${"r".repeat(493)}`,
      }),
    ],
    ["with an externalId of another script", query({ externalId: "compte-éà-日本" })],
    ["with every character a state may have", query({ state: "Az09._~-" })],
    ["with a query of our own that has no question mark", query().slice(1)],
  ])("is read %s", (_, search) => {
    expect(readAuthrefreshRequest(search)).toHaveProperty("type", "well-formed");
  });
});

test("what a value may hold that also divides a query stays in it", () => {
  const [unescaped, bare] = [query({ externalId: undefined }).slice(1), "a?b=="];
  expect(readAuthrefreshRequest(`${unescaped}&externalId=${bare}`)).toMatchObject({
    parameters: { externalId: bare, redirectUri: good.redirect_uri },
  });
});

describe("a malformed request", () => {
  test.each([
    ["authorisation_id", "an empty query", ""],
    ["authorisation_id", "no authorisation_id", query({ authorisation_id: undefined })],
    ["authorisation_id", "an empty authorisation_id", query({ authorisation_id: "" })],
    [
      "authorisation_id",
      "an authorisation_id that is no UUID",
      query({ authorisation_id: "a7d66d27" }),
    ],
    [
      "authorisation_id",
      "an authorisation_id with something after it",
      query({ authorisation_id: `${good.authorisation_id}\n` }),
    ],
    [
      "authorisation_id",
      "an authorisation_id in braces",
      query({ authorisation_id: `{${good.authorisation_id}}` }),
    ],
    ["state", "no state", query({ state: undefined })],
    ["state", "an empty state", query({ state: "" })],
    ["state", "a state of 129 characters", query({ state: "s".repeat(129) })],
    ["state", "a state with a space", query({ state: "a b" })],
    ["state", "a state with an ampersand", query({ state: "a&b" })],
    ["state", "a state with CRLF", query({ state: "a\r\nSet-Cookie: x" })],
    ["redirect_uri", "no redirect_uri", query({ redirect_uri: undefined })],
    ["redirect_uri", "an empty redirect_uri", query({ redirect_uri: "" })],
    [
      "redirect_uri",
      "a redirect_uri of 513 characters",
      query({ redirect_uri: `https://x.sage.com/${"r".repeat(494)}` }),
    ],
    ["externalId", "no externalId", query({ externalId: undefined })],
    ["externalId", "an empty externalId", query({ externalId: "" })],
    ["externalId", "an externalId of 257 characters", query({ externalId: "e".repeat(257) })],
    [
      "externalId",
      "an externalId of 257 bytes in fewer characters",
      query({ externalId: `${"é".repeat(128)}e` }),
    ],
    ["externalId", "an externalId with NUL", query({ externalId: "a\0b" })],
    ["externalId", "an externalId with a line break", query({ externalId: "a\nb" })],
    ["bankaccount", "a bankaccount of 129 characters", query({ bankaccount: "b".repeat(129) })],
    ["bankaccount", "a bankaccount with NUL", query({ bankaccount: "\0" })],
    ["externalId", "a broken escape", query({ externalId: undefined }) + "&externalId=%ZZ"],
    [
      "externalId",
      "an escape that is no UTF-8",
      query({ externalId: undefined }) + "&externalId=%E0%A4%A",
    ],
    [
      "bankaccount",
      "a broken escape where nothing need be",
      query({ bankaccount: undefined }) + "&bankaccount=%ZZ",
    ],
    ["externalId", "a name without a value", `${query({ externalId: undefined })}&externalId`],
    ["externalId", "an overlong escape", query({ externalId: undefined }) + "&externalId=%C0%AF"],
    ...Object.keys(good).map((name) => [
      name,
      `a repeated ${name}`,
      `${query()}&${name}=${encodeURIComponent(good[name as keyof typeof good])}`,
    ]),
    ["state", "a name hidden by an escape and repeated", `${query()}&st%61te=other`],
    [
      "state",
      "an array in the manner of PHP instead of the name",
      query({ state: undefined }) + "&state[]=abc",
    ],
  ])("is refused for its %s: %s", (parameter, _, search) => {
    expect(readAuthrefreshRequest(search ?? "")).toEqual({ type: "malformed", parameter });
  });
});
