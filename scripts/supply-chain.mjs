// `npm run supply-chain`: exact versions, a whole lockfile, version floors, install scripts of named packages only, and a software bill of materials.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { supplyChainProblems, unhashed } from './security/supply-chain.mjs'

const root = path.resolve(import.meta.dirname, '..')
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))
const problems = supplyChainProblems(read('package.json'), read('package-lock.json'))

// From the lockfile alone: the same list on every machine, for every platform.
const sbom = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
const { components = [] } = JSON.parse(sbom)
if (components.length === 0) problems.push('the software bill of materials is empty')
mkdirSync(path.join(root, 'test-results'), { recursive: true })
writeFileSync(path.join(root, 'test-results/sbom.cdx.json'), sbom)

for (const problem of problems) process.stderr.write(`${problem}\n`)
const open = unhashed(read('package-lock.json'))
if (open.length > 0) process.stdout.write(`Locked by version only, since the registry the lockfile was made with has none for that platform: ${open.join(', ')}\n`)
process.stdout.write(`${components.length} packages in test-results/sbom.cdx.json (CycloneDX), ${problems.length} problems\n`)
process.exitCode = problems.length === 0 ? 0 : 1
