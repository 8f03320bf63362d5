#!/usr/bin/env bash
# Starts Kafka inside its container, as infra/local/engines/kafka.mjs does without one: the same jars, options and settings.
# The image brings Java, /opt/kafka/libs and bash; everything else is handed out by `prepare`.
set -euo pipefail
handed=/run/millrace
data=/var/lib/kafka/data

if [ ! -f "$data/log/meta.properties" ]; then
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')
  # A dash in front the tool takes for an option.
  id=${id/#-/A}
  java -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '/opt/kafka/libs/*' kafka.tools.StorageTool \
    format --standalone --ignore-formatted -t "$id" -c "$handed/server.properties"
fi

mapfile -t options < <(grep -vE '^(#|$)' "$handed/jvm.options")
exec java "${options[@]}" "-Dlog4j2.configurationFile=file://$handed/log4j2.properties" -cp '/opt/kafka/libs/*' kafka.Kafka "$handed/server.properties"
