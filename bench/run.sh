#!/usr/bin/env bash
# Measures Wharf beside a raw gRPC server, in turn and by the same client, and prints medians. See README.md.
# usage: bench/run.sh [-s SECONDS] [-r ROUNDS] [-o DIRECTORY] [LINE..|all]
# -o keeps the figures of every round, the output of the servers and the table in an empty directory.
# REFERENCE=COMMAND, called with a port and a key, adds a server with an object "echo" of the type "Echo".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=5 rounds=5 work=
while getopts s:r:o: option; do
  case $option in s) seconds=$OPTARG ;; r) rounds=$OPTARG ;; o) work=$OPTARG ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
all=(echo payload idle open push stopped tables formulas sessions start)
lines=("$@")
[[ $# -eq 0 || $1 == all ]] && lines=("${all[@]}")
for line in "${lines[@]}"; do [[ " ${all[*]} " == *" $line "* ]] || { echo "unknown line $line; the lines are: ${all[*]}" >&2; exit 2; }; done
if [[ -n $work ]]; then
  mkdir -p "$work"
  [[ -z $(ls -A "$work") ]] || { echo "$work is not empty" >&2; exit 2; }
  work=$(cd "$work" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
trap 'exit 130' INT TERM

export MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in src/Silo bench/Pusher bench/RawServer bench/BenchClient bench/Engine; do dotnet build "$project" -c Release -v q; done
source bench/servers.sh
source bench/report.sh
source bench/lines.sh

print "medians of $rounds rounds of $seconds s, $(nproc) processors"
heading
failed=()
for line in "${lines[@]}"; do
  # A line that fails stops its servers; the other lines are still measured.
  set +e
  (
    set -e
    trap 'stop_all' EXIT
    trap 'exit 130' INT TERM
    "line_$line"
  )
  status=$?
  set -e
  [[ $status -ne 130 ]] || exit 130
  [[ $status -eq 0 ]] || failed+=("$line")
done
[[ ${#failed[@]} -eq 0 ]] || { echo "failed: ${failed[*]}" >&2; exit 1; }
