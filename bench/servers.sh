# Starts and stops the servers, each in its own process. Each line starts only the servers that it needs.
key=a-key-for-the-benchmark
psk="io.deephaven.authentication.psk.PskAuthenticationHandler $key"
client=(dotnet bench/BenchClient/bin/Release/net10.0/Wharf.BenchClient.dll)
engine=(dotnet bench/Engine/bin/Release/net10.0/Wharf.EngineBench.dll)
raw=(dotnet bench/RawServer/bin/Release/net10.0/Wharf.RawServer.dll)
wharf=(dotnet src/Silo/bin/Release/net10.0/Wharf.Silo.dll)
declare -A id=() address=() login=()

# The plugins of the server, and the one of the benchmarks.
mkdir "$work/plugins" "$work/no-plugins"
cp -r src/Silo/bin/Release/net10.0/plugins/. "$work/plugins"
cp -r bench/Pusher/bin/Release/net10.0 "$work/plugins/Pusher"

# The time within which a server must answer, and stop, in seconds.
patience=60

# NAME PORT LOGIN COMMAND..: starts a server and waits until a stream of its object "echo" can be opened.
serve() { launch "$@"; await_clients "$1"; }

# NAME PORT LOGIN COMMAND..: starts a server.
launch() {
  local name=$1 port=$2
  address[$name]=http://localhost:$port login[$name]=$3
  "${@:4}" >"$work/$name.out" 2>&1 &
  id[$name]=$!
}

# NAME CHECK..: waits for a server, and reports one that does not answer.
await() {
  "${@:2}" && kill -0 "${id[$1]}" 2>/dev/null && return
  echo "the server '$1' is not ready; the end of its output:" >&2
  tail -n 20 "$work/$1.out" >&2
  exit 1
}

answers_ping() {
  local end=$((SECONDS + patience)) reply
  while ((SECONDS < end)); do
    if { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
      printf 'PING\r\n' >&3
      read -r -t 1 reply <&3 && [[ $reply == +PONG* ]] && { exec 3>&-; return 0; }
      exec 3>&-
    fi
    sleep 0.2
  done
  return 1
}

# NAME PORT [SETTING..]: starts a node of Wharf.
serve_node() { launch_node "$@"; await_clients "$1"; }

launch_node() {
  launch "$1" "$2" "$psk" env Wharf__Port="$2" Wharf__Auth__Psk=$key Wharf__Plugins__Folder="$work/plugins" Wharf__Fields__pusher__Type=Pusher "${@:3}" "${wharf[@]}"
}

await_clients() { await "$1" "${client[@]}" ready "${address[$1]}" "${login[$1]}" echo Echo $patience; }

# NAME PORT CLUSTER [SETTING..]: starts a node of a cluster.
launch_member() {
  launch_node "$1" "$2" Wharf__Cluster__Redis=127.0.0.1:10810 Wharf__Cluster__Id="$3" Wharf__Cluster__SiloPort=$(($2 + 1000)) Wharf__Node__ClientPort=$(($2 + 2000)) \
    Wharf__Auth__TokenKey__0="$(head -c 32 /dev/zero | base64)" "${@:4}"
}

serve_raw() { serve raw 10801 none env Wharf__Port=10801 "${raw[@]}"; }
serve_one() { serve_node one 10802; }
serve_redis() {
  [[ -z ${id[redis]:-} ]] || return 0
  launch redis 10810 none redis-server --port 10810 --bind 127.0.0.1 --save '' --appendonly no
  await redis answers_ping 10810
}

# Clients connect to "near"; only "far" has the plugins of the named objects.
serve_pair() {
  serve_redis
  launch_member far 10804 pair
  await_clients far
  launch_member near 10803 pair Wharf__Plugins__Folder="$work/no-plugins" Wharf__Fields__pusher__Type=
  await_clients near
}

# Clients connect to "gateway", which has no silo.
serve_gateway() {
  serve_redis
  launch_member silo 10805 split Wharf__Role=silo
  await silo "${client[@]}" ready "${address[silo]}" health $patience
  launch_member gateway 10806 split Wharf__Role=gateway
  await_clients gateway
}

serve_reference() { [[ -z ${REFERENCE:-} ]] || serve reference 10807 "$psk" "$REFERENCE" 10807 $key; }

# Redis is stopped last: without it, nodes that stop retry for a minute to leave the cluster.
stop_all() {
  local name
  for name in "${!id[@]}"; do [[ $name == redis ]] || kill "${id[$name]}" 2>/dev/null || true; done
  for name in "${!id[@]}"; do [[ $name == redis ]] || stop "$name"; done
  [[ -z ${id[redis]:-} ]] || stop redis
  id=()
}

# NAME: stops a server, by force after the time limit.
stop() {
  local process=${id[$1]} end=$((SECONDS + patience))
  kill "$process" 2>/dev/null || true
  while kill -0 "$process" 2>/dev/null; do
    if ((SECONDS >= end)); then
      echo "the server '$1' did not stop within $patience s and was killed" >&2
      kill -9 "$process" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  wait "$process" 2>/dev/null || true
}
