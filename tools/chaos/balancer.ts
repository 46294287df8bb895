import { type Call, type Client, createClient } from "../bench/http-client.mjs";
import type { Replica } from "./replica.ts";

/** What became of one request. */
export interface Sent {
  replica: number;
  status: number | null;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  ms: number;
  failure?: string;
}

interface Target {
  replica: number;
  client: Client;
  health: Client;
  ready: boolean;
  asking: boolean;
}

const askEveryMs = 250;

/**
 * What stands in front of replicas anywhere: it asks who is ready four times a second and lets them
 * take turns.
 */
export class Balancer {
  readonly #targets: Target[];
  readonly #timer: NodeJS.Timeout;
  #nextTarget = 0;

  /** @param origin the connector's PUBLIC_URL, sent as `Host`. */
  constructor(replicas: readonly Replica[], origin: string) {
    this.#targets = replicas.map(({ number, port }) => {
      const address = `http://127.0.0.1:${port}`;
      return {
        replica: number,
        client: createClient(address, 512, new URL(origin).host),
        health: createClient(address, 1),
        ready: true,
        asking: false,
      };
    });
    this.#timer = setInterval(() => void this.#look(), askEveryMs);
  }

  async #look(): Promise<void> {
    await Promise.all(
      this.#targets.map(async (target) => {
        if (target.asking) return;
        target.asking = true;
        // One that does not answer within a second is not ready, whatever it says later.
        const late = setTimeout(() => (target.ready = false), 1000);
        target.ready = await target.health.send({ path: "/health/ready" }).then(
          () => true,
          () => false,
        );
        clearTimeout(late);
        target.asking = false;
      }),
    );
  }

  /** Sends a request to the next one that is ready; once. */
  async send(call: Call): Promise<Sent> {
    const ready = this.#targets.filter((target) => target.ready);
    const among = ready.length > 0 ? ready : this.#targets;
    this.#nextTarget += 1;
    const target = among[this.#nextTarget % among.length];
    if (!target) throw new Error("there is no replica");
    return this.#sendTo(target, call);
  }

  /** Sends a request to one replica, ready or not; once. */
  async sendTo(replica: number, call: Call): Promise<Sent> {
    const target = this.#targets.find((each) => each.replica === replica);
    if (!target) throw new Error(`there is no replica ${replica}`);
    return this.#sendTo(target, call);
  }

  async #sendTo(target: Target, call: Call): Promise<Sent> {
    const from = performance.now();
    try {
      const { status, headers, body } = await target.client.send({ ...call, expect: "any" });
      return { replica: target.replica, status, headers, body, ms: performance.now() - from };
    } catch (error) {
      // A connection that never came to be is what a balancer hides; the request was not sent.
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") target.ready = false;
      return {
        replica: target.replica,
        status: null,
        headers: {},
        body: "",
        ms: performance.now() - from,
        failure: error instanceof Error ? error.message : String(error),
      };
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { client, health } of this.#targets) {
      client.close();
      health.close();
    }
  }
}
