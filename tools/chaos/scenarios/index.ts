import type { Scenario } from "../scenario.ts";
import { bank } from "./bank.ts";
import { bankKilled } from "./bank-killed.ts";
import { clock } from "./clock.ts";
import { conflicts } from "./conflicts.ts";
import { databaseConnections } from "./database-connections.ts";
import { databaseFrozen } from "./database-frozen.ts";
import { databaseFull } from "./database-full.ts";
import { databaseNetwork } from "./database-network.ts";
import { databaseRestart } from "./database-restart.ts";
import { failover } from "./failover.ts";
import { freeze } from "./freeze.ts";
import { healthy } from "./healthy.ts";
import { keyFlood } from "./key-flood.ts";
import { kill } from "./kill.ts";
import { notifications } from "./notifications.ts";
import { pressure } from "./pressure.ts";
import { providerFaults } from "./provider-faults.ts";
import { providerNetwork } from "./provider-network.ts";
import { rate } from "./rate.ts";
import { rolling } from "./rolling.ts";
import { sageIdDown } from "./sage-id-down.ts";
import { several } from "./several.ts";
import { tlsExpired } from "./tls-expired.ts";
import { tokenRevoked } from "./token-revoked.ts";
import { unrecorded } from "./unrecorded.ts";

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  healthy,
  ...[kill, unrecorded, freeze, rolling],
  ...[
    databaseRestart,
    databaseFrozen,
    databaseNetwork,
    databaseConnections,
    databaseFull,
    failover,
    conflicts,
  ],
  ...[clock, notifications],
  ...[providerFaults, providerNetwork, rate, tlsExpired],
  ...[sageIdDown, tokenRevoked, keyFlood],
  ...[bank, bankKilled, pressure],
  several,
];
