#!/bin/sh
# Migrates Temporal's two databases to the schema of these tools. Safe to rerun.
#
#   SQL_HOST, SQL_PORT, SQL_USER        the database server
#   POSTGRES_PASSWORD_FILE              file with its password
set -eu
export SQL_PLUGIN=postgres12
export SQL_PORT="${SQL_PORT:-5432}"
SQL_PASSWORD=$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres-password}")
export SQL_PASSWORD

for store in temporal visibility; do
  case $store in
    temporal) SQL_DATABASE=temporal ;;
    visibility) SQL_DATABASE=temporal_visibility ;;
  esac
  export SQL_DATABASE
  temporal-sql-tool create-database
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "postgresql/v12/$store"
done
echo "both schemas are up to date"
