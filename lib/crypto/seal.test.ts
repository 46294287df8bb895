import { randomBytes, randomUUID } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { CompactEncrypt } from "jose";
import { describe, expect, it } from "vitest";
import { createSeals, openWith, sealWith } from "./seal.ts";
import { openJson, sealJson } from "./sealed-json.ts";

const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const value = { redirectUri: "https://money.sage.com/", nested: [1, null, "é€🏦", { "": true }] };
const characters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

/**
 * Every way to change one character of a text into another one of the same alphabet, or into none.
 */
const mutations = (text: string) =>
  [...text].flatMap((was, at) =>
    ["A", "B", "z", "_", ".", "=", " ", ""]
      .filter((now) => now !== was)
      .map((now) => text.slice(0, at) + now + text.slice(at + 1)),
  );

describe("a sealed value", () => {
  const seals = createSeals([first]);

  it.each([[value], [null], [""], [0], [[]], ["x".repeat(8000)]])(
    "opens as what it was: %j",
    async (sealed) => {
      expect(await seals.open("entry", await seals.seal("entry", sealed))).toEqual(sealed);
    },
  );

  it("is a compact JWE of characters that a path may hold, and differs every time", async () => {
    const [one, other] = [await seals.seal("entry", value), await seals.seal("entry", value)];
    expect(one).toMatch(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(JSON.parse(Buffer.from(one.split(".")[0] ?? "", "base64url").toString())).toEqual({
      alg: "dir",
      enc: "A256GCM",
      kid: expect.stringMatching(/^[\w-]{8}$/) as string,
    });
    expect(one).not.toBe(other);
  });

  it("that holds a picture opens, too, and is hardly longer than its text", async () => {
    const picture = { base64: randomBytes(144 * 1024).toString("base64") };
    const sealed = await seals.seal("entry", picture);
    expect(await seals.open("entry", sealed)).toEqual(picture);
    expect(sealed.length).toBeLessThan(1.02 * JSON.stringify(picture).length);
  });

  it("does not open for another purpose", async () => {
    expect(await seals.open("form", await seals.seal("entry", value))).toBeUndefined();
  });

  it("does not open in another spelling of the same bytes", async () => {
    const sealed = await seals.seal("entry", value);
    // 22 characters hold 132 bits, a tag 128: the last four say nothing to a decoder (RFC 4648
    // §3.5).
    const respelled =
      sealed.slice(0, -1) + (characters[characters.indexOf(sealed.slice(-1)) ^ 1] ?? "");
    expect(Buffer.from(respelled.split(".")[4] ?? "", "base64url")).toEqual(
      Buffer.from(sealed.split(".")[4] ?? "", "base64url"),
    );
    expect(await seals.open("entry", respelled)).toBeUndefined();
  });

  it("does not open when any one character is another", async () => {
    const sealed = await seals.seal("entry", "x");
    const opened = await Promise.all(
      mutations(sealed).map((mutated) => seals.open("entry", mutated)),
    );
    expect(opened.filter((found) => found !== undefined)).toEqual([]);
  });

  it("is at most 1500 characters long for the longest parameters, whatever they are", async () => {
    const random = (length: number) =>
      Array.from(randomBytes(length), (byte) => characters[byte % 64]).join("");
    let longest = 0;
    for (let run = 0; run < 200; run++) {
      const redirectUri = `https://app.sagebankdrive.com/${random(482)}`;
      const sealed = await seals.seal("entry", {
        authorisationId: randomUUID(),
        redirectUri,
        externalId: random(256),
        state: random(128),
        bankAccount: random(128),
      });
      longest = Math.max(longest, sealed.length);
    }
    expect(longest).toBeLessThanOrEqual(1500);
  });

  it("over 256 KiB is a bug, noticed when sealing and not when opening", async () => {
    const quotes = 2;
    const largest = "x".repeat(256 * 1024 - quotes);
    expect(await seals.open("step", await seals.seal("step", largest))).toBe(largest);
    await expect(seals.seal("step", `${largest}x`)).rejects.toThrow(RangeError);
  });
});

describe("the key ring", () => {
  it("opens and verifies what an older key made, until that key is removed", async () => {
    const before = createSeals([first]);
    const [sealed, mac] = [await before.seal("entry", value), before.mac("form", "token")];
    const rotated = createSeals([second, first]);
    expect(await rotated.open("entry", sealed)).toEqual(value);
    expect(rotated.verifyMac("form", "token", mac)).toBe(1);
    expect(rotated.macWithKey(1, "form", "token")).toBe(mac);
    const removed = createSeals([third, second]);
    expect(await removed.open("entry", sealed)).toBeUndefined();
    expect(removed.verifyMac("form", "token", mac)).toBeUndefined();
  });

  it("seals and signs with its first key", async () => {
    const rotated = createSeals([second, first]);
    expect(await createSeals([second]).open("entry", await rotated.seal("entry", value))).toEqual(
      value,
    );
    expect(createSeals([second]).verifyMac("form", "x", rotated.mac("form", "x"))).toBe(0);
  });

  it("has a name for each key that does not give the key away", async () => {
    const [header = ""] = (await createSeals([first]).seal("entry", value)).split(".");
    const { kid } = JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string };
    expect(first.includes(Buffer.from(kid, "base64url"))).toBe(false);
  });

  it("does not open what another key sealed under a known name", async () => {
    const [, ...rest] = (await createSeals([second]).seal("entry", value)).split(".");
    const [header] = (await createSeals([first]).seal("entry", value)).split(".");
    expect(
      await createSeals([first, second]).open("entry", [header, ...rest].join(".")),
    ).toBeUndefined();
  });

  it("is never empty, and has no key beyond its end", () => {
    expect(() => createSeals([])).toThrow(RangeError);
    expect(() => createSeals([first]).macWithKey(1, "form", "x")).toThrow(RangeError);
  });
});

describe("a value sealed with a session handle", () => {
  const handle = randomBytes(32).toString("base64url");

  it("opens with the same handle in the same place, and nowhere else", async () => {
    const sealed = await sealWith(handle, "session-1/3", value);
    expect(await openWith(handle, "session-1/3", sealed)).toEqual(value);
    expect(await openWith(handle, "session-1/4", sealed)).toBeUndefined();
    expect(await openWith(handle, "session-2/3", sealed)).toBeUndefined();
    expect(
      await openWith(randomBytes(32).toString("base64url"), "session-1/3", sealed),
    ).toBeUndefined();
    expect(await openWith("", "", sealed)).toBeUndefined();
  });

  it("names no key, and is nothing the ring opens", async () => {
    const sealed = await sealWith(handle, "entry", value);
    expect(Buffer.from(sealed.split(".")[0] ?? "", "base64url").toString()).toBe(
      '{"alg":"dir","enc":"A256GCM"}',
    );
    expect(await createSeals([first]).open("entry", sealed)).toBeUndefined();
  });

  it("does not open when any one character is another", async () => {
    const sealed = await sealWith(handle, "session-1/3", "x");
    const opened = await Promise.all(
      mutations(sealed).map((mutated) => openWith(handle, "session-1/3", mutated)),
    );
    expect(opened.filter((found) => found !== undefined)).toEqual([]);
  });
});

describe("a message authentication code", () => {
  const seals = createSeals([first, second]);

  it("verifies for its purpose and text alone", () => {
    const mac = seals.mac("form", "token");
    expect(mac).toMatch(/^[\w-]{43}$/);
    expect(seals.verifyMac("form", "token", mac)).toBe(0);
    expect(seals.verifyMac("session", "token", mac)).toBeUndefined();
    expect(seals.verifyMac("form", "tokem", mac)).toBeUndefined();
    expect(seals.verifyMac("form", "", mac)).toBeUndefined();
  });

  it("does not verify when any one character is another", () => {
    expect(
      mutations(seals.mac("form", "token")).filter(
        (mutated) => seals.verifyMac("form", "token", mutated) !== undefined,
      ),
    ).toEqual([]);
  });

  it("is another one for every key, purpose and text", () => {
    const macs = [
      seals.mac("a", "x"),
      seals.mac("b", "x"),
      seals.mac("a", "y"),
      seals.macWithKey(1, "a", "x"),
    ];
    expect(new Set(macs).size).toBe(4);
  });
});

describe("garbage", () => {
  const seals = createSeals([first, second]);

  it("never opens and never throws", async () => {
    const sealed = await seals.seal("entry", value);
    const likeSealed = fc
      .array(
        fc.oneof(
          fc.constantFrom(...sealed.split("."), "", ".", "eyJhbGciOiJub25lIn0"),
          fc.base64String(),
        ),
        { maxLength: 6 },
      )
      .map((some) => some.join("."));
    const garbage = fc.oneof(
      fc.string({ unit: "binary" }),
      likeSealed,
      fc.constantFrom(
        "....",
        "\u0000",
        "undefined",
        "[object Object]",
        "__proto__",
        ".".repeat(20_000),
        "A".repeat(100_000),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        garbage.filter((text) => text !== sealed),
        async (text) => {
          expect(await seals.open("entry", text)).toBeUndefined();
          expect(await openWith("secret", "context", text)).toBeUndefined();
          expect(seals.verifyMac("entry", "text", text)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  const key = new Uint8Array(first);
  const sealedAs = (header: object, plaintext: Uint8Array) =>
    new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", ...header })
      .encrypt(key);
  it.each<[string, () => Promise<string>]>([
    ["a zip bomb", () => sealedAs({}, deflateRawSync(`"${"0".repeat(1_000_000)}"`))],
    ["what is not compressed", () => sealedAs({}, Buffer.from("{}"))],
    ["what is no JSON", () => sealedAs({}, deflateRawSync("{"))],
    ["nothing", () => sealedAs({}, deflateRawSync(""))],
    [
      "another content encryption",
      () =>
        new CompactEncrypt(deflateRawSync("{}"))
          .setProtectedHeader({ alg: "dir", enc: "A128CBC-HS256" })
          .encrypt(key),
    ],
    [
      "another key management",
      () =>
        new CompactEncrypt(deflateRawSync("{}"))
          .setProtectedHeader({ alg: "A256KW", enc: "A256GCM" })
          .encrypt(key),
    ],
  ])("under the right key does not open either: %s", async (_name, make) => {
    expect(await openJson(() => key, await make())).toBeUndefined();
    expect(await openJson(() => key, await sealJson(key, { a: 1 }))).toEqual({ a: 1 });
  });
});
