import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv4 } from "node:net";
import { isLoopback } from "./loopback.ts";

// What IANA's special-purpose registries (RFC 6890) do not call globally reachable, and multicast:
// addresses of somebody's own network, of the cloud's metadata service (169.254.169.254), or of
// nobody.
const inside = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  inside.addSubnet(net, prefix, "ipv4");
// Local NAT64, discard, protocol assignments with Teredo, documentation, 6to4, SRv6, unique local,
// link-local, site-local, multicast. Tunnels end at a relay of somebody's, whatever they carry.
for (const [net, prefix] of [
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["100:0:0:1::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  inside.addSubnet(net, prefix, "ipv6");

// An IPv4 address behind one of these is what the packet goes to: IPv4-compatible (RFC 4291
// §2.5.5.1, `::` and `::1` among them), IPv4-mapped (§2.5.5.2), IPv4-translated (RFC 2765 §2.1),
// NAT64 (RFC 6052 §2.1).
const carriers = ["0:0:0:0:0:0", "0:0:0:0:0:ffff", "0:0:0:0:ffff:0", "64:ff9b:0:0:0:0"];

/** The IPv4 address that one of IPv6 stands for, or undefined. */
function carriedBy(address: string): string | undefined {
  // The URL standard writes every address in one way: in small letters, the longest run of zeros as
  // `::`, no dots.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const [before, after] = [head, tail ?? ""].map((groups) =>
    groups.split(":").filter((group) => group !== ""),
  ) as [string[], string[]];
  const groups =
    tail === undefined
      ? before
      : [
          ...before,
          ...Array.from({ length: 8 - before.length - after.length }, () => "0"),
          ...after,
        ];
  if (!carriers.includes(groups.slice(0, 6).join(":"))) return undefined;
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
}

/**
 * Whether an IP address is one of somebody's own network, by its value and not by how it is
 * written. What is no address is in no network.
 */
export function isPrivateAddress(written: string): boolean {
  // The zone of a link-local address (RFC 4007 §11).
  const [address = ""] = written.split("%");
  if (isIP(address) === 0) return false;
  if (isIPv4(address)) return inside.check(address, "ipv4");
  const carried = carriedBy(address);
  return carried === undefined ? inside.check(address, "ipv6") : inside.check(carried, "ipv4");
}

/** Every address of a name, as the system resolves it. */
export const lookupAll = (
  name: string,
  options: { all: true },
): Promise<readonly { address: string }[]> => lookup(name, options);

/**
 * Whether a host leads into a private network: by itself, or by what its name stands for. A
 * loopback host is one of a set-up on one machine and has been chosen as such. A name that cannot
 * be looked up leads nowhere, and that is told by whoever connects.
 * @param hostname of a {@link URL}: brackets stand around IPv6 and nowhere else.
 * @param resolve for tests.
 */
export async function resolvesToPrivateAddress(
  hostname: string,
  resolve: typeof lookupAll = lookupAll,
): Promise<boolean> {
  if (isLoopback(hostname)) return false;
  const bare = hostname.replace(/[[\]]/g, "");
  if (isIP(bare)) return isPrivateAddress(bare);
  const found = await resolve(bare, { all: true }).catch(() => []);
  return found.some(({ address }) => isPrivateAddress(address));
}
