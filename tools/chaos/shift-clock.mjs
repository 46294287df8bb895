// Preloaded into a replica (NODE_OPTIONS=--import …): its wall clock is wrong by
// CHAOS_CLOCK_SHIFT_MS. What measures durations stays as it is, as on a machine whose clock is
// wrong.
const shiftMs = Number(process.env["CHAOS_CLOCK_SHIFT_MS"] ?? 0);
const RealDate = Date;
globalThis.Date = /** @type {DateConstructor} */ (
  new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now() + shiftMs] : args, newTarget),
    apply: (target) => new target(target.now() + shiftMs).toString(),
    get: (target, name, receiver) =>
      name === "now" ? () => target.now() + shiftMs : Reflect.get(target, name, receiver),
  })
);
