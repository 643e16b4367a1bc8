#!/bin/sh
# Creates Portage's namespace and the search attributes by which promotions are found. Safe to rerun.
#
#   TEMPORAL_ADDRESS     the server
#   TEMPORAL_NAMESPACE   the namespace
#   PORTAGE_RETENTION    how long ended promotions are kept, such as 90d
set -eu
# Passed in each call, because namespace commands ignore the variable.
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}"
attributes="PortageModel PortageCommit PortageState PortageStep PortageStartedBy"

tries=30
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    temporal operator cluster health
    exit 1
  fi
  sleep 2
done

if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${PORTAGE_RETENTION:-90d}"
fi

# A new namespace takes a few seconds to be known everywhere.
tries=30
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2>&1); do
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    printf '%s\n' "$known" >&2
    exit 1
  fi
  sleep 2
done

for attribute in $attributes; do
  if ! printf '%s\n' "$known" | grep -qw "$attribute"; then
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$attribute" --type Keyword
  fi
done

# Checks what the server has now, not what was requested.
known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
for attribute in $attributes; do
  if ! printf '%s\n' "$known" | grep -w "$attribute" | grep -qw Keyword; then
    echo "search attribute $attribute is missing or not of type Keyword" >&2
    exit 1
  fi
done
echo "namespace $TEMPORAL_NAMESPACE is ready"
