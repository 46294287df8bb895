import { expect, test } from '../support/connector-test.ts'
import { entryAddress } from '../support/entry-query.ts'
import { expectNoEcho, marker } from '../support/marked.ts'
import { navigation, rawRequest } from '../support/raw-request.ts'

/** `PORT` stands for the stand-in's port: the connector of these tests allows `localhost:PORT` and what is under it. */
const refused = [
  `https://evil.example/${marker}`,
  `http://evil.example:PORT/${marker}`,
  `http://redirect.localhost:PORT@evil.example/${marker}`,
  `http://user:secret@redirect.localhost:PORT/${marker}`,
  `http://redirect.localhost:PORT/${marker}#fragment`,
  `http://redirect.localhost:PORT/${marker}#`,
  `http://redirect.localhost:PORT.evil.example/${marker}`,
  `http://redirect.localhost.evil.example:PORT/${marker}`,
  `http://notlocalhost:PORT/${marker}`,
  `http://evil-localhost:PORT/${marker}`,
  `http://redirect.localhost:1/${marker}`,
  `http://redirect.localhost/${marker}`,
  `http://redirect.localhost.:PORT/${marker}`,
  `http://127.0.0.1:PORT/${marker}`,
  `http://[::1]:PORT/${marker}`,
  `http://2130706433:PORT/${marker}`,
  `http://0x7f.1:PORT/${marker}`,
  `javascript:alert('${marker}')`,
  `data:text/html,${marker}`,
  `file:///${marker}`,
  `ftp://redirect.localhost:PORT/${marker}`,
  `http:redirect.localhost:PORT/${marker}`,
  `http:/redirect.localhost:PORT/${marker}`,
  `http:///redirect.localhost:PORT/${marker}`,
  `http://redirect.localhost:PORT%40evil.example/${marker}`,
  `http://redirect%2Elocalhost:PORT/${marker}`,
  `http://xn--lcalhost-54a:PORT/${marker}`,
]
/** What browsers and RFC 3986 read differently, or not at all. */
const unparsable = [
  `http://redirect.localhost:PORT\\@evil.example/${marker}`,
  `http://evil.example\\.redirect.localhost:PORT/${marker}`,
  `http://redirect.localhost:PORT/${marker}\r\nLocation: https://evil.example`,
  `http://redirect.localhost:PORT/\t${marker}`,
  ` http://redirect.localhost:PORT/${marker}`,
  `http://redirect.lоcalhost:PORT/${marker}`,
  `http://redirect。localhost:PORT/${marker}`,
  `/${marker}`,
  `//evil.example/${marker}`,
  `http://redirect.localhost:PORT/${marker}?a=<script>`,
  `http://redirect.localhost:PORT/${marker}?a="b"`,
]
const tricks = [...refused.map((uri) => ({ uri, status: 403 })), ...unparsable.map((uri) => ({ uri, status: 400 }))]

for (const { uri, status } of tricks) {
  test(`${JSON.stringify(uri)} is answered ${status}, echoes nothing and fixes nothing`, async ({ create, connector, database }) => {
    const authorisation = await create()
    const { port } = new URL(connector.bankingServiceUrl)
    const address = entryAddress(connector.connectorUrl, authorisation, { redirect_uri: uri.replaceAll('PORT', port) })
    for (const headers of [{}, navigation]) {
      const answer = await rawRequest(address, { headers })
      expect(answer.status).toBe(status)
      expectNoEcho(answer)
    }
    expect(await database.stored(authorisation.authorisationId)).toMatchObject({ parametersFixed: false, claimed: false })
  })
}
