import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { supplyChainProblems } from './supply-chain.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))
const [manifest, lockfile] = [read('package.json'), read('package-lock.json')]

test('every package we take is one exact version with its hash, new enough, and runs a script only if it may', () => {
  expect(supplyChainProblems(manifest, lockfile)).toEqual([])
})

describe('is found', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`
  const judge = (dependencies: Record<string, string>, packages: Record<string, object>, more: object = {}, locked: Record<string, string> = dependencies) =>
    supplyChainProblems({ dependencies, ...more }, { lockfileVersion: 3, packages: { '': { dependencies: locked }, ...packages } })
  const good = { version: '1.2.3', integrity }
  test('nothing where all is well', () => expect(judge({ a: '1.2.3' }, { 'node_modules/a': good })).toEqual([]))
  test.each<[string, string[]]>([
    ['a range', judge({ a: '^1.2.3' }, { 'node_modules/a': good })],
    ['a tag', judge({ a: 'latest' }, { 'node_modules/a': good })],
    ['a version that is not the locked one', judge({ a: '1.2.4' }, { 'node_modules/a': good })],
    ['a lockfile of another package.json', judge({ a: '1.2.3' }, { 'node_modules/a': good }, {}, {})],
    ['a package without a hash', judge({ a: '1.2.3' }, { 'node_modules/a': { version: '1.2.3' } })],
    ['a hash that is too weak', judge({ a: '1.2.3' }, { 'node_modules/a': { version: '1.2.3', integrity: 'sha1-x' } })],
    ['a package from a named host', judge({ a: '1.2.3' }, { 'node_modules/a': { ...good, resolved: 'https://registry.example/a.tgz' } })],
    ['a folder', judge({ a: '1.2.3' }, { 'node_modules/a': { ...good, link: true } })],
    ['an install script nobody allowed', judge({ a: '1.2.3' }, { 'node_modules/a': { ...good, hasInstallScript: true } })],
    ['a permission nobody needs', judge({ a: '1.2.3' }, { 'node_modules/a': good }, { allowScripts: { b: true } })],
    ['a framework that is too old', judge({ next: '16.0.6' }, { 'node_modules/next': { version: '16.0.6', integrity } })],
    ['a release candidate of the oldest one', judge({ next: '16.0.10-rc.1' }, { 'node_modules/next': { version: '16.0.10-rc.1', integrity } })],
    ['an empty lockfile', judge({}, {})],
  ])('%s', (_, problems) => expect(problems.length).toBeGreaterThan(0))
})
