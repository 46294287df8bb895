import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RedirectHost } from '../platform/setting-values.ts'
import { judgeRedirectUri, returnAddress } from './redirect-url.ts'

const allowed: RedirectHost[] = [
  { host: 'sagebankdrive.com', port: undefined },
  { host: 'sage.com', port: undefined },
  { host: 'staging.example', port: '8443' },
  { host: 'localhost', port: '4000' },
  { host: '127.0.0.1', port: '4001' },
  { host: 'portless.localhost', port: undefined },
  { host: 'plain.localhost', port: '80' },
  { host: 'secure.localhost', port: '443' },
]

const good = [
  'https://app.sagebankdrive.com/api/v1/indirectredirect/0f3c7a52-5d1e-4a0e-9a53-6f1d0e7b2c11',
  'https://sagebankdrive.com/',
  'https://money.sage.com/',
  'https://money.sage.com',
  'https://money.sage.com?x=1',
  'https://money.sage.com/?',
  'https://money.sage.com/?x=1&',
  'https://a.b.c.d.sage.com/deep',
  'https://money.sage.com:443/',
  'HTTPS://MONEY.SAGE.COM/Path',
  'https://money.sage.com/a/../b/./c//d',
  'https://money.sage.com/%2e%2e/%2F',
  'https://money.sage.com/a@b',
  'https://money.sage.com/?next=https://evil.example/',
  'https://money.sage.com/?a[]=1&b=(2)*3',
  "https://money.sage.com/!$&'()*+,;=:@-._~",
  'https://money.sage.com/%E2%82%AC',
  'https://money.sage.com//evil.example',
  'https://xn--bcher-kva.sage.com/',
  'https://sage.com.sage.com/',
  'https://evil-example.sage.com/',
  'https://1.sage.com/',
  'https://staging.example:8443/x',
  'https://eu.staging.example:8443/x',
  'http://localhost:4000/redirect',
  'http://redirect.localhost:4000/api/v1/indirectredirect/1?x=2',
  'https://localhost:4000/',
  'http://127.0.0.1:4001/',
  'https://portless.localhost/',
  'http://plain.localhost/',
  'http://plain.localhost:80/',
  'https://secure.localhost/',
]

const unparsable = [
  '',
  ' ',
  'money.sage.com',
  'money.sage.com/path',
  '/authrefresh',
  '//money.sage.com/',
  '///money.sage.com/',
  '?x=1',
  '#x',
  '.',
  'redirect',
  '://money.sage.com/',
  '1https://money.sage.com/',
  ' https://money.sage.com/',
  'https://money.sage.com/ ',
  'https://money.sage.com/a b',
  'https ://money.sage.com/',
  'https://money.sage.com/\t',
  'ht\ttps://money.sage.com/',
  'https://money.sage.com\t.evil.example/',
  'https://mon\ney.sage.com/',
  'https://money.sage.com/\r\nSet-Cookie: a=b',
  'https://money.sage.com/\n',
  '\u0000https://money.sage.com/',
  'https://money.sage.com/\u0000',
  'https://money.sage.com/\u007f',
  'https://money.sage.com\\@evil.example/',
  'https:\\\\money.sage.com\\',
  'https:/\\evil.example/',
  'https://evil.example\\.sage.com/',
  'https://evil.example\\money.sage.com/',
  'https://money.sage.com/\\evil.example',
  'https://money.sage.com/?x=\\',
  'https://money.sage.com/é',
  'https://mönéy.sage.com/',
  'https://money.sаge.com/', // Cyrillic а
  'https://money。sage。com/',
  'https://evil.example／.sage.com/', // full-width slash
  'https://evil.example℀.sage.com/', // a/c in one character
  'https://money.ſage.com/', // long s
  'https://mone\u00ady.sage.com/', // soft hyphen, dropped by IDNA
  'https://money.sage.com\u200b/',
  'https://money.sage.com/\u202e',
  'https://①.sage.com/',
  'https://money.sage.com/%',
  'https://money.sage.com/%2',
  'https://money.sage.com/%zz',
  'https://money.sage.com/%u0041',
  'https://money.sage.com/?x=%',
  'https://money.sage.com/<script>',
  'https://money.sage.com/"onload="',
  'https://money.sage.com/`x`',
  'https://money.sage.com/{x}',
  'https://money.sage.com/a|b',
  'https://money.sage.com/a^b',
  'https://money.sage.com/?q=<x>',
  'https://money.sage.com/\ud800',
  'https://^money.sage.com/',
  'https://evil.example|.sage.com/',
]

const refused = [
  // schemes
  'http://money.sage.com/',
  'http://sagebankdrive.com/',
  'http://staging.example:8443/',
  'http://portless.localhost/',
  'http://portless.localhost:443/',
  'http://secure.localhost/',
  'http://secure.localhost:80/',
  'javascript:alert(1)',
  'javascript://money.sage.com/%0aalert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,hello',
  'vbscript:msgbox',
  'ftp://money.sage.com/',
  'ws://money.sage.com/',
  'wss://money.sage.com/',
  'file:///etc/passwd',
  'blob:https://money.sage.com/1',
  'mailto:a@sage.com',
  'about:blank',
  'view-source:https://money.sage.com/',
  'httpsx://money.sage.com/',
  'money.sage.com:443/',
  // slashes
  'https:money.sage.com',
  'https:/money.sage.com/',
  'https:///money.sage.com/',
  'https:////money.sage.com/',
  'https:',
  'https:/',
  'https://',
  'https:///',
  'https:?x',
  // user info
  'https://money.sage.com@evil.example/',
  'https://user@money.sage.com/',
  'https://user:secret@money.sage.com/',
  'https://@money.sage.com/',
  'https://:@money.sage.com/',
  'https://money.sage.com:443@evil.example/',
  'https://evil.example@money.sage.com/',
  'https://money.sage.com%40evil.example/',
  // fragments
  'https://money.sage.com/#',
  'https://money.sage.com/#x',
  'https://money.sage.com#',
  'https://money.sage.com#@evil.example/',
  'https://money.sage.com/?x=1#x',
  'https://evil.example#.sage.com/',
  // other hosts
  'https://evil.example/',
  'https://evil.example/money.sage.com',
  'https://evil.example/?https://money.sage.com/',
  'https://evil.example?.sage.com/',
  'https://notsage.com/',
  'https://money-sage.com/',
  'https://evilsagebankdrive.com/',
  'https://sage.com.evil.example/',
  'https://sage.co/',
  'https://sage.comm/',
  'https://com/',
  'https://sagebankdrive.co.com/',
  'https://staging.example.evil.example:8443/',
  'https://localhost/',
  'https://localhost.evil.example:4000/',
  'http://localhost.evil.example:4000/',
  'http://notlocalhost:4000/',
  'https://xn--sge-5cd.com/',
  // dots and labels
  'https://money.sage.com./',
  'https://sage.com./',
  'https://.sage.com/',
  'https://money..sage.com/',
  'https://./',
  'https://-.sage.com/',
  'https://-a.sage.com/',
  'https://a-.sage.com/',
  'https://a_b.sage.com/',
  'https://*.sage.com/',
  'https://money.sage.com,evil.example/',
  'https://evil.example;.sage.com/',
  'https://evil.example&.sage.com/',
  `https://${'a'.repeat(64)}.sage.com/`,
  // percent-encoded hosts
  'https://money%2Esage.com/',
  'https://money.sage%2Ecom/',
  'https://%6Doney.sage.com/',
  'https://evil.example%2F.sage.com/',
  'https://evil.example%23.sage.com/',
  'https://evil.example%00.sage.com/',
  'https://evil.example%5C.sage.com/',
  'https://money.sage.com%2eevil.example/',
  'https://money.sage.com%E3%80%82evil.example/',
  // addresses
  'https://127.0.0.1/',
  'http://127.0.0.1/',
  'http://127.0.0.1:4000/',
  'http://127.1:4001/',
  'http://2130706433:4001/',
  'http://0x7f000001:4001/',
  'http://0177.0.0.1:4001/',
  'http://127.0.0.01:4001/',
  'http://127.0.0.1.:4001/',
  'http://x.127.0.0.1:4001/',
  'http://127.0.0.2:4001/',
  'http://[::1]:4000/',
  'http://[::ffff:127.0.0.1]:4001/',
  'https://[::1]/',
  'https://[money.sage.com]/',
  'https://[::1].sage.com/',
  'https://[v1.x]/',
  'https://169.254.169.254/',
  'https://1.2.3.4.5/',
  // ports
  'https://money.sage.com:8443/',
  'https://money.sage.com:80/',
  'https://money.sage.com:0/',
  'https://money.sage.com:/',
  'https://money.sage.com:0443/',
  'https://money.sage.com:+443/',
  'https://money.sage.com:44 3/'.replace(' ', '%20'),
  'https://money.sage.com:443:443/',
  'https://money.sage.com:65979/', // 443 in sixteen bits
  'https://money.sage.com:99999/',
  'https://money.sage.com:443443/',
  'https://staging.example/',
  'https://staging.example:443/',
  'https://staging.example:84430/',
  'http://localhost:4001/',
  'http://localhost/',
  'http://localhost:80/',
  'http://redirect.localhost/',
  'http://127.0.0.1:04001/',
  'http://plain.localhost:443/',
  'https://plain.localhost/',
]

describe('a redirect_uri', () => {
  it.each(good)('is followed: %j', (raw) => expect(judgeRedirectUri(raw, allowed)).toBe('ok'))
  it.each(unparsable)('is unparsable: %j', (raw) => expect(judgeRedirectUri(raw, allowed)).toBe('unparsable'))
  it.each(refused)('is refused: %j', (raw) => expect(judgeRedirectUri(raw, allowed)).toBe('refused'))

  it('is refused where nothing is allowed', () => {
    expect(judgeRedirectUri('https://money.sage.com/', [])).toBe('refused')
  })

  // Pieces that go wrong at their seams, put together in every order.
  const pieces = ['https:', 'http:', 'javascript:', '/', '//', '\\', '@', ':', '#', '?', '&', '.', '%2e', '%', '\t', '\n', ' ', '[::1]', 'xn--', '443', ':443', ':4000', ':4001', '127.0.0.1']
    .concat('money', 'sage.com', '.sage.com', 'sagebankdrive.com', 'evil.example', 'localhost', '.localhost', 'é', '。', '0x7f000001', '-', '_', 'https://money.sage.com', 'http://localhost:4000')
  const anyAddress = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((some) => some.join('')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((some) => `https://money.sage.com${some.join('')}`),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'binary' }),
  )
  const state = fc.stringMatching(/^[A-Za-z0-9._~-]{1,128}$/)

  it('that is followed leads a browser to an allowed host, and comes back with the state and nothing else changed', () => {
    let followed = 0
    fc.assert(
      fc.property(anyAddress, state, (raw, value) => {
        if (judgeRedirectUri(raw, allowed) !== 'ok') return
        followed++
        const url = new URL(raw)
        const onSage = /^([a-z0-9-]+\.)*(sage|sagebankdrive)\.com$/.test(url.host) && url.protocol === 'https:'
        const onLoopback = /^(([a-z0-9-]+\.)*localhost:4000|127\.0\.0\.1:4001)$/.test(url.host)
        expect(onSage || onLoopback).toBe(true)
        expect([url.username, url.password, url.hash]).toEqual(['', '', ''])

        const left = new URL(returnAddress(raw, value))
        expect([left.origin, left.pathname]).toEqual([url.origin, url.pathname])
        const sent = [...left.searchParams]
        expect(sent).toEqual([...url.searchParams, ['state', value]])
      }),
      { numRuns: 20_000 },
    )
    expect(followed).toBeGreaterThan(500)
  })
})

describe('the return address', () => {
  it.each([
    ['https://money.sage.com/a', 'https://money.sage.com/a?state=s-1'],
    ['https://money.sage.com', 'https://money.sage.com?state=s-1'],
    ['https://money.sage.com/a?x=1', 'https://money.sage.com/a?x=1&state=s-1'],
    ['https://money.sage.com/a?', 'https://money.sage.com/a?state=s-1'],
    ['https://money.sage.com/a?x=1&', 'https://money.sage.com/a?x=1&state=s-1'],
    ['https://money.sage.com/a?x=1?', 'https://money.sage.com/a?x=1?&state=s-1'],
    ['https://money.sage.com/a??', 'https://money.sage.com/a??&state=s-1'],
    ['https://money.sage.com/a?state=theirs', 'https://money.sage.com/a?state=theirs&state=s-1'],
    ['HTTPS://Money.Sage.com:443/%7ea/../b?%20', 'HTTPS://Money.Sage.com:443/%7ea/../b?%20&state=s-1'],
  ])('of %s is %s', (redirectUri, expected) => {
    expect(returnAddress(redirectUri, 's-1')).toBe(expected)
  })
})
