#!/usr/bin/env bash
# Starts Cassandra inside its container, as infra/local/engines/cassandra.mjs does without one: the same jars, options and
# settings. The image brings Java 17, /opt/cassandra/lib and bash; everything else is handed out by `prepare`.
set -euo pipefail
handed=/run/millrace
data=/var/lib/cassandra
mkdir -p "$data/tmp"

mapfile -t options < <(grep -vE '^(#|$)' "$handed/jvm.options")
agent=$(echo /opt/cassandra/lib/jamm-*.jar)
exec java "${options[@]}" "-javaagent:$agent" \
  "-Dcassandra.config=file://$handed/cassandra.yaml" "-Dcassandra.storagedir=$data" "-Dlogback.configurationFile=file://$handed/logback.xml" \
  "-Djava.io.tmpdir=$data/tmp" "-Djna.tmpdir=$data/tmp" \
  -cp '/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
