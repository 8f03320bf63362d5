#!/bin/sh
# Reads "+ <pid>" and "- <pid>" lines. When the launcher ends, however it ends, so does the pipe: what is left is killed.
tied=' '
while read -r sign pid; do
  case $sign in
    +) tied="$tied$pid " ;;
    -) tied=$(printf '%s' "$tied" | sed "s/ $pid / /") ;;
  esac
done
for pid in $tied; do kill -9 "$pid" 2>/dev/null; done
