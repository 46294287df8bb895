import { setTimeout as pause } from "node:timers/promises";
import type { BankingServiceClient } from "../../simulator/client.ts";
import { makeJourney, type World } from "./virtual-user.ts";
import { drawPlan, type Plan } from "./plan.ts";

export interface LoadOptions {
  /** How many are on their way at a time. */
  virtualUsers: number;
  users?: readonly string[];
  /** What every plan has in common. */
  fixed?: Partial<Plan>;
}

/** Virtual users, each beginning anew when they are done, until they are told to stop. */
export class Load {
  readonly #all: Promise<void>;
  #going = true;
  journeys = 0;

  constructor(
    world: World,
    sage: BankingServiceClient,
    { virtualUsers, users, fixed }: LoadOptions,
  ) {
    const runUser = async () => {
      await pause(world.draw() * world.thinkMs);
      while (this.#going) {
        this.journeys += 1;
        const authorisation = await sage.createAuthorisation({ notify: false });
        await makeJourney(world, authorisation, drawPlan(world.draw, users, fixed));
      }
    };
    this.#all = Promise.all(Array.from({ length: virtualUsers }, runUser)).then(() => undefined);
    this.#all.catch(() => undefined);
  }

  /** Nobody begins anew. */
  end(): void {
    this.#going = false;
  }

  /** Nobody begins anew; resolves when the last one is through. */
  async stop(): Promise<void> {
    this.end();
    await this.#all;
  }
}
