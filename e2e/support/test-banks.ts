import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startBerlinGroupBank } from '../../lib/banks/berlin-group/berlin-group-bank.fixture.ts'
import { freePorts } from '../../scripts/support/free-port.mjs'
import { startPair } from '../../scripts/support/start-pair.mjs'
import { createTestDatabase } from '../../scripts/support/test-database.ts'
import { test as sandboxTest } from './test.ts'
import { bank as name } from './words.ts'

/** What a notification calls the banks of {@link test}. */
export const testBanks = { berlinGroup: 'bank-of-the-berlin-group', connectCode: 'bank-with-connect-codes' } as const

/** An account of whoever signs in at the bank of the Berlin Group. */
export const berlinGroupAccount = 'DE89370400440532013000'

/** What the bank with connect codes shows the connector. */
const keys = new Map<string, string>()
export const connectCodeKey = (connectorUrl: string): string => keys.get(connectorUrl) ?? ''

/** A test with a connector of its own, whose file of banks names two that are no sandbox. */
export const test = sandboxTest.extend({
  connector: [
    async ({}, use, worker) => {
      const folder = path.join(worker.project.outputDir, `test-banks-${worker.workerIndex}`)
      const keyFile = path.join(folder, 'connect-code-key')
      const file = path.join(folder, 'banks.json')
      const key = randomBytes(32).toString('hex')
      const berlinGroup = await startBerlinGroupBank({ accounts: [{ iban: berlinGroupAccount, currency: 'EUR' }] })
      mkdirSync(folder, { recursive: true })
      writeFileSync(keyFile, key)
      const banks = [
        { bankId: testBanks.berlinGroup, name, adapter: 'berlin-group', settings: { url: berlinGroup.url, ipAddress: '192.0.2.7', lang: 'de' } },
        { bankId: testBanks.connectCode, name, adapter: 'connect-code', settings: { keys: [keyFile], note: 'In the app, choose More, then Connect to Sage.', lang: 'en' } },
      ]
      writeFileSync(file, JSON.stringify({ banks }))

      const database = await createTestDatabase()
      const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2)
      const { connectorUrl, bankingServiceUrl, stop } = await startPair({ databaseUrl: database.url, connectorPort, bankingServicePort, logs: path.join(folder, 'logs'), given: { BANKS_FILE: file } })
      keys.set(connectorUrl, key)
      await use({ connectorUrl, bankingServiceUrl, databaseUrl: database.url })
      await stop()
      await berlinGroup.stop()
      await database.drop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
})
