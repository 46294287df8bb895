import { randomUUID } from "node:crypto";
import type { Db } from "../../../lib/db/db.ts";
import type { Services } from "../../../lib/services.ts";
import type { Screen } from "../../../lib/journey/screen.ts";
import { checkInvariants } from "./invariants.fixture.ts";
import type { Account, ScriptedBank } from "./scripted-bank.fixture.ts";
import type { ScriptedSage } from "./scripted-sage.fixture.ts";
import { type Snapshot, snapshotOf } from "./snapshot.fixture.ts";

/** Two connectors on one database, a bank and a Sage that do what they are told. */
export interface World {
  db: Db;
  replicas: readonly Services[];
  bank: ScriptedBank;
  sage: ScriptedSage;
  /** Has others use up the tries of an account, or lets their count end. */
  lock(externalId: string, locked: boolean): Promise<void>;
}

/** Which set of parameters an entry carries: Sage's own, or one somebody made up. */
export type ParameterSet = "own" | "other";

/** A form that was once on a screen. They are all kept: people go back, and have several tabs. */
export interface SeenForm {
  handle: string;
  token: string;
  /** Of a first screen: with which parameters it was entered. */
  entered?: ParameterSet;
  /** Of a session's screen: its step. */
  step?: number;
}

/** One authorisation of one sequence: everything done to it, and everything seen of it. */
export class Case {
  readonly id = randomUUID();
  readonly externalId = randomUUID();
  readonly redirectUri = `https://xyz.sagebankdrive.com/${this.id}?back=1`;
  readonly state = `state-${this.id}`;
  readonly forms: SeenForm[] = [];
  readonly done: string[] = [];
  readonly world: World;
  /** The set the first GET fixed. */
  entered: ParameterSet | undefined;
  /** The form whose post claimed the authorisation. */
  claimedBy: string | undefined;
  sessionHandle: string | undefined;
  /** For each handle that an answer ended: the form it stood in. */
  readonly answeredBy = new Map<string, string>();
  /** Whether others have used up the account's tries. */
  locked = false;
  /** Whether the database was away in the middle of something. */
  abandoned = false;
  before: Snapshot | undefined;
  #nextReplica = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** The replicas take turns. */
  get replica(): Services {
    this.#nextReplica += 1;
    return this.world.replicas[this.#nextReplica % this.world.replicas.length] as Services;
  }

  get account(): Account {
    return this.world.bank.account(this.externalId);
  }

  query(set: ParameterSet): string {
    return new URLSearchParams({
      bankaccount: "10aaeee6-4691-4443-8198-df39aaa8007c",
      authorisation_id: this.id,
      redirect_uri: this.redirectUri,
      state: set === "own" ? this.state : "made-up",
      externalId: this.externalId,
    }).toString();
  }

  /** Keeps the form of a screen, if it has one. */
  keep(screen: Screen, entered?: ParameterSet): void {
    if (!("formToken" in screen)) return;
    const { handle, formToken: token } = screen;
    const step = handle.includes(".") ? {} : { step: Number(token.split(".")[0]) };
    if (!this.forms.some((form) => form.token === token))
      this.forms.push({ handle, token, ...(entered ? { entered } : {}), ...step });
  }

  /**
   * Looks at what is stored, after something was done, and holds it against what must always be so.
   */
  async observe(action: string): Promise<void> {
    this.done.push(action);
    const now = await snapshotOf(this.world.db, this.id);
    checkInvariants(this, this.before, now);
    this.before = now;
  }
}
