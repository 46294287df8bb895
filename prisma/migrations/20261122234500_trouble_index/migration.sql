-- What an operator looks for in delivery_report (docs/operations.md), however many were delivered. Partial, so unknown to Prisma's schema.
CREATE INDEX "outcomes_settled_at_trouble_idx" ON "outcomes"("settled_at") WHERE "state" IN ('probably_applied', 'undeliverable');
