-- The three roles of the connector. An administrator runs this once in its database, before the first migration; running it again changes nothing:
--   psql --set=ON_ERROR_STOP=1 --dbname=connector --file=prisma/roles.sql
-- Then passwords, for example by \password connector_migrator and \password connector_runtime.
DO $$
BEGIN
    -- Owns the tables; nobody signs in as it.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'connector_owner') THEN CREATE ROLE connector_owner NOLOGIN; END IF;
    -- "npm run migrate".
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'connector_migrator') THEN CREATE ROLE connector_migrator LOGIN; END IF;
    -- "npm start": serves, delivers, and purges what is past its retention. What it may do is in prisma/grants.sql.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'connector_runtime') THEN CREATE ROLE connector_runtime LOGIN; END IF;

    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO connector_owner, connector_migrator, connector_runtime', current_database());
END
$$;

-- What the migrator makes belongs to the owner; also where somebody has made the roles before.
GRANT connector_owner TO connector_migrator;
ALTER ROLE connector_migrator SET role = 'connector_owner';

-- The server bounds each statement, also behind a pooler, where the connector cannot say so itself.
ALTER ROLE connector_runtime SET statement_timeout = '2500ms';
ALTER ROLE connector_runtime SET lock_timeout = '2s';
ALTER ROLE connector_runtime SET idle_in_transaction_session_timeout = '5s';

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO connector_owner;
GRANT USAGE ON SCHEMA public TO connector_runtime;
