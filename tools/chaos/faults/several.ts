import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../../simulator/draws.ts";
import type { Fault, Setup } from "../scenario.ts";
import { follow } from "./database.ts";
import { countPatchFaults, faultsOfPatch, faultyShare } from "./provider.ts";

/** Everything that can be made in moments, at once. */
export const severalAtOnce: Fault = async (testBed) => {
  const { replicas, cluster, databaseProxy, history, sage, draw } = testBed;
  await sage.setRandomFaults({ patch: { share: faultyShare, faults: faultsOfPatch() } });
  await pause(3000);
  const replica = pick(draw, replicas);
  await replica.kill();
  await Promise.all([
    replica.start(),
    pause(draw() * 1500).then(async () => {
      await cluster.crash();
      await cluster.start();
      follow(testBed);
    }),
  ]);
  await sage.revokeTokens();
  await pause(1000);
  databaseProxy.reset();
  history.fault("kill, crash, reset, revocation", 4);
};

export const clearFaults: Setup = async (testBed) => {
  const count = await countPatchFaults(testBed);
  return async (loads) => {
    await count?.(loads);
    await testBed.sage.clearRandomFaults();
  };
};
