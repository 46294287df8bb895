import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createReferenceBank } from '../../examples/bank-api/reference-bank.mjs'
import { freePorts } from '../../scripts/support/free-port.mjs'
import { startPair } from '../../scripts/support/start-pair.mjs'
import { createTestDatabase } from '../../scripts/support/test-database.ts'
import { axeFindingsIn } from '../support/axe.ts'
import { expect, test as base } from '../support/test.ts'
import { success } from '../support/wizard.ts'
import { standInSettings } from '../banking-service/settings.ts'
import { startCommand } from '../../scripts/support/start-command.mjs'

const bankId = '7f0c2a3e-6a44-4b0b-9d0a-4f2a1f0d9b11'
const externalId = 'the-account-asked-for'

// A connector of its own, with a file of banks: the reference bank by its API, and the help it offers.
const test = base.extend<object, { banksFile: string }>({
  banksFile: [async ({}, use, worker) => use(worker.project.outputDir + `/banks-${worker.workerIndex}.json`), { scope: 'worker' }],
  connector: [
    async ({ banksFile }, use, worker) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      const server = createServer(createReferenceBank({ clientKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }) as RequestListener)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const bank = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const keyFile = `${banksFile}.pem`
      writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
      const settings = { url: `${bank}/v1`, auth: { method: 'private_key_jwt', tokenUrl: `${bank}/token`, clientId: 'connector', keyFile } }
      const help = [{ label: 'Forgot your password?', url: 'https://www.bank.example/help' }]
      writeFileSync(banksFile, JSON.stringify({ banks: [{ bankId, name: 'Northwind Bank', adapter: 'http', settings, help, theme: { accent: '#7a0044' } }] }))

      const database = await createTestDatabase()
      const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2)
      const logs = `${worker.project.outputDir}/logs-http-bank-${worker.workerIndex}`
      const given = { BANKS_FILE: banksFile }
      const { connectorUrl, bankingServiceUrl, stop } = await startPair({ databaseUrl: database.url, connectorPort, bankingServicePort, logs, given })
      await use({ connectorUrl, bankingServiceUrl, databaseUrl: database.url })
      await stop()
      server.closeAllConnections()
      server.close()
      await database.drop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
})
test.describe.configure({ mode: 'default' })

for (const javaScriptEnabled of [true, false]) {
  test.describe(`a bank that serves our API, ${javaScriptEnabled ? 'with' : 'without'} script`, () => {
    test.use({ javaScriptEnabled })

    test('asks, is answered, and the feed is active', async ({ open }) => {
      const wizard = await open({ bankId, externalId })
      await expect(wizard.screen.getByRole('link', { name: 'Forgot your password?' })).toHaveAttribute('target', '_blank')
      // axe is a script.
      if (javaScriptEnabled) expect(await axeFindingsIn(await wizard.frame())).toEqual([])
      await wizard.signIn('two-rounds', 'not the password')
      await wizard.expectScreen('credentials.heading', { step: 1, error: true })
      await wizard.signIn('two-rounds')
      await wizard.expectScreen('one-time-code.heading', { step: 2, values: { length: 6 } })
      if (javaScriptEnabled) expect(await axeFindingsIn(await wizard.frame())).toEqual([])
      await wizard.enterCode()
      await wizard.expectScreen('security-questions.heading', { step: 2, values: { count: 1 } })
      await wizard.answerQuestion()
      await wizard.expectScreen('authorised.heading', { step: 3 })
      expect(await wizard.patches()).toEqual([success])
    })
  })
}

test('a bank that nobody configured is said to be one', async ({ create, page, watch }) => {
  watch.expectStatus(404)
  const { authrefreshUrl } = await create({ bankId: '00000000-0000-4000-8000-000000000000' })
  const response = await page.goto(authrefreshUrl)
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('We do not know this bank')
  expect(await axeFindingsIn(page.mainFrame())).toEqual([])
})

test('a file of banks that is not right stops the start, with every problem named and no value', async ({ banksFile, connector }) => {
  const file = `${banksFile}.wrong`
  writeFileSync(file, JSON.stringify({ banks: [{ bankId: 'one', name: '', adapter: 'hunter2' }, { bankId: 'two', name: 'Two', adapter: 'http', settings: { url: 'hunter2' } }] }))
  const env = { PATH: process.env['PATH'], ...standInSettings({ publicUrl: 'http://localhost:3000', bankingServicePort: 4000 }), DATABASE_URL: connector.databaseUrl, SEAL_KEYS: randomBytes(32).toString('base64url'), BANKS_FILE: file, PORT: '0' }
  const [command = '', ...given] = startCommand
  const started = spawn(command, given, { env: env as unknown as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  // All that it said has come only now, unlike at its exit.
  const status = await new Promise((resolve) => started.once('close', resolve))
  expect(said).toContain('  BANKS_FILE: banks[0].adapter: must be one of')
  expect(said).toContain('  BANKS_FILE: banks[1].settings.url: is not an absolute https URL')
  expect(said).toContain('  BANKS_FILE: banks[1].settings.auth: ')
  expect(said).not.toContain('hunter2')
  expect(status).toBe(1)
})
