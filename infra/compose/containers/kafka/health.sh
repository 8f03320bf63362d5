#!/usr/bin/env bash
# Healthy is a broker that answers a Metadata request (version 1, no topics) and names at least one registered broker, itself.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/19092
printf '\x00\x00\x00\x14\x00\x03\x00\x01\x00\x00\x00\x07\x00\x06health\x00\x00\x00\x00' >&3
# length (4), correlation id (4), number of brokers (4)
read -ra answer < <(head -c 12 <&3 | od -An -tu1)
[ "${#answer[@]}" -eq 12 ] && [ "${answer[7]}" -eq 7 ] && [ "${answer[11]}" -ge 1 ]
