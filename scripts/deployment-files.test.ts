import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { logEvents } from '../lib/platform/log-events.ts'
import { startCommand } from './support/start-command.mjs'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

// Every variable of the schema stands at the start of a line of its own, as `  NAME: …`.
const settings = ['env', 'theme'].flatMap((file) => [...read(`lib/platform/${file}.ts`).matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name))

describe('docs/settings.md', () => {
  it('explains every setting in a table of its own', () => {
    const explained = [...read('docs/settings.md').matchAll(/^\| ((?:`[A-Z0-9_]+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) => [...names.matchAll(/[A-Z0-9_]+/g)].map(([name]) => name))
    expect(explained.toSorted()).toEqual(settings.toSorted())
  })
})

describe('compose.yaml', () => {
  const decidedThere = ['HOST', 'PORT']

  it('hands every setting to the connector, so that none is ignored without a word', () => {
    expect(settings.length).toBeGreaterThan(20)
    const connector = read('compose.yaml').split(/^ {2}connector:$/m)[1] ?? ''
    expect(settings.filter((name) => !decidedThere.includes(name) && !new RegExp(`^ {6}${name}(_FILE)?: `, 'm').test(connector))).toEqual([])
  })
})

describe('the connector', () => {
  const [, ...options] = startCommand.map((part) => (path.isAbsolute(part) ? path.relative(root, part) : part))

  it('is started the same by npm start and in a container as where it is measured', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ scripts: { start: `exec node ${options.join(' ')}` } })
    expect(read('Dockerfile')).toContain(`CMD ${JSON.stringify(['node', ...options]).replaceAll(',', ', ')}\n`)
  })
})

describe('the Dockerfile', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources?.split(' ') ?? []).filter((source) => source !== '.')

  it('copies files that are there and that .dockerignore lets through', () => {
    const letThrough = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(copied).not.toEqual([])
    for (const source of copied) {
      expect(existsSync(path.join(root, source)), source).toBe(true)
      expect(letThrough).toContain(source.split('/')[0])
    }
  })
})

describe('docs/operations.md', () => {
  it('says of every log line what it means', () => {
    const explained = read('docs/operations.md').split('## Every log line')[1] ?? ''
    expect(logEvents.filter((event) => !explained.includes(`\`${event}\``))).toEqual([])
  })
})
