#!/bin/sh
# Gives the roles of prisma/roles.sql the passwords that lie in files, when compose makes the database.
set -eu
psql --set=ON_ERROR_STOP=1 --no-psqlrc --quiet --username="${POSTGRES_USER:-postgres}" --dbname="${POSTGRES_DB:-postgres}" \
    --set=migrator="$(cat "${SECRETS:-/run/secrets}/migrator_password")" --set=runtime="$(cat "${SECRETS:-/run/secrets}/runtime_password")" <<'SQL'
ALTER ROLE connector_migrator PASSWORD :'migrator';
ALTER ROLE connector_runtime PASSWORD :'runtime';
SQL
