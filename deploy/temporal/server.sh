#!/bin/sh
# Starts the image's Temporal server with the password from its file. The server reads the password only
# from a variable, which is set for this process alone.
set -eu
POSTGRES_PWD=$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres-password}")
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh "$@"
