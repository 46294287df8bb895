import { drawsFrom } from "./draws.ts";
import type { Fault, FaultTarget, Weather, WeatherMet, WeatherReport } from "./control-api.ts";

/** Faults by chance, for long runs that no script covers. */
export type FaultWeather = {
  set(report: WeatherReport): void;
  clear(): void;
  /** Draws whether the next call of this kind meets a fault, and which. */
  next(target: FaultTarget): Fault | undefined;
  readonly met: WeatherMet;
};

/** Makes fair weather. */
export function createWeather(): FaultWeather {
  const now = new Map<FaultTarget, Weather>();
  const met: WeatherMet = { patch: 0, token: 0, jwks: 0 };
  let random = drawsFrom(1);
  return {
    met,
    set({ seed, ...report }) {
      if (seed !== undefined) random = drawsFrom(seed);
      for (const [target, weather] of Object.entries(report) as [FaultTarget, Weather][])
        now.set(target, weather);
    },
    clear: () => now.clear(),
    next(target) {
      const { share = 0, faults = [] } = now.get(target) ?? {};
      const drawn = random();
      if (drawn >= share) return undefined;
      met[target]++;
      return faults[Math.floor((drawn / share) * faults.length)];
    },
  };
}
