-- Apart from the migration before, which takes longer: this one needs the tables for itself, for a moment. No version that was released uses them.
DROP INDEX "sessions_expires_at_running_idx";
DROP INDEX "outcomes_due_at_pending_idx";
