import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";

interface Target {
  host: string;
  port: number;
}

export interface CuttableProxy {
  port: number;
  /** Ends every connection and takes no new one. */
  cut(): void;
  /**
   * Keeps connections, takes new ones, and lets nothing through: half-open, as to a machine that
   * hangs.
   */
  freeze(): void;
  /** Lets everything through so many milliseconds later. */
  slowDown(ms: number): void;
  /** Lets everything through one small piece at a time, with so many milliseconds between. */
  trickle(pieceMs: number): void;
  /** Resets (RST) every connection there is; new ones are taken. */
  reset(): void;
  /** Goes to another target from the next connection on. */
  retarget(to: Target): void;
  mend(): void;
  close(): Promise<void>;
}

type Mood = { cut?: true; frozen?: Promise<void>; delayMs?: number; pieceMs?: number };

const pieceBytes = 64;

/**
 * A TCP proxy on loopback that can be cut, frozen or slowed down: to what is behind it, a server
 * that is away or hangs.
 */
export async function startCuttableProxy(first: Target): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let target = first;
  let mood: Mood = {};
  let thaw = () => {};
  const become = (next: Mood) => {
    mood = next;
    thaw();
  };

  const pass = async (through: Transform, chunk: Buffer, done: TransformCallback) => {
    while (mood.frozen) await mood.frozen;
    if (mood.delayMs) await setTimeout(mood.delayMs);
    if (mood.pieceMs !== undefined) {
      for (let at = 0; at < chunk.length && mood.pieceMs !== undefined; at += pieceBytes) {
        through.push(chunk.subarray(at, at + pieceBytes));
        if (at + pieceBytes >= chunk.length) return void done();
        await setTimeout(mood.pieceMs);
        if (mood.pieceMs === undefined) return void done(null, chunk.subarray(at + pieceBytes));
      }
    }
    done(null, chunk);
  };
  const passing = () =>
    new Transform({
      transform(chunk: Buffer, _, done) {
        void pass(this, chunk, done);
      },
    });

  const server = createServer({ noDelay: true }, (client) => {
    if (mood.cut) return client.destroy();
    const upstream = connect({ ...target, noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.once("close", () => sockets.delete(one));
      // One side that ends badly ends the other.
      pipeline(one, passing(), other).catch(() => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const cut = () => {
    become({ cut: true });
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    freeze: () => {
      become({});
      mood = { frozen: new Promise((resolve) => (thaw = resolve)) };
    },
    slowDown: (ms) => become({ delayMs: ms }),
    trickle: (pieceMs) => become({ pieceMs }),
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    retarget: (to) => {
      target = to;
    },
    mend: () => become({}),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
