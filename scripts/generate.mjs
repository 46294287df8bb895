// Makes the Prisma client from prisma/schema.prisma. Prisma's CLI wants a native schema engine to exist but does not run it for this, and
// where it is missing would try to download it; the Node binary stands in for it.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const prisma = path.join(path.dirname(require.resolve('prisma/package.json')), 'build/index.js')
const { status } = spawnSync(process.execPath, [prisma, 'generate', '--no-hints'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
})
process.exitCode = status ?? 1
