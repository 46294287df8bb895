import { describe, expect, test } from "vitest";
import { notificationSchema } from "./notification.ts";

const id = "A7D66D27-e9ab-40b4-850a-447a541ca263";
const good = {
  type: "resourceCreated",
  resource: { id, type: "authorisation", url: "NA" },
  additionalData: { bankId: "b" },
};

describe("a notification", () => {
  test("of an authorisation is read with its id in lower case", () => {
    expect(notificationSchema.parse(good)).toMatchObject({
      announcesAuthorisation: true,
      resource: { id: id.toLowerCase() },
      bankId: "b",
    });
  });
  test.each([
    ["without additional data", { ...good, additionalData: undefined }],
    ["without a url", { ...good, resource: { id, type: "authorisation" } }],
    ["with an empty bank id", { ...good, additionalData: { bankId: "" } }],
    ["with an empty list for its additional data", { ...good, additionalData: [] }],
    [
      "with more than we know",
      { ...good, more: { deep: [1] }, additionalData: { bankId: "b", other: 5 } },
    ],
    [
      "with a __proto__ in it",
      JSON.parse(
        `{"__proto__":{"type":"x"},"type":"resourceCreated","resource":{"id":"${id}","type":"authorisation","__proto__":{"id":"y"}}}`,
      ),
    ],
  ])("of an authorisation may come %s", (_, posted) => {
    expect(notificationSchema.parse(posted)).toMatchObject({
      announcesAuthorisation: true,
      resource: { id: id.toLowerCase() },
    });
  });
  test("of a kind we do not know keeps only texts that fit", () => {
    expect(
      notificationSchema.parse({
        type: "new",
        resource: { id: "1", type: "thing", url: 7 },
        additionalData: { bankId: {}, externalId: "e" },
      }),
    ).toMatchObject({
      announcesAuthorisation: false,
      resource: { id: "1", type: "thing" },
      bankId: null,
      externalId: "e",
    });
  });
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["an array", [good]],
    ["a text", "resourceCreated"],
    ["no type", { resource: good.resource }],
    ["no resource", { type: "resourceCreated" }],
    ["a resource that is a text", { type: "resourceCreated", resource: "authorisation" }],
    ["no resource id", { type: "resourceCreated", resource: { type: "bankAccount" } }],
    [
      "an authorisation whose id is no UUID",
      { ...good, resource: { id: "a7d66d27", type: "authorisation" } },
    ],
    [
      "an authorisation whose id holds a UUID",
      { ...good, resource: { id: `${id} `, type: "authorisation" } },
    ],
    ["a NUL in an id", { type: "t", resource: { id: "a\0", type: "x" } }],
    ["a NUL in a bank id", { ...good, additionalData: { bankId: "\0" } }],
    ["an id that is too long", { type: "t", resource: { id: "i".repeat(301), type: "x" } }],
    ["a type that is too long", { type: "t".repeat(101), resource: { id: "i", type: "x" } }],
    ["a number for a type", { type: 5, resource: { id: "i", type: "x" } }],
    ["additional data that is a text", { ...good, additionalData: "bank" }],
  ])("is refused: %s", (_, posted) => {
    expect(notificationSchema.safeParse(posted).success).toBe(false);
  });
});
