// `npm run generate`: makes the Prisma client from prisma/schema.prisma.
import { generateClient } from './support/prisma-client.mjs'
import { runMain, step } from './support/progress.mjs'

await runMain(() => step('Generating the database client', generateClient))
