# The lines: the servers of each, the measurements in turn, and the printed rows.

# RESULTS COMMAND..: appends the client's line of figures to the results.
measure() { "${client[@]}" "${@:2}" >>"$work/$1"; }

line_echo() {
  local server servers=(raw one near gateway)
  serve_raw; serve_one; serve_pair; serve_gateway; serve_reference
  [[ -z ${REFERENCE:-} ]] || servers+=(reference)
  for ((round = 0; round < rounds; round++)); do
    for server in "${servers[@]}"; do measure "echo.$server" echo "${address[$server]}" "${login[$server]}" echo Echo "$seconds"; done
  done
  echo_rows "same node" one '<=1.25' '>=0.85'
  echo_rows "other node" near '<=2.8' '>=0.45'
  echo_rows "gateway to a silo" gateway '<=2.8' '>=0.45'
  [[ -z ${REFERENCE:-} ]] || {
    echo_rows "the reference" reference
    row "  Wharf's messages/s beside the reference's" "$(median echo.reference 3)" "$(median echo.one 3)" '>=15'
  }
}

echo_rows() {
  row "100 bytes, $1: one in flight, p50 (us)" "$(median echo.raw 1)" "$(median "echo.$2" 1)" "${3:-}"
  row "100 bytes, $1: one in flight, p99 (us)" "$(median echo.raw 2)" "$(median "echo.$2" 2)"
  row "100 bytes, $1: 8 streams x 64 (messages/s)" "$(median echo.raw 3)" "$(median "echo.$2" 3)" "${4:-}"
}

line_payload() {
  local server size
  serve_raw; serve_one
  for ((round = 0; round < rounds; round++)); do
    for size in 65536 1048576; do
      for server in raw one; do measure "payload.$size.$server" payload "${address[$server]}" "${login[$server]}" echo Echo $size "$seconds"; done
    done
  done
  row "64 KiB, 2 streams x 4 (MB/s each way)" "$(median payload.65536.raw 1)" "$(median payload.65536.one 1)" '>=0.70'
  row "1 MiB, 2 streams x 4 (MB/s each way)" "$(median payload.1048576.raw 1)" "$(median payload.1048576.one 1)" '>=0.70'
}

# Each round starts new servers, because ten thousand streams leave memory allocated.
line_idle() {
  local server
  for ((round = 0; round < rounds; round++)); do
    for server in raw one; do
      "serve_$server"
      measure "idle.$server" idle "${address[$server]}" "${login[$server]}" echo Echo "${id[$server]}" 10000 100
      stop_all
    done
  done
  row "10 000 idle streams on 100 connections (KiB each; aim 16)" "$(median idle.raw 1)" "$(median idle.one 1)"
}

line_open() {
  local server
  serve_raw; serve_one
  for ((round = 0; round < rounds; round++)); do
    for server in raw one; do measure "open.$server" open "${address[$server]}" "${login[$server]}" echo Echo "$seconds"; done
  done
  row "opening a stream, one by one, p50 (us)" "$(median open.raw 1)" "$(median open.one 1)" '<=2'
  row "opening a stream, one by one, p99 (us)" "$(median open.raw 2)" "$(median open.one 2)"
  row "opening and closing, 64 at once (streams/s)" "$(median open.raw 3)" "$(median open.one 3)" '>=0.5'
}

line_push() {
  local server
  serve_raw; serve_one
  for ((round = 0; round < rounds; round++)); do
    for server in raw one; do measure "push.$server" push "${address[$server]}" "${login[$server]}" pusher Pusher 1000 10 "$seconds"; done
  done
  row "one object to 1 000 streams, 4 rounds in flight (messages/s)" "$(median push.raw 1)" "$(median push.one 1)"
  row "one object to 1 000 streams, 1 round in flight, p50 (ms)" "$(median push.raw 2)" "$(median push.one 2)"
  row "one object to 1 000 streams, 1 round in flight, p99 (ms)" "$(median push.raw 3)" "$(median push.one 3)"
}

# Left column: all streams are read. Right column: one additional stream is not read.
line_stopped() {
  local kind place bound
  declare -A name=([push]=pusher [echo]=echo) type=([push]=Pusher [echo]=Echo)
  columns "all read" "one does not"
  serve_one; serve_pair
  for ((round = 0; round < rounds; round++)); do
    for kind in push echo; do
      measure_stopped $kind one bounded "${id[one]}"
      measure_stopped $kind near bounded "${id[near]}" "${id[far]}"
    done
  done
  for kind in push echo; do
    stopped_rows "$kind, same node" $kind.one
    stopped_rows "$kind, other node" $kind.near
  done
  stop_all
  local unbounded=()
  for bound in Streams__MaxMessages Streams__MaxBytes Gateway__StreamQueueMessages Gateway__StreamQueueBytes Gateway__StreamWindowBytes; do unbounded+=("Wharf__$bound=1073741824"); done
  for kind in push echo; do
    serve_node unbounded 10809 "${unbounded[@]}"
    measure_stopped $kind unbounded unbounded "${id[unbounded]}"
    stop_all
    row "stopped reader, $kind, without bounds: memory kept (MB; over 64)" "$(median stopped.$kind.unbounded 2)" "$(median stopped.$kind.unbounded 5)"
  done
}

# KIND PLACE BOUNDED PROCESS..
measure_stopped() {
  measure "stopped.$1.$2" stopped "$1" "${address[$2]}" "${login[$2]}" "${name[$1]}" "${type[$1]}" 1000 10 "$3" "$seconds" "${@:4}"
}

stopped_rows() {
  row "stopped reader, $1: the others' p99 (ms)" "$(median "stopped.$2" 1)" "$(median "stopped.$2" 4)" '<=1.2'
  row "stopped reader, $1: memory kept (MB; under 64)" "$(median "stopped.$2" 2)" "$(median "stopped.$2" 5)"
  row "stopped reader, $1: peak memory (MB)" "$(median "stopped.$2" 3)" "$(median "stopped.$2" 6)"
  row "stopped reader, $1: RESOURCE_EXHAUSTED (times)" "" "$(median "stopped.$2" 7)"
}

line_tables() {
  local server servers=(raw one)
  serve_raw; serve_one; serve_reference
  [[ -z ${REFERENCE:-} ]] || servers+=(reference)
  for ((round = 0; round < rounds; round++)); do
    for server in "${servers[@]}"; do measure "tables.$server" tables "${address[$server]}" "${login[$server]}" 10000000; done
  done
  row "DoGet of 10 M rows x 4 columns (MB/s)" "$(median tables.raw 1)" "$(median tables.one 1)" '>=0.70'
  row "DoPut of 10 M rows x 4 columns (MB/s)" "$(median tables.raw 2)" "$(median tables.one 2)" '>=0.70'
  [[ -z ${REFERENCE:-} ]] || {
    row "the reference: DoGet (MB/s)" "$(median tables.raw 1)" "$(median tables.reference 1)"
    row "the reference: DoPut (MB/s)" "$(median tables.raw 2)" "$(median tables.reference 2)"
  }
}

# Left column: DuckDB, or raw gRPC without a computation for ten rows. Right column: Wharf. With REFERENCE, additional rows.
line_formulas() {
  local name server column=1 servers=(raw one)
  columns "DuckDB" "Wharf"
  serve_one; serve_reference; serve_raw
  [[ -z ${REFERENCE:-} ]] || servers+=(reference)
  for ((round = 0; round < rounds; round++)); do
    measure formulas.duckdb duckdb
    measure formulas.one formulas "${address[one]}" "${login[one]}"
    [[ -z ${REFERENCE:-} ]] || measure formulas.reference formulas "${address[reference]}" "${login[reference]}"
    "${engine[@]}" >>"$work/formulas.engine"
    for server in "${servers[@]}"; do measure "small.$server" small-formulas "${address[$server]}" "${login[$server]}" "$seconds"; done
  done
  while read -r name; do
    row "10 M rows: $name (ms)" "$(median formulas.duckdb $column)" "$(median formulas.one $column)" '<=0.33'
    [[ -z ${REFERENCE:-} ]] || row "  beside the reference" "$(median formulas.reference $column)" "$(median formulas.one $column)" '<=0.33'
    row "  the engine alone" "" "$(median formulas.engine $column)"
    column=$((column + 1))
  done < <("${client[@]}" formula-names)
  columns "raw gRPC" "Wharf"
  row "10 rows, an uncached formula, p50 (us)" "$(median small.raw 1)" "$(median small.one 1)" '<=1.5'
  [[ -z ${REFERENCE:-} ]] || row "  the reference" "$(median small.raw 1)" "$(median small.reference 1)"
  row "  the engine alone (us; aim 50)" "" "$(median formulas.engine $column)"
  row "a cancelled computation ends, p50 (ms)" "" "$(median formulas.engine $((column + 1)))"
  row "  the longest (ms; aim 10)" "" "$(median formulas.engine $((column + 2)))"
}

line_sessions() {
  serve_one; serve_pair
  for ((round = 0; round < rounds; round++)); do
    measure sessions.login login "${address[one]}" "$psk" "$seconds"
    measure sessions.same publish "${address[one]}" "${address[one]}" "$psk" echo "$seconds"
    measure sessions.other publish "${address[far]}" "${address[near]}" "$psk" echo "$seconds"
  done
  row "log in and close, p50 (us)" "" "$(median sessions.login 1)"
  row "log in and close (per second)" "" "$(median sessions.login 2)"
  row "publish, then fetch, same node, p50 (us)" "" "$(median sessions.same 1)"
  row "publish, then fetch, same node (per second)" "" "$(median sessions.same 2)"
  row "publish, then fetch, other node, p50 (us)" "" "$(median sessions.other 1)"
  row "publish, then fetch, other node (per second)" "" "$(median sessions.other 2)"
}

line_start() {
  for ((round = 0; round < rounds; round++)); do
    Wharf__Port=10808 Wharf__Auth__Psk=$key measure start start "${wharf[@]}"
  done
  row "process start to health SERVING (ms; aim 2 000)" "" "$(median start 1)"
  row "resident memory at rest (MiB; aim 200)" "" "$(median start 2)"
}
