import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { isLoopback } from './loopback.ts'

// RFC 6890 and its successors: addresses that lead into somebody's own network, or to the cloud's metadata service (169.254.169.254).
const inside = new BlockList()
for (const [net, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 4], ['240.0.0.0', 4]] as const) inside.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [['::', 127], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]] as const) inside.addSubnet(net, prefix, 'ipv6')

/** Whether an IP address is one of somebody's own network; the list knows one of IPv4 written as IPv6, too. What is no address is in no network. */
export const isPrivateAddress = (address: string): boolean => inside.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

/** Every address of a name, as the system resolves it. */
export const lookupAll = (name: string, options: { all: true }): Promise<readonly { address: string }[]> => lookup(name, options)

/**
 * Whether a host leads into a private network: by itself, or by what its name stands for. A loopback host is one of a set-up on one machine and has been chosen as such. A name that cannot be looked up
 * leads nowhere, and that is told by whoever connects.
 * @param hostname of a {@link URL}: brackets stand around IPv6 and nowhere else.
 * @param resolve for tests.
 */
export async function leadsInside(hostname: string, resolve: typeof lookupAll = lookupAll): Promise<boolean> {
  if (isLoopback(hostname)) return false
  const bare = hostname.replace(/[[\]]/g, '')
  if (isIP(bare)) return isPrivateAddress(bare)
  const found = await resolve(bare, { all: true }).catch(() => [])
  return found.some(({ address }) => isPrivateAddress(address))
}
