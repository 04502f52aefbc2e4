# What script/demo and script/load_test share: source clusters, the configuration, the server, and the
# end of them all. Sourced, not run. Everything is below $fleet, which is removed in the end.
#
# As root, PostgreSQL runs as the account "postgres", because it refuses root; otherwise as we do.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pawl=$root/build/release/pawl
postgres_bin=${PAWL_POSTGRES_BIN:-/usr/lib/postgresql/15/bin}
export PGCONNECT_TIMEOUT=10 PGAPPNAME=pawl-fleet
unset PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS

say() { printf '%s\n' "$*" >&2; }
step() { printf '\n== %s\n' "$*" >&2; }
fail() { say "$(basename "$0"): $*"; exit 1; }

# Installs and builds what is missing: the program only, not its tests.
prepare_program() {
  local log
  "$root/script/bootstrap" --demo >&2
  log=$(mktemp)
  [ -x "$pawl" ] || say "building; this takes a few minutes, tail -f $log shows how far it is"
  if ! "$root/script/build" pawl >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    fail "the program does not build"
  fi
  rm -f "$log"
  say "$("$pawl" --version)"
}

begin_fleet() {
  # Short, because the path of a socket has at most 107 bytes.
  fleet=$(mktemp -d "${TMPDIR:-/tmp}/pawl.XXXXXX")
  chmod 755 "$fleet"
  mkdir -p "$fleet/sources" "$fleet/us-east-1" "$fleet/us-west-2"
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$fleet/sources"; fi
  server_port=$(free_port)
  region_ports=$(free_port_range)
  export PAWL_SERVER=http://127.0.0.1:$server_port
}

as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A hundred ports of which most are free, below those that the kernel hands out by itself.
free_port_range() {
  python3 - <<'PYTHON'
import random, socket
def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
for _ in range(200):
    first = random.randrange(15000, 31000, 100)
    if all(is_free(port) for port in range(first, first + 100)):
        break
print(f"{first}-{first + 99}")
PYTHON
}

# make_source NAME: an empty cluster that runs; its port is kept in sources/NAME.port.
make_source() {
  local directory=$fleet/sources/$1 port
  port=$(free_port)
  as_postgres mkdir -p "$directory" "$directory.socket"
  as_postgres "$postgres_bin/initdb" -D "$directory" -U postgres -A trust -k -N \
    --locale=C.UTF-8 -E UTF8 >"$fleet/$1.initdb" 2>&1 ||
    fail "initdb failed: $(cat "$fleet/$1.initdb")"
  as_postgres tee -a "$directory/postgresql.conf" >/dev/null <<CONF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$directory.socket'
shared_buffers = 64MB
max_wal_size = 1GB
max_wal_senders = 4
logging_collector = off
CONF
  as_postgres "$postgres_bin/pg_ctl" -D "$directory" -l "$directory.log" -w -s start ||
    fail "source $1 does not start: $(cat "$directory.log")"
  echo "$port" >"$fleet/$1.port"
}

# source_psql NAME DATABASE [ARGUMENT…]: psql on the source, quiet and stopping at the first error.
source_psql() {
  local name=$1 database=$2
  shift 2
  PGOPTIONS="-c client_min_messages=warning" psql -X -q -A -t -v ON_ERROR_STOP=1 \
    -h "$fleet/sources/$name.socket" -p "$(cat "$fleet/$name.port")" -U postgres -d "$database" "$@"
}

# write_config NAME…: the configuration for these sources.
write_config() {
  app_password=$(python3 -c 'import secrets; print(secrets.token_urlsafe(18))')
  readonly_password=$(python3 -c 'import secrets; print(secrets.token_urlsafe(18))')
  {
    cat <<TOML
region = "us-east-1"
data = "store"

[regions.us-east-1]
directory = "us-east-1"

[regions.us-west-2]
directory = "us-west-2"
ports = "$region_ports"

[postgres]
directory = "$postgres_bin"
parameters = { shared_buffers = "32MB" }

[restore]
secrets = "secrets.toml"

[notification]
file = "notifications.jsonl"
TOML
    local name
    for name in "$@"; do
      cat <<TOML

[clusters.$name]
region = "us-east-1"
host = "$fleet/sources/$name.socket"
port = $(cat "$fleet/$name.port")
data_directory = "$fleet/sources/$name"
TOML
    done
  } >"$fleet/pawl.toml"
  (
    umask 077
    cat >"$fleet/secrets.toml" <<TOML
[default]
app = { username = "app", password = "$app_password" }
readonly = { username = "readonly", password = "$readonly_password" }
TOML
  )
}

start_server() {
  "$pawl" serve --config "$fleet/pawl.toml" --listen "127.0.0.1:$server_port" \
    >>"$fleet/pawl.log" 2>&1 </dev/null &
  local server=$! tries
  disown "$server"  # or bash tells of its death when --crash kills it
  echo "$server" >"$fleet/pawl.pid"
  for tries in $(seq 300); do
    if curl -sf -o "$fleet/readyz" "$PAWL_SERVER/readyz"; then return 0; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  fail "the server is not ready after $((tries / 10)) s: $(tail -n 20 "$fleet/pawl.log")"
}

# Only what names our own directory is stopped.
stop_fleet() {
  local process directory tries
  process=$(cat "$fleet/pawl.pid" 2>/dev/null || true)
  if [ -n "$process" ]; then stop_process "$process"; fi
  for directory in "$fleet"/sources/*/ "$fleet"/us-*/instances/*/data/; do
    [ -s "$directory/postmaster.pid" ] || continue
    as_postgres "$postgres_bin/pg_ctl" -D "$directory" -m immediate -w -s stop >&2 || true
  done
  # What is left are the endpoints that lead to restored servers.
  for process in $(pgrep -f -- "$fleet/" || true); do
    [ "$process" = $$ ] || [ "$process" = "$BASHPID" ] || stop_process "$process"
  done
}

stop_process() {
  local tries
  kill "$1" 2>/dev/null || return 0
  for tries in $(seq 200); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.05
  done
  kill -9 "$1" 2>/dev/null || true
}

remove_fleet() {
  [ -n "${fleet:-}" ] && [ -d "$fleet" ] || return 0
  stop_fleet
  rm -rf "$fleet"
}

# in_parallel COMMAND NAME…: the command for each name at once; fails where one of them does.
in_parallel() {
  local command=$1 name one processes=()
  shift
  for name in "$@"; do
    "$command" "$name" &
    processes+=($!)
  done
  for one in "${processes[@]}"; do wait "$one" || fail "$command failed"; done
}

# json FILE EXPRESSION: prints what the Python expression says of the document `d`.
json() {
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
result = eval(sys.argv[2])
print("\n".join(map(str, result)) if isinstance(result, list) else result)' "$1" "$2"
}
