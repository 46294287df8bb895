-- A finished session may keep what its last screen tells, sealed with the person's handle.
ALTER TABLE "sessions"
    DROP CONSTRAINT "sessions_sealed_step_check",
    ADD CONSTRAINT "sessions_sealed_step_check" CHECK ("state" = 'finished' OR "sealed_step" IS NOT NULL);
