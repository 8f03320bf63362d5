#!/usr/bin/env bash
# Healthy is a node whose native transport, which starts last, answers OPTIONS (protocol version 4) with SUPPORTED. That needs no password.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/19042
printf '\x04\x00\x00\x01\x05\x00\x00\x00\x00' >&3
# version, flags, stream (2), opcode, length (4)
read -ra answer < <(head -c 9 <&3 | od -An -tu1)
[ "${#answer[@]}" -eq 9 ] && [ "${answer[4]}" -eq 6 ]
