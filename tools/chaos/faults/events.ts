import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../../simulator/draws.ts";
import type { EventSink } from "../event-sink.ts";
import type { Fault, Setup } from "../scenario.ts";
import type { TestBed } from "../test-bed.ts";
import { crash } from "./database.ts";
import { killAny } from "./process.ts";

const spoiltShare = 0.3;

const sinkOf = ({ eventSink }: TestBed): EventSink => {
  if (!eventSink) throw new Error("this test bed has no receiver of events");
  return eventSink;
};

/** Spoils events for as long as people are on their way. */
export const spoilEvents: Setup = async (testBed) => {
  const sink = sinkOf(testBed);
  sink.spoil(spoiltShare);
  return async () => {
    testBed.history.fault("events that met a fault", sink.faultsMet());
    sink.spoil(0);
  };
};

/** Kills a replica, freezes the receiver or restarts PostgreSQL, in turns. */
export const disturbEvents: Fault = async (testBed, round) => {
  const { draw, history } = testBed;
  if (round % 4 === 3) return void (await crash(testBed, round));
  if (round % 4 !== 1) return killAny(testBed, round);
  const sink = sinkOf(testBed);
  sink.freeze();
  history.fault("receiver of events frozen");
  await pause(pick(draw, [2000, 12_000]));
  sink.thaw();
  return undefined;
};
