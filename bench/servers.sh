# Starts and stops the servers, each a process of its own. Each line starts those that it needs: what runs beside it costs nobody anything.
key=a-key-for-the-benchmark
psk="io.deephaven.authentication.psk.PskAuthenticationHandler $key"
client=(dotnet bench/BenchClient/bin/Release/net10.0/Wharf.BenchClient.dll)
engine=(dotnet bench/Engine/bin/Release/net10.0/Wharf.EngineBench.dll)
raw=(dotnet bench/RawServer/bin/Release/net10.0/Wharf.RawServer.dll)
wharf=(dotnet src/Silo/bin/Release/net10.0/Wharf.Silo.dll)
declare -A id=() address=() login=()

# The plugins that ship, and the one that pushes.
mkdir "$work/plugins" "$work/no-plugins"
cp -r src/Silo/bin/Release/net10.0/plugins/. "$work/plugins"
cp -r bench/Pusher/bin/Release/net10.0 "$work/plugins/Pusher"

# NAME PORT LOGIN COMMAND..: starts a server and waits until it says that it serves.
serve() {
  local name=$1 port=$2
  address[$name]=http://localhost:$port login[$name]=$3
  "${@:4}" >"$work/$name.out" 2>&1 &
  id[$name]=$!
  until grep -qE 'serving|READY|Ready to accept' "$work/$name.out"; do
    kill -0 "${id[$name]}" 2>/dev/null || { cat "$work/$name.out" >&2; exit 1; }
    sleep 0.2
  done
}

# NAME PORT [SETTING..]: a node of Wharf.
serve_node() {
  serve "$1" "$2" "$psk" env Wharf__Port="$2" Wharf__Auth__Psk=$key Wharf__Plugins__Folder="$work/plugins" Wharf__Fields__pusher__Type=Pusher "${@:3}" "${wharf[@]}"
}

# NAME PORT CLUSTER [SETTING..]: a node of a cluster.
serve_member() {
  serve_node "$1" "$2" Wharf__Cluster__Redis=127.0.0.1:10810 Wharf__Cluster__Id="$3" Wharf__Cluster__SiloPort=$(($2 + 1000)) Wharf__Node__ClientPort=$(($2 + 2000)) \
    Wharf__Auth__TokenKey__0="$(head -c 32 /dev/zero | base64)" "${@:4}"
}

serve_raw() { serve raw 10801 none env Wharf__Port=10801 "${raw[@]}"; }
serve_one() { serve_node one 10802; }
serve_redis() { [[ -n ${id[redis]:-} ]] || serve redis 10810 none redis-server --port 10810 --bind 127.0.0.1 --save '' --appendonly no; }

# Clients come to "near"; the named objects can only be on "far".
serve_pair() {
  serve_redis
  serve_member far 10804 pair
  serve_member near 10803 pair Wharf__Plugins__Folder="$work/no-plugins" Wharf__Fields__pusher__Type=
}

# Clients come to "gateway", which has no silo.
serve_gateway() {
  serve_redis
  serve_member silo 10805 split Wharf__Role=silo
  serve_member gateway 10806 split Wharf__Role=gateway
}

serve_reference() { [[ -z ${REFERENCE:-} ]] || serve reference 10807 "$psk" "$REFERENCE" 10807 $key; }

# Redis last: nodes that cannot say there that they go try to for a minute.
stop_all() {
  local name
  for name in "${!id[@]}"; do [[ $name == redis ]] || kill "${id[$name]}" 2>/dev/null || true; done
  for name in "${!id[@]}"; do [[ $name == redis ]] || wait "${id[$name]}" 2>/dev/null || true; done
  if [[ -n ${id[redis]:-} ]]; then
    kill "${id[redis]}" 2>/dev/null || true
    wait "${id[redis]}" 2>/dev/null || true
  fi
  id=()
}
