import { describe, expect, test } from "vitest";
import { isPrivateAddress, resolvesToPrivateAddress } from "./private-address.ts";

const ranges: [
  what: string,
  first: string,
  last: string,
  before: string | undefined,
  after: string | undefined,
][] = [
  ["this network", "0.0.0.0", "0.255.255.255", undefined, "1.0.0.0"],
  ["private use", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
  ["shared address space", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"],
  ["loopback", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
  [
    "link-local, with the metadata service",
    "169.254.0.0",
    "169.254.255.255",
    "169.253.255.255",
    "169.255.0.0",
  ],
  ["private use", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"],
  ["protocol assignments", "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"],
  ["documentation", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"],
  ["relays of 6to4", "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"],
  ["private use", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
  ["benchmarks", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"],
  ["documentation", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"],
  ["documentation", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"],
  ["multicast, reserved, broadcast", "224.0.0.0", "255.255.255.255", "223.255.255.255", undefined],
  [
    "local NAT64",
    "64:ff9b:1::",
    "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
    "64:ff9b::8.8.8.8",
    "64:ff9b:2::",
  ],
  ["discard", "100::", "100::ffff:ffff:ffff:ffff", "ff:ffff::", undefined],
  ["dummy", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", undefined, "100:0:0:2::"],
  [
    "protocol assignments, with Teredo",
    "2001::",
    "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2000:ffff::",
    "2001:200::",
  ],
  [
    "documentation",
    "2001:db8::",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db7:ffff::",
    "2001:db9::",
  ],
  ["6to4", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"],
  [
    "documentation",
    "3fff::",
    "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
    "3ffe:ffff::",
    "3fff:1000::",
  ],
  ["SRv6", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5eff:ffff::", "5f01::"],
  ["unique local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff:ffff::", "fe00::"],
  [
    "link-local and site-local",
    "fe80::",
    "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe7f:ffff::",
    undefined,
  ],
  ["multicast", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", undefined, undefined],
];
const hex = (address: string) =>
  address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{4})(.{4})$/, "$1:$2");
/** The ways in which an address of IPv6 stands for one of IPv4. */
const carrying = (address: string) => [
  `::ffff:${address}`,
  `::ffff:${hex(address)}`,
  `::FFFF:${hex(address).toUpperCase()}`,
  `0:0:0:0:0:ffff:${hex(address)}`,
  `::ffff:0:${hex(address)}`,
  `::ffff:0:${address}`,
  `::${hex(address)}`,
  `::${address}`,
  `64:ff9b::${address}`,
  `64:ff9b::${hex(address)}`,
  `0064:ff9b:0:0:0:0:${hex(address)}`,
];
const isV4 = (address: string) => address.includes(".") && !address.includes(":");

const listed = [
  "::1",
  "::",
  "0:0:0:0:0:0:0:1",
  "fe80::1%eth0",
  "fe80::1%25en0",
  "::ffff:0:a9fe:a9fe",
  "::a9fe:a9fe",
  "::ffff:10.0.0.1",
  "64:ff9b::a00:1",
  "2002:a00:1::1",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
];
const carried = ranges
  .filter(([, first]) => isV4(first))
  .flatMap(([, first, last]) => [first, last].flatMap(carrying));
const inside = [...listed, ...ranges.flatMap(([, first, last]) => [first, last]), ...carried];
const edges = ranges
  .flatMap(([, , , before, after]) => [before, after])
  .filter((address) => address !== undefined);
const outside = [
  "93.184.216.34",
  "2606:2800:220:1::1",
  "64:ff9c::1",
  "::1:ffff:a00:1",
  "::fffe:a00:1",
  "64:ff9b:0:0:0:1:a00:1",
  "no address",
  "",
  "10.0.0",
  "::ffff:10.0.0.256",
  ...edges,
  ...edges.filter(isV4).flatMap(carrying),
];

describe("an address", () => {
  test.each(inside)("%s leads into a private network", (address) =>
    expect(isPrivateAddress(address)).toBe(true),
  );
  test.each(outside)("%s does not", (address) => expect(isPrivateAddress(address)).toBe(false));
});

describe("a host", () => {
  test.each(["10.0.0.1", "[fc00::1]", "169.254.169.254"])(
    "%s leads inside by itself",
    async (host) => expect(await resolvesToPrivateAddress(host)).toBe(true),
  );
  test.each(["localhost", "ui.localhost", "127.0.0.1", "[::1]"])(
    "%s is one of a set-up on this machine, which was chosen",
    async (host) => expect(await resolvesToPrivateAddress(host)).toBe(false),
  );
  test("leads where any one of the addresses of its name leads", async () => {
    // As the system answers: with the first address alone to whoever does not ask for all.
    const named = (...addresses: string[]) =>
      resolvesToPrivateAddress(
        "service.example",
        async (name, { all = false }: { all?: boolean }) =>
          addresses
            .slice(0, name !== "service.example" ? 0 : all ? undefined : 1)
            .map((address) => ({ address })),
      );
    expect(await named("93.184.216.34", "2606:2800:220:1::1")).toBe(false);
    expect(await named("93.184.216.34", "10.0.0.1")).toBe(true);
    expect(await named("fe80::1")).toBe(true);
    expect(await named()).toBe(false);
  });
  test("that is an address is never looked up", async () => {
    const never = () => Promise.reject(new Error("looked up"));
    expect(await resolvesToPrivateAddress("93.184.216.34", never)).toBe(false);
    expect(await resolvesToPrivateAddress("[fd00::1]", never)).toBe(true);
  });
  test("whose name cannot be looked up leads nowhere: the connection tells", async () =>
    expect(
      await resolvesToPrivateAddress("service.example", () =>
        Promise.reject(new Error("ENOTFOUND")),
      ),
    ).toBe(false));
  // 10.0.0.1 to the system, which reads it without asking anybody.
  test("is looked up where the connection will look", async () =>
    expect(await resolvesToPrivateAddress("0xa000001")).toBe(true));
});
