import { describe, expect, test } from "vitest";
import { databaseFailure } from "./database-failure.ts";

const withState = (originalCode: string) =>
  Object.assign(new Error("Raw query failed"), {
    code: "P2010",
    meta: { driverAdapterError: { cause: { originalCode } } },
  });

describe("a failed statement", () => {
  test.each(["40001", "40002", "40P01"])("with %s was undone as a whole", (state) =>
    expect(databaseFailure(withState(state))).toBe("conflict"),
  );
  test.each([
    "08006",
    "28P01",
    "3D000",
    "53300",
    "53200",
    "53100",
    "57P01",
    "57P03",
    "57014",
    "55P03",
    "25006",
    "58030",
    "40003",
    "42P01",
    "42703",
  ])("with %s means: ask again later", (state) =>
    expect(databaseFailure(withState(state))).toBe("away"),
  );
  test.each(["23505", "22P02", "42601", "42883"])("with %s is a bug of ours", (state) =>
    expect(databaseFailure(withState(state))).toBe("bug"),
  );
  test("without a state never reached the server, or lost it", () => {
    expect(databaseFailure(new Error("Connection terminated unexpectedly"))).toBe("away");
  });
  test("that was not sent at all is a bug of ours", () => {
    expect(databaseFailure(new TypeError("x is not a function"))).toBe("bug");
    expect(
      databaseFailure(Object.assign(new Error("x"), { name: "PrismaClientValidationError" })),
    ).toBe("bug");
    expect(databaseFailure("thrown")).toBe("bug");
  });
});
