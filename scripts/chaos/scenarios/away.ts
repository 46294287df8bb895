import type { Scenario } from '../scenario.ts'

/** What is promised whenever PostgreSQL is away, whatever the reason. */
export const awayPromises: Required<Pick<Scenario, 'promised' | 'promises' | 'arena'>> = {
  promised: 'never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits; recovery within 2 s of its return (p99)',
  promises: { may503: true, mayCut: false, delivery: { share: 0.9, withinMs: 15_000 }, atMost: { 'recovery p99, ms': 2000 } },
  arena: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: '100' } },
}
