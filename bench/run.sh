#!/usr/bin/env bash
# Wharf beside a raw gRPC server, in turn and by the same client; medians. usage: bench/run.sh [-s SECONDS] [-r ROUNDS] [LINE..|all]
# Lines: echo payload idle open push stopped tables formulas sessions start (see README.md). REFERENCE=COMMAND, called with a port and a key and expected to print READY, adds another server to echo, tables and formulas.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=5 rounds=5
while getopts s:r: option; do
  case $option in s) seconds=$OPTARG ;; r) rounds=$OPTARG ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
all=(echo payload idle open push stopped tables formulas sessions start)
lines=("$@")
[[ $# -eq 0 || $1 == all ]] && lines=("${all[@]}")
for line in "${lines[@]}"; do [[ " ${all[*]} " == *" $line "* ]] || { echo "no line $line; there are: ${all[*]}" >&2; exit 2; }; done

export MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in src/Silo bench/Pusher bench/RawServer bench/BenchClient bench/Engine; do dotnet build "$project" -c Release -v q; done
work="$(mktemp -d)"
source bench/servers.sh
source bench/report.sh
source bench/lines.sh
trap 'stop_all; rm -rf "$work"' EXIT

echo "medians of $rounds rounds of $seconds s, $(nproc) processors"
heading
for line in "${lines[@]}"; do
  "line_$line"
  stop_all
done
