#!/usr/bin/env bash
# Prints a folder with promtool and prometheus. Debian's package would start a server on every address, so it is only unpacked.
set -euo pipefail
folder="$(cd "$(dirname "$0")/../.." && pwd)/node_modules/.cache/prometheus"
if [ ! -x "$folder/usr/bin/promtool" ]; then
  mkdir -p "$folder"
  cd "$folder"
  apt-get download prometheus >&2 || { apt-get update && apt-get download prometheus; } >&2
  dpkg -x prometheus_*.deb .
  rm prometheus_*.deb
fi
echo "$folder/usr/bin"
