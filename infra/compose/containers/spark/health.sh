#!/usr/bin/env bash
# Healthy is a server that answers the preface of HTTP/2, which gRPC speaks, with its SETTINGS frame. That needs no token.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/15002
printf 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00' >&3
# length (3), type, flags, stream (4)
read -ra answer < <(head -c 9 <&3 | od -An -tu1)
[ "${#answer[@]}" -eq 9 ] && [ "${answer[3]}" -eq 4 ]
