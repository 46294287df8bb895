import path from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { refusalReasons } from '../../lib/banks/bank-adapter.ts'
import { challengeKinds } from '../../lib/challenges/index.ts'
import { bankApiPage } from './bank-api-page.ts'

const page = bankApiPage()

test('docs/bank-api.yaml is what is made of the schemas', async () => {
  await expect(page).toMatchFileSnapshot(path.resolve(import.meta.dirname, '../../docs/bank-api.yaml'))
})

test('a linter finds nothing wrong with it, its examples among the rest', async () => {
  const config = await createConfig({ extends: ['recommended'], rules: { 'no-invalid-media-type-examples': 'error', 'operation-4xx-response': 'error' } })
  const problems = await lintFromString({ source: page, absoluteRef: 'bank-api.yaml', config })
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`)).toEqual([])
})

test('every kind of challenge and every reason for a refusal is in it', () => {
  for (const name of [...challengeKinds.map(({ kind }) => kind), ...refusalReasons]) expect.soft(page, name).toContain(name)
})
