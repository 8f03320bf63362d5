#!/usr/bin/env bash
# Starts Cassandra inside its container, as infra/local/engines/cassandra.mjs does without one: the same jars, options and
# settings. The image brings Java 17, /opt/cassandra/lib and bash; everything else is handed out by `prepare`.
set -euo pipefail
handed=/run/millrace
data=/var/lib/cassandra
mkdir -p "$data/tmp"

# Segments that a full disk has left without a byte: infra/local/engines/empty-segments.mjs says why they may go.
shopt -s nullglob
for segment in "$data"/commitlog/CommitLog-*.log; do
  size=$(stat --format=%s "$segment")
  [ "$size" -eq 0 ] || ! cmp --quiet --bytes="$size" "$segment" /dev/zero || { echo "Removing $segment, which is empty." && rm "$segment"; }
done
shopt -u nullglob

mapfile -t options < <(grep -vE '^(#|$)' "$handed/jvm.options")
agent=$(echo /opt/cassandra/lib/jamm-*.jar)
exec java "${options[@]}" "-javaagent:$agent" \
  "-Dcassandra.config=file://$handed/cassandra.yaml" "-Dcassandra.storagedir=$data" "-Dlogback.configurationFile=file://$handed/logback.xml" \
  "-Djava.io.tmpdir=$data/tmp" "-Djna.tmpdir=$data/tmp" \
  -cp '/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
