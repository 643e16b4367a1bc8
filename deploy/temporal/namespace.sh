#!/bin/sh
# Makes Portage's namespace and the search attributes that promotions are found by. Doing it again
# changes nothing.
#
#   TEMPORAL_ADDRESS     the server
#   TEMPORAL_NAMESPACE   the namespace
#   PORTAGE_RETENTION    how long ended promotions are kept, as 90d
set -eu
# Named in each call: calls about a namespace do not look at the variable.
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

# A new namespace is known everywhere only after some seconds.
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

# Told by what the server has now, not by what was asked of it.
known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
for attribute in $attributes; do
  if ! printf '%s\n' "$known" | grep -w "$attribute" | grep -qw Keyword; then
    echo "search attribute $attribute is not there, or not of type Keyword" >&2
    exit 1
  fi
done
echo "namespace $TEMPORAL_NAMESPACE is ready"
