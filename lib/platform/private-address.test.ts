import { describe, expect, test } from 'vitest'
import { createHttpClient } from './http.ts'
import { isPrivateAddress, leadsInside } from './private-address.ts'

const inside = ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:a00:1', '::ffff:c0a8:101', '64:ff9b::a00:1', '2002:a00:1::1']
const outside = ['93.184.216.34', '172.32.0.1', '11.0.0.1', '2606:2800:220:1::1', '::ffff:93.184.216.34', '9.255.255.255', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '191.255.255.255', '192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '1.0.0.0', '64:ff9c::1', 'fbff::1', '2003::1', 'no address', '']

describe('an address', () => {
  test.each(inside)('%s leads into a private network', (address) => expect(isPrivateAddress(address)).toBe(true))
  test.each(outside)('%s does not', (address) => expect(isPrivateAddress(address)).toBe(false))
})

describe('a host', () => {
  test.each(['10.0.0.1', '[fc00::1]', '169.254.169.254'])('%s leads inside by itself', async (host) => expect(await leadsInside(host)).toBe(true))
  test.each(['localhost', 'ui.localhost', '127.0.0.1', '[::1]'])('%s is one of a set-up on this machine, which was chosen', async (host) => expect(await leadsInside(host)).toBe(false))
  test('leads where any one of the addresses of its name leads', async () => {
    // As the system answers: with the first address alone to whoever does not ask for all.
    const named = (...addresses: string[]) =>
      leadsInside('service.example', async (name, { all = false }: { all?: boolean }) => addresses.slice(0, name !== 'service.example' ? 0 : all ? undefined : 1).map((address) => ({ address })))
    expect(await named('93.184.216.34', '2606:2800:220:1::1')).toBe(false)
    expect(await named('93.184.216.34', '10.0.0.1')).toBe(true)
    expect(await named('fe80::1')).toBe(true)
    expect(await named()).toBe(false)
  })
  test('that is an address is never looked up', async () => {
    const never = () => Promise.reject(new Error('looked up'))
    expect(await leadsInside('93.184.216.34', never)).toBe(false)
    expect(await leadsInside('[fd00::1]', never)).toBe(true)
  })
  test('whose name cannot be looked up leads nowhere: the connection tells', async () => expect(await leadsInside('service.example', () => Promise.reject(new Error('ENOTFOUND')))).toBe(false))
  // 10.0.0.1 to the system, which reads it without asking anybody.
  test('is looked up where the connection will look', async () => expect(await leadsInside('0xa000001')).toBe(true))
})

describe('a client for public hosts', () => {
  const http = createHttpClient({ timeoutMs: 2000, publicHosts: true })
  // 2130706433, 0x7f.1 and 017700000001 are 127.0.0.1 to the URL standard, which makes them loopback hosts as configured: nobody listens.
  test.each(['https://10.0.0.1/', 'https://169.254.169.254/latest/meta-data/', 'https://[fd00::1]/', 'https://0xa9fea9fe/', 'https://167772161/'])('never calls %s', async (url) => {
    await expect(http(url)).rejects.toMatchObject({ code: 'private-address', neverSent: true, retryable: false })
  })
})
