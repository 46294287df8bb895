const callers = 32;

/**
 * Memory of the connector after so many journeys, and after a tenth of them: what grows with
 * journeys is a leak.
 * @param {import('./stage.mjs').Connector} connector
 * @param {Awaited<ReturnType<typeof import('./virtual-users.mjs').createVirtualUsers>>} virtualUsers
 * @param {number} journeys since the start of the process
 */
export async function measureMemory(connector, virtualUsers, journeys) {
  const started = performance.now();
  const before = virtualUsers.begun();
  const memoryAfter = async (/** @type {number} */ count) => {
    await virtualUsers.lap({ callers, atMost: count - virtualUsers.begun() });
    const { rss, heapUsed } = await connector.memory();
    return { journeys: virtualUsers.begun(), rss, heapUsed };
  };
  const early = await memoryAfter(Math.round(journeys / 10));
  const late = await memoryAfter(journeys);
  const perSecond = (late.journeys - before) / ((performance.now() - started) / 1000);
  return {
    early,
    late,
    perSecond,
    rssRatio: late.rss / early.rss,
    heapRatio: late.heapUsed / early.heapUsed,
  };
}

/** @typedef {Awaited<ReturnType<typeof measureMemory>>} Memory */
