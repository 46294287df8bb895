import { generateKeyPairSync, randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BankingServiceClient, bankingServiceClient } from "../../simulator/client.ts";
import { simulatorSettings } from "../../simulator/settings.ts";
import { type CuttableProxy, startCuttableProxy } from "../../testing/cuttable-proxy.ts";
import { createNotifier } from "../bench/notifier.mjs";
import { drawsFrom } from "../../simulator/draws.ts";
import { freePorts } from "../../testing/free-port.mjs";
import { systemEnvironment } from "../../testing/start-connector.mjs";
import { startSupervised } from "../../testing/supervised.mjs";
import { root } from "../../testing/toolchain.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";
import { Balancer } from "./balancer.ts";
import { type EventSink, startEventSink } from "./event-sink.ts";
import type { Cluster } from "./cluster.ts";
import { Load, type LoadOptions } from "./load.ts";
import { History } from "./history.ts";
import type { World } from "./virtual-user.ts";
import { Replica } from "./replica.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { startTlsFront, type TlsFront } from "./tls-front.ts";

/** How a test bed differs from the usual one. */
export interface TestBedOptions {
  /** `PROVIDER_API_REQUESTS_PER_SECOND`. */
  requestsPerSecond?: number;
  /** More settings of the connector (docs/settings.md). */
  settings?: Record<string, string>;
  /** More of the environment of one replica, counted from 1. */
  environment?: (replica: number) => Record<string, string>;
  thinkMs?: number;
  /** How long a person waits for Sage to be told before they go. */
  finishingMs?: number;
  /**
   * Goes to the database and to Sage past the proxies. They share a process with the virtual users,
   * and when that is held up, calls that were sent evenly arrive together.
   */
  direct?: boolean;
  /** Puts TLS before the Provider API, with a certificate of our own that can be let expire. */
  tls?: boolean;
  maxWaitMs?: number;
  /** Puts the database on a disk of its own that is so small. */
  smallDiskMegabytes?: number;
  /** Tells a receiver of events, in this process, which has to have each grant before Sage. */
  events?: boolean;
}

/**
 * Where one scenario takes place: three replicas on one database, with a proxy before the database
 * and one before Sage.
 */
export interface TestBed {
  cluster: Cluster;
  database: string;
  history: History;
  replicas: readonly Replica[];
  sage: BankingServiceClient;
  settings: Readonly<Record<string, string>>;
  world: World;
  balancer: Balancer;
  smallDisk: SmallDisk | undefined;
  databaseProxy: CuttableProxy;
  sageProxy: CuttableProxy;
  tlsFront: TlsFront | undefined;
  eventSink: EventSink | undefined;
  draw(): number;
  /** The `count` of the one row that a statement gives. */
  count(statement: string): Promise<number>;
  load(options: LoadOptions): Load;
  close(): Promise<void>;
}

const replicaCount = 3;
/**
 * How long people, and the wait for the end, have where nothing is said of times. Shorter than
 * the life of an authorisation, after which nothing is told any more.
 */
export const untimedMs = 600_000;

/** The sandbox for every bank, its grants encrypted to a key. @returns the file of banks */
function writeBanks(folder: string): string {
  const key = path.join(folder, "grants.pem");
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(key, publicKey.export({ type: "spki", format: "pem" }));
  const bank = {
    bankId: "*",
    name: "Northwind Bank",
    adapter: "sandbox",
    grants: { publicKeyFiles: [key], required: true },
  };
  const file = path.join(folder, "banks.json");
  writeFileSync(file, JSON.stringify({ banks: [bank] }));
  return file;
}

/** @param logs where the processes' output and the history go. */
export async function openTestBed(
  { cluster, logs, seed, timed }: { cluster: Cluster; logs: string; seed: number; timed: boolean },
  {
    requestsPerSecond = 100,
    settings = {},
    environment,
    thinkMs = 6000,
    maxWaitMs = timed ? 150_000 : untimedMs,
    finishingMs = 20_000,
    smallDiskMegabytes,
    direct = false,
    tls = false,
    events = false,
  }: TestBedOptions,
): Promise<TestBed> {
  mkdirSync(logs, { recursive: true });
  const history = new History(path.join(logs, "history.jsonl"));
  const stops: (() => unknown)[] = [() => history.close()];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const smallDisk =
      smallDiskMegabytes === undefined
        ? undefined
        : mountSmallDisk(cluster.data, smallDiskMegabytes);
    if (smallDisk) stops.push(smallDisk.remove, () => cluster.dropTablespace());
    const database = await cluster.createDatabase(smallDisk?.folder);
    stops.push(() => cluster.dropDatabase(database));
    const [sagePort = 0, publicPort = 0, ...ports] = await freePorts(2 + replicaCount);
    const databaseProxy = await startCuttableProxy({ host: "127.0.0.1", port: cluster.port });
    const sageProxy = await startCuttableProxy({ host: "127.0.0.1", port: sagePort });
    stops.push(databaseProxy.close, sageProxy.close);

    const origin = `http://localhost:${publicPort}`;
    const all: Record<string, string> = {
      ...simulatorSettings({ publicUrl: origin, bankingServicePort: sagePort }),
      BANKING_SERVICE_PORT: String(sagePort),
      SEAL_KEYS: randomBytes(32).toString("base64url"),
      BANK_ADAPTER: "sandbox",
      DATABASE_URL: Object.assign(new URL(cluster.url(database)), {
        port: String(direct ? cluster.port : databaseProxy.port),
      }).href,
    };
    const tlsFront = tls
      ? await startTlsFront({
          to: sageProxy.port,
          certificates: path.join(logs, "certificates.pem"),
        })
      : undefined;
    if (tlsFront) stops.push(tlsFront.close);
    const draw = drawsFrom(seed);
    const eventSink = events ? await startEventSink(history, drawsFrom(seed + 1)) : undefined;
    if (eventSink) stops.push(eventSink.close);
    const banks = eventSink ? { BANK_ADAPTER: "", BANKS_FILE: writeBanks(logs) } : {};
    const asReached = (url = "") =>
      direct ? url : Object.assign(new URL(url), { port: String(sageProxy.port) }).href;
    const connectorSettings = {
      ...all,
      ...Object.fromEntries(
        ["PROVIDER_API_URL", "SAGE_ID_JWKS_URL", "SAGE_ID_TOKEN_URL"].map((name) => [
          name,
          asReached(all[name]),
        ]),
      ),
      ...(tlsFront
        ? {
            PROVIDER_API_URL: Object.assign(new URL(all["PROVIDER_API_URL"] ?? ""), {
              protocol: "https:",
              port: String(tlsFront.port),
            }).href,
            ...tlsFront.trust,
          }
        : {}),
      PROVIDER_API_REQUESTS_PER_SECOND: String(requestsPerSecond),
      ...eventSink?.settings,
      ...banks,
      ...settings,
    };

    const output = openSync(path.join(logs, "banking-service.log"), "w");
    const simulator = startSupervised(
      "banking-service",
      [process.execPath, path.join(root, "simulator/main.ts")],
      { env: { ...systemEnvironment(), ...all }, cwd: root, output },
    );
    closeSync(output);
    stops.push(() => simulator.stop());
    const sageUrl = `http://127.0.0.1:${sagePort}`;
    await waitUntil(async () => (await fetch(`${sageUrl}/`)).ok, {
      what: "the banking-service",
      withinMs: 180_000,
    });
    const sage = bankingServiceClient(sageUrl);

    const replicas = ports.map(
      (port, index) =>
        new Replica({
          number: index + 1,
          port,
          logs,
          history,
          env: { ...systemEnvironment(), ...connectorSettings, ...environment?.(index + 1) },
        }),
    );
    // Nothing is asked of them any more, and a clean end takes each of them seconds.
    stops.push(() => Promise.all(replicas.map((replica) => replica.kill())));
    await Promise.all(replicas.map((replica) => replica.start()));
    const balancer = new Balancer(replicas, origin);
    stops.push(() => balancer.close());

    // An hour old: good by the clocks of all replicas, also where one of them is a quarter of an
    // hour behind.
    const claims = {
      iat: Math.floor(Date.now() / 1000) - 3600,
      nbf: Math.floor(Date.now() / 1000) - 3600,
    };
    const notification = await createNotifier({
      settings: all,
      bankingService: { ...sage, token: () => sage.token({ claims }) },
    });
    const world: World = {
      balancer,
      origin,
      notification,
      history,
      draw,
      thinkMs,
      maxWaitMs,
      finishingMs,
    };
    const load = (options: LoadOptions) => {
      const running = new Load(world, sage, options);
      stops.push(() => running.end());
      return running;
    };
    const count = async (statement: string) =>
      Number((await cluster.query(database, statement)).rows[0].count);
    return {
      cluster,
      database,
      history,
      replicas,
      sage,
      settings: connectorSettings,
      world,
      balancer,
      smallDisk,
      databaseProxy,
      sageProxy,
      tlsFront,
      eventSink,
      draw,
      count,
      load,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
