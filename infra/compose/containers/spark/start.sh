#!/usr/bin/env bash
# Starts the Spark Connect server inside its container, as infra/local/engines/spark.mjs does without one. The token goes from
# its file into the environment of this one process: neither the arguments nor `docker inspect` show it.
set -euo pipefail
handed=/run/millrace
data=/var/lib/millrace/spark
# A server that was killed leaves its scratch files; nobody else uses the folder.
rm -rf "$data/tmp"
mkdir -p "$data/tmp" "$data/checkpoints"

SPARK_CONNECT_AUTHENTICATE_TOKEN=$(cat "$handed/spark-connect-token")
export SPARK_CONNECT_AUTHENTICATE_TOKEN SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS="$data/tmp"
mapfile -t options < <(grep -vE '^(#|$)' "$handed/jvm.options")
cd "$data"
exec java "${options[@]}" "-Djava.io.tmpdir=$data/tmp" "-Dlog4j2.configurationFile=file://$handed/log4j2.properties" \
  -cp '/opt/spark/jars/*' org.apache.spark.deploy.SparkSubmit --properties-file "$handed/spark.conf" \
  --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
