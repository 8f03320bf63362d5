#!/bin/sh
# Reads "+ <pid>" and "- <pid>" lines. When the launcher ends, however it ends, so does the pipe: what is left is killed, each
# process with its whole session, which it leads. In /proc/<pid>/stat, state, parent, group and session follow the last bracket.
tied=' '
while read -r sign pid; do
  case $sign in
    +) tied="$tied$pid " ;;
    -) tied=$(printf '%s' "$tied" | sed "s/ $pid / /") ;;
  esac
done
for pid in $tied; do kill -9 "$pid" 2>/dev/null; done
# Twice, for a process that was started while the first pass went on.
for pass in first second; do
  for stat in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null <"$stat" || continue
    set -- ${line##*) }
    case $tied in *" $4 "*) stat=${stat%/stat}; kill -9 "${stat#/proc/}" 2>/dev/null ;; esac
  done
done
