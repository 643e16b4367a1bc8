#!/bin/sh
# Starts the Temporal server of the image, with the password from its file: the server takes it from a
# variable only, and so it is in no one's settings but the process's own.
set -eu
POSTGRES_PWD=$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres-password}")
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh "$@"
