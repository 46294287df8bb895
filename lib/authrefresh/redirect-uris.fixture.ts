import type { RedirectVerdict } from "./redirect-uri.ts";

/**
 * One trick: what it is called, the address, what we make of it, and where readers of addresses
 * differ, who reads it how.
 */
export interface RedirectUrlTrick {
  trick: string;
  url: string;
  verdict: RedirectVerdict;
  why?: string | undefined;
}

/** `REDIRECT_HOSTS` under which the corpus holds. */
export const corpusHosts =
  "sagebankdrive.com,sage.com,staging.example:8443,localhost:4000,127.0.0.1:4001,portless.localhost,plain.localhost:80,secure.localhost:443";

type Row = readonly [trick: string, url: string, why?: string];

const good: readonly Row[] = [
  [
    "Sage’s own way back",
    "https://app.sagebankdrive.com/api/v1/indirectredirect/0f3c7a52-5d1e-4a0e-9a53-6f1d0e7b2c11",
  ],
  ["the allowed host itself", "https://sagebankdrive.com/"],
  ["a host under it", "https://money.sage.com/"],
  ["no path", "https://money.sage.com"],
  ["no path, but a query", "https://money.sage.com?x=1"],
  ["an empty query", "https://money.sage.com/?"],
  ["a query that ends with &", "https://money.sage.com/?x=1&"],
  ["a host far under it", "https://a.b.c.d.sage.com/deep"],
  ["the usual port, named", "https://money.sage.com:443/"],
  ["capital letters in scheme and host", "HTTPS://MONEY.SAGE.COM/Path"],
  [
    "dot segments and an empty segment in the path",
    "https://money.sage.com/a/../b/./c//d",
    "Every parser takes the dots away, and stays on the host.",
  ],
  [
    "dot segments and a slash, encoded",
    "https://money.sage.com/%2e%2e/%2F",
    "Browsers take encoded dots for dots, RFC 3986 after decoding only; both stay on the host.",
  ],
  ["@ behind the host", "https://money.sage.com/a@b"],
  ["another address in the query", "https://money.sage.com/?next=https://evil.example/"],
  ["brackets and signs in the query", "https://money.sage.com/?a[]=1&b=(2)*3"],
  ["every sign that RFC 3986 lets stand in a path", "https://money.sage.com/!$&'()*+,;=:@-._~"],
  ["a character beyond ASCII, encoded", "https://money.sage.com/%E2%82%AC"],
  [
    "two slashes behind the host",
    "https://money.sage.com//evil.example",
    "A host only where it is read as relative to another address; it is not.",
  ],
  ["an international name in its ASCII form", "https://xn--bcher-kva.sage.com/"],
  ["the allowed name twice", "https://sage.com.sage.com/"],
  ["a bad-looking name under the allowed one", "https://evil-example.sage.com/"],
  ["a number under the allowed one", "https://1.sage.com/"],
  ["the port that is allowed", "https://staging.example:8443/x"],
  ["the port that is allowed, under the host", "https://eu.staging.example:8443/x"],
  ["http on the loopback host and port that are allowed", "http://localhost:4000/redirect"],
  [
    "http under the loopback host that is allowed",
    "http://redirect.localhost:4000/api/v1/indirectredirect/1?x=2",
  ],
  ["https on the loopback host", "https://localhost:4000/"],
  ["http on the loopback address that is allowed", "http://127.0.0.1:4001/"],
  ["https on a loopback host without a port", "https://portless.localhost/"],
  ["http on its usual port, allowed by number", "http://plain.localhost/"],
  ["http on its usual port, named", "http://plain.localhost:80/"],
  ["https on its usual port, allowed by number", "https://secure.localhost/"],
];

const unparsable: readonly Row[] = [
  ["nothing", ""],
  ["a space", " "],
  ["a host without a scheme", "money.sage.com"],
  ["a host and a path without a scheme", "money.sage.com/path"],
  ["a path", "/authrefresh", "A browser completes it with our own address."],
  ["a host behind two slashes", "//money.sage.com/", "A browser completes it with our own scheme."],
  [
    "a host behind three slashes",
    "///money.sage.com/",
    "A browser reads three slashes as two, RFC 3986 as a path.",
  ],
  ["a query alone", "?x=1"],
  ["a fragment alone", "#x"],
  ["a dot", "."],
  ["a word", "redirect"],
  ["an empty scheme", "://money.sage.com/"],
  ["a scheme that begins with a digit", "1https://money.sage.com/"],
  ["a space in front", " https://money.sage.com/", "A browser drops it."],
  ["a space behind", "https://money.sage.com/ ", "A browser drops it."],
  ["a space in the path", "https://money.sage.com/a b", "A browser encodes it."],
  ["a space in the scheme", "https ://money.sage.com/"],
  [
    "a tab behind",
    "https://money.sage.com/\t",
    "A browser drops tabs and line breaks wherever they stand.",
  ],
  ["a tab in the scheme", "ht\ttps://money.sage.com/", "To a browser it is https."],
  [
    "a tab between the allowed host and another",
    "https://money.sage.com\t.evil.example/",
    "To a browser it is money.sage.com.evil.example.",
  ],
  ["a line break in the host", "https://mon\ney.sage.com/", "To a browser it is money.sage.com."],
  [
    "a header behind a line break",
    "https://money.sage.com/\r\nSet-Cookie: a=b",
    "Where it is put into a header as it stands, there are two.",
  ],
  ["a line break behind", "https://money.sage.com/\n", "A browser drops it."],
  [
    "a NUL in front",
    "\u0000https://money.sage.com/",
    "A browser drops it; a text in C ends there.",
  ],
  ["a NUL behind", "https://money.sage.com/\u0000", "A browser drops it; a text in C ends there."],
  ["a delete character in the path", "https://money.sage.com/\u007f", "A browser encodes it."],
  [
    "a backslash that ends the host, and @",
    "https://money.sage.com\\@evil.example/",
    "The host is money.sage.com to a browser, evil.example to RFC 3986.",
  ],
  ["backslashes for slashes", "https:\\\\money.sage.com\\", "To a browser they are slashes."],
  ["a slash and a backslash", "https:/\\evil.example/", "To a browser two slashes."],
  [
    "a backslash in front of the allowed suffix",
    "https://evil.example\\.sage.com/",
    "The host is evil.example to a browser, and ends with .sage.com to who splits at slashes.",
  ],
  [
    "a backslash between two hosts",
    "https://evil.example\\money.sage.com/",
    "To a browser the second is a path.",
  ],
  ["a backslash in the path", "https://money.sage.com/\\evil.example", "To a browser two slashes."],
  ["a backslash in the query", "https://money.sage.com/?x=\\"],
  [
    "a letter beyond ASCII in the path",
    "https://money.sage.com/é",
    "A browser encodes it, in UTF-8 or in the page’s own encoding.",
  ],
  [
    "letters beyond ASCII in the host",
    "https://mönéy.sage.com/",
    "A browser goes to xn--mny-cma7d.sage.com.",
  ],
  [
    "a Cyrillic letter that looks like a",
    "https://money.sаge.com/",
    "A browser goes to money.xn--sge-6cd.com.",
  ],
  ["ideographic full stops", "https://money。sage。com/", "To a browser they are dots (UTS 46)."],
  [
    "a full-width slash",
    "https://evil.example／.sage.com/",
    "UTS 46 makes it a slash; a browser refuses the host, others may not.",
  ],
  [
    "a character that becomes a slash",
    "https://evil.example℀.sage.com/",
    "UTS 46 makes it a/c (Birch, “HostSplit”, 2019).",
  ],
  ["a long s", "https://money.ſage.com/", "To a browser it is sage.com."],
  ["a soft hyphen in the host", "https://mone\u00ady.sage.com/", "A browser drops it."],
  ["a zero-width space behind the host", "https://money.sage.com\u200b/", "A browser drops it."],
  [
    "a mark that turns text round",
    "https://money.sage.com/\u202e",
    "A person reads another address than the browser.",
  ],
  ["a digit in a circle", "https://①.sage.com/", "To a browser it is 1.sage.com."],
  ["a % alone", "https://money.sage.com/%", "Browsers leave it, other parsers refuse it."],
  ["a % with one digit", "https://money.sage.com/%2"],
  ["a % without digits", "https://money.sage.com/%zz"],
  ["the escape of old scripts", "https://money.sage.com/%u0041", "Some servers decode it."],
  ["a % alone in the query", "https://money.sage.com/?x=%"],
  [
    "markup in the path",
    "https://money.sage.com/<script>",
    "A browser encodes it; a page that shows it may not.",
  ],
  [
    "quotes in the path",
    'https://money.sage.com/"onload="',
    "A browser encodes them; an attribute ends there.",
  ],
  ["backticks in the path", "https://money.sage.com/`x`", "Old browsers took them for quotes."],
  ["braces in the path", "https://money.sage.com/{x}"],
  ["a bar in the path", "https://money.sage.com/a|b"],
  ["a circumflex in the path", "https://money.sage.com/a^b", "Browsers differ in encoding it."],
  ["markup in the query", "https://money.sage.com/?q=<x>"],
  ["half of a character", "https://money.sage.com/\ud800", "A browser sends U+FFFD."],
  [
    "a circumflex in the host",
    "https://^money.sage.com/",
    "A browser refuses it, old parsers did not.",
  ],
  [
    "a bar in front of the allowed suffix",
    "https://evil.example|.sage.com/",
    "Old parsers took it for a host.",
  ],
];

const refused: readonly Row[] = [
  // schemes
  ["http to a host that is no loopback one", "http://money.sage.com/"],
  ["http to the other allowed host", "http://sagebankdrive.com/"],
  ["http to a host with a port, no loopback one", "http://staging.example:8443/"],
  ["http to a loopback host without a port", "http://portless.localhost/"],
  ["http to the port of https", "http://portless.localhost:443/"],
  ["http where the port of https is allowed", "http://secure.localhost/"],
  ["http, its port named, where the port of https is allowed", "http://secure.localhost:80/"],
  ["a script", "javascript:alert(1)"],
  [
    "a script that looks like an address",
    "javascript://money.sage.com/%0aalert(1)",
    "To a browser a comment, a line break and a script; to RFC 3986 a host.",
  ],
  ["a script in mixed letters", "JaVaScRiPt:alert(1)"],
  ["a document in the address", "data:text/html,hello"],
  ["a script of another language", "vbscript:msgbox"],
  ["ftp", "ftp://money.sage.com/"],
  ["a socket", "ws://money.sage.com/"],
  ["a secure socket", "wss://money.sage.com/"],
  ["a file", "file:///etc/passwd"],
  [
    "a blob of the allowed origin",
    "blob:https://money.sage.com/1",
    "Its origin is the allowed one to a browser.",
  ],
  ["mail", "mailto:a@sage.com"],
  ["an empty page", "about:blank"],
  ["a view of the source", "view-source:https://money.sage.com/"],
  ["a scheme that begins like https", "httpsx://money.sage.com/"],
  ["a host that is read as a scheme", "money.sage.com:443/"],
  // slashes
  [
    "no slashes",
    "https:money.sage.com",
    "A browser goes to money.sage.com, or reads a path where it is relative to an https " +
      "page; RFC 3986 reads no host.",
  ],
  [
    "one slash",
    "https:/money.sage.com/",
    "A browser goes to money.sage.com; RFC 3986 reads a path.",
  ],
  [
    "three slashes",
    "https:///money.sage.com/",
    "A browser goes to money.sage.com; to RFC 3986 the host is empty.",
  ],
  [
    "four slashes",
    "https:////money.sage.com/",
    "A browser goes to money.sage.com; to RFC 3986 the host is empty.",
  ],
  ["a scheme alone", "https:"],
  ["a scheme and a slash", "https:/"],
  ["a scheme and two slashes", "https://"],
  ["a scheme and three slashes", "https:///"],
  ["a scheme and a query", "https:?x"],
  // user info
  [
    "the allowed host as a user name",
    "https://money.sage.com@evil.example/",
    "A person reads the first name; every parser goes to the second.",
  ],
  ["a user name", "https://user@money.sage.com/"],
  ["a user name and a password", "https://user:secret@money.sage.com/"],
  [
    "an empty user name",
    "https://@money.sage.com/",
    "A browser drops it; other parsers refuse it.",
  ],
  [
    "an empty user name and password",
    "https://:@money.sage.com/",
    "A browser drops them; other parsers refuse them.",
  ],
  [
    "the allowed host and port as user name and password",
    "https://money.sage.com:443@evil.example/",
    "Who looks for the first : reads the first host.",
  ],
  ["another host as a user name", "https://evil.example@money.sage.com/"],
  [
    "two user names",
    "https://a@evil.example@money.sage.com/",
    "The host stands behind the last @ to a browser, behind the first to others (Tsai).",
  ],
  [
    "an @, encoded",
    "https://money.sage.com%40evil.example/",
    "Who decodes first reads a user name.",
  ],
  // fragments
  ["an empty fragment", "https://money.sage.com/#", "What is appended behind it is never sent."],
  ["a fragment", "https://money.sage.com/#x"],
  ["an empty fragment without a path", "https://money.sage.com#"],
  [
    "a fragment with @ and another host",
    "https://money.sage.com#@evil.example/",
    "The host is money.sage.com to a browser; who looks for @ first reads evil.example (Tsai).",
  ],
  ["a fragment behind a query", "https://money.sage.com/?x=1#x"],
  [
    "a fragment in front of the allowed suffix",
    "https://evil.example#.sage.com/",
    "It ends with the suffix to who compares texts.",
  ],
  // other hosts
  ["another host", "https://evil.example/"],
  ["the allowed host in the path of another", "https://evil.example/money.sage.com"],
  ["the allowed host in the query of another", "https://evil.example/?https://money.sage.com/"],
  [
    "the allowed suffix in the query of another",
    "https://evil.example?.sage.com/",
    "It ends with the suffix to who compares texts.",
  ],
  ["a host that ends with the allowed name", "https://notsage.com/"],
  ["a host that ends with the allowed name behind a dash", "https://money-sage.com/"],
  ["a host that ends with the other allowed name", "https://evilsagebankdrive.com/"],
  ["the allowed name in front of another", "https://sage.com.evil.example/"],
  ["the allowed name cut short", "https://sage.co/"],
  ["the allowed name with a letter more", "https://sage.comm/"],
  ["the last label of the allowed name", "https://com/"],
  ["the allowed name with a label between", "https://sagebankdrive.co.com/"],
  ["the host with a port in front of another", "https://staging.example.evil.example:8443/"],
  ["a loopback host without its port", "https://localhost/"],
  ["the loopback name in front of another, https", "https://localhost.evil.example:4000/"],
  ["the loopback name in front of another, http", "http://localhost.evil.example:4000/"],
  ["a host that ends with the loopback name", "http://notlocalhost:4000/"],
  [
    "the ASCII form of a name that looks like the allowed one",
    "https://xn--sge-6cd.com/",
    "A browser may show it as sаge.com.",
  ],
  // dots and labels
  [
    "a dot behind the host",
    "https://money.sage.com./",
    "The same machine to DNS, another origin to a browser.",
  ],
  [
    "a dot behind the allowed name",
    "https://sage.com./",
    "The same machine to DNS, another origin to a browser.",
  ],
  ["an empty first label", "https://.sage.com/", "A host to browsers, none to RFC 1123."],
  ["an empty label", "https://money..sage.com/", "A host to browsers, none to RFC 1123."],
  ["a dot for a host", "https://./"],
  ["a dash for a label", "https://-.sage.com/"],
  ["a label that begins with a dash", "https://-a.sage.com/", "Some resolvers refuse it."],
  ["a label that ends with a dash", "https://a-.sage.com/", "Some resolvers refuse it."],
  ["an underscore in the host", "https://a_b.sage.com/", "A host to browsers, none to RFC 1123."],
  [
    "a star for a label",
    "https://*.sage.com/",
    "A host to browsers; a pattern to who compares with one.",
  ],
  [
    "a comma in the host",
    "https://money.sage.com,evil.example/",
    "A host to browsers; two to who splits lists.",
  ],
  [
    "a semicolon in front of the allowed suffix",
    "https://evil.example;.sage.com/",
    "A host to browsers; who reads parameters stops there.",
  ],
  [
    "an ampersand in front of the allowed suffix",
    "https://evil.example&.sage.com/",
    "A host to browsers; who reads a query stops there.",
  ],
  ["a label longer than DNS takes", `https://${"a".repeat(64)}.sage.com/`],
  // percent-encoded hosts
  [
    "an encoded dot in front of the allowed name",
    "https://money%2Esage.com/",
    "A browser decodes the host; RFC 3986 leaves it to who resolves it.",
  ],
  [
    "an encoded dot in the allowed name",
    "https://money.sage%2Ecom/",
    "A browser decodes the host; RFC 3986 leaves it to who resolves it.",
  ],
  [
    "an encoded letter in the host",
    "https://%6Doney.sage.com/",
    "A browser decodes the host; RFC 3986 leaves it to who resolves it.",
  ],
  [
    "an encoded slash in front of the allowed suffix",
    "https://evil.example%2F.sage.com/",
    "A browser refuses it; who decodes first goes to evil.example.",
  ],
  [
    "an encoded # in front of the allowed suffix",
    "https://evil.example%23.sage.com/",
    "A browser refuses it; who decodes first goes to evil.example.",
  ],
  [
    "an encoded NUL in front of the allowed suffix",
    "https://evil.example%00.sage.com/",
    "A browser refuses it; a text in C ends there.",
  ],
  [
    "an encoded backslash in front of the allowed suffix",
    "https://evil.example%5C.sage.com/",
    "A browser refuses it; who decodes first goes to evil.example.",
  ],
  [
    "an encoded tab between the allowed host and another",
    "https://money.sage.com%09.evil.example/",
    "A browser refuses it; who decodes first may drop it.",
  ],
  [
    "an encoded dot behind the allowed host, and another",
    "https://money.sage.com%2eevil.example/",
    "To a browser it is money.sage.com.evil.example.",
  ],
  [
    "an encoded ideographic full stop, and another host",
    "https://money.sage.com%E3%80%82evil.example/",
    "To a browser it is money.sage.com.evil.example.",
  ],
  // addresses
  ["the loopback address, https", "https://127.0.0.1/"],
  ["the loopback address without a port", "http://127.0.0.1/"],
  ["the loopback address at another host’s port", "http://127.0.0.1:4000/"],
  [
    "the loopback address with a part left out",
    "http://127.1:4001/",
    "To a browser it is 127.0.0.1, to RFC 3986 a name.",
  ],
  [
    "the loopback address as one number",
    "http://2130706433:4001/",
    "To a browser it is 127.0.0.1, to RFC 3986 a name.",
  ],
  [
    "the loopback address in hexadecimal",
    "http://0x7f000001:4001/",
    "To a browser it is 127.0.0.1, to RFC 3986 a name.",
  ],
  [
    "the loopback address in octal",
    "http://0177.0.0.1:4001/",
    "To a browser it is 127.0.0.1; others read 177.0.0.1.",
  ],
  [
    "the loopback address with a leading nought",
    "http://127.0.0.01:4001/",
    "Octal to a browser, decimal to others.",
  ],
  [
    "the loopback address with a dot behind",
    "http://127.0.0.1.:4001/",
    "An address to a browser, a name to RFC 3986.",
  ],
  [
    "a name in front of the loopback address",
    "http://x.127.0.0.1:4001/",
    "No host to a browser, a name to others.",
  ],
  ["another loopback address", "http://127.0.0.2:4001/"],
  ["the loopback address of IPv6", "http://[::1]:4000/"],
  ["IPv4 in IPv6", "http://[::ffff:127.0.0.1]:4001/", "The same machine, another host."],
  ["the loopback address of IPv6, https", "https://[::1]/"],
  [
    "the allowed host in brackets",
    "https://[money.sage.com]/",
    "No host to a browser; old parsers took it for one.",
  ],
  [
    "an address in brackets in front of the allowed suffix",
    "https://[::1].sage.com/",
    "No host to a browser; it ends with the suffix to who compares texts.",
  ],
  ["an address of the future", "https://[v1.x]/", "A host to RFC 3986, none to a browser."],
  ["the address where clouds tell their secrets", "https://169.254.169.254/"],
  ["five numbers", "https://1.2.3.4.5/", "No host to a browser, a name to others."],
  // ports
  ["a port that is not allowed", "https://money.sage.com:8443/"],
  ["the port of http", "https://money.sage.com:80/"],
  ["port nought", "https://money.sage.com:0/"],
  ["an empty port", "https://money.sage.com:/", "A browser drops the colon; others refuse it."],
  [
    "a port with a leading nought",
    "https://money.sage.com:0443/",
    "443 to a browser, octal 291 to others.",
  ],
  [
    "a port with a sign",
    "https://money.sage.com:+443/",
    "No address to a browser; 443 to who reads numbers.",
  ],
  ["a port with a space in it", "https://money.sage.com:44%203/"],
  [
    "two ports",
    "https://money.sage.com:443:443/",
    "No address to a browser; others take the first or the last (Tsai).",
  ],
  [
    "a port that is 443 in sixteen bits",
    "https://money.sage.com:65979/",
    "No address to a browser; who cuts numbers off goes to 443.",
  ],
  ["a port out of range", "https://money.sage.com:99999/"],
  ["a port that begins with the allowed one", "https://money.sage.com:443443/"],
  ["the allowed host without its port", "https://staging.example/"],
  ["the allowed host at the usual port", "https://staging.example:443/"],
  ["a port with a digit more", "https://staging.example:84430/"],
  ["another loopback port", "http://localhost:4001/"],
  ["the loopback host without a port, http", "http://localhost/"],
  ["the loopback host at the port of http", "http://localhost:80/"],
  ["under the loopback host without a port", "http://redirect.localhost/"],
  [
    "a loopback port with a leading nought",
    "http://127.0.0.1:04001/",
    "4001 to a browser, octal 2049 to others.",
  ],
  ["http at the port of https", "http://plain.localhost:443/"],
  ["https at the port of https, where the port of http is allowed", "https://plain.localhost/"],
];

const rows = (verdict: RedirectVerdict, all: readonly Row[]): RedirectUrlTrick[] =>
  all.map(([trick, url, why]) => ({ trick, url, verdict, why }));

/**
 * Two hundred and more addresses somebody may hand us for the way back; by Orange Tsai's “A New Era
 * of SSRF” (2017), the URL standard's tests, and what browsers were seen to do.
 */
export const redirectUrlTricks: readonly RedirectUrlTrick[] = [
  ...rows("ok", good),
  ...rows("unparsable", unparsable),
  ...rows("refused", refused),
];
