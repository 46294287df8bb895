-- What the run-time role may do, and no more. "npm run migrate" runs this after the migrations wherever the role of prisma/roles.sql exists; tests hold it against the tables and the connector.
REVOKE ALL ON notifications, authorisations, sessions, former_handles, outcomes, outbox, attempts, provider_api_pace, answer_counts, known_pairs, audit_events, connect_codes, delivery_report FROM connector_runtime;
REVOKE ALL ON SEQUENCE audit_events_id_seq FROM connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON authorisations TO connector_runtime;
GRANT SELECT, INSERT, UPDATE ON sessions TO connector_runtime;
GRANT SELECT, INSERT ON former_handles TO connector_runtime;
GRANT SELECT, INSERT, UPDATE ON outcomes TO connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO connector_runtime;
GRANT SELECT, INSERT, UPDATE ON attempts TO connector_runtime;
GRANT SELECT, UPDATE ON provider_api_pace TO connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON answer_counts TO connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON known_pairs TO connector_runtime;
-- A row of the trail is locked before it is purged, which PostgreSQL counts as an update; its content cannot be changed.
GRANT SELECT, INSERT, UPDATE (id), DELETE ON audit_events TO connector_runtime;
GRANT USAGE ON SEQUENCE audit_events_id_seq TO connector_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON connect_codes TO connector_runtime;
