// Before `npm start`: server/start.ts is TypeScript, which an older Node than ours cannot even
// read, so that Node cannot say there what is missing.
import { runMain } from "../testing/progress.mjs";
import { usePinnedNode } from "../testing/toolchain.mjs";

await runMain(() => usePinnedNode());
