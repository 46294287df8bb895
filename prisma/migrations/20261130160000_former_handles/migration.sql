-- Every answer gives its session a new handle; the digests of the ones before it say that there was one.
CREATE TABLE "former_handles" (
    "handle_digest" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,

    CONSTRAINT "former_handles_pkey" PRIMARY KEY ("handle_digest")
);

CREATE INDEX "former_handles_session_id_idx" ON "former_handles"("session_id");

ALTER TABLE "former_handles" ADD CONSTRAINT "former_handles_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
