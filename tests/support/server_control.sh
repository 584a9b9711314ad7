# shellcheck shell=bash
# What a test does to the servers of a cluster. Sourced after a cluster.env (see servers.sh), whose variables these
# functions use. Servers are numbered from 1, as in @@server_id; 1 is the primary.

server_dir() { printf '%s/db%d\n' "$BASE" "$1"; }
server_pid() { cat "$(server_dir "$1")/pid" 2>/dev/null; }
server_port() { awk -v n="$1" '{ print $n }' <<<"$PORTS"; }

# server_sql N SQL [client options]: as root by the server's own socket; rows only, tab separated.
server_sql() {
    local n=$1 sql=$2
    shift 2
    "$CLIENT" --no-defaults --user=root --socket="$(server_dir "$n")/sock" --batch --skip-column-names "$@" -e "$sql"
}

is_server_process() {
    local pid
    pid=$(server_pid "$1") && [[ -n $pid ]] && grep -qzF -- "--datadir=$(server_dir "$1")/data" "/proc/$pid/cmdline" 2>/dev/null
}

is_server_gone() { ! is_server_process "$1"; }
is_server_answering() { server_sql "$1" "DO 0" --connect-timeout=2; }
is_server_up_or_gone() { is_server_answering "$1" || is_server_gone "$1"; }

# server_options N: its whole command line, an option a line. Nothing is synced to disk, but what a transaction wrote is
# with the kernel when it commits, so that kill_server loses none.
server_options() {
    local n=$1 dir
    dir=$(server_dir "$n")
    "${FLAVOR}_options"
    if ((n > 1)); then "${FLAVOR}_replica_options"; fi
    cat <<OPTIONS
--user=$(id -un)
--datadir=$dir/data
--tmpdir=$dir/tmp
--socket=$dir/sock
--pid-file=$dir/data/server.pid
--log-error=$dir/error.log
--bind-address=127.0.0.1
--port=$(server_port "$n")
--server-id=$n
--report-host=127.0.0.1
--report-port=$(server_port "$n")
--log-bin=binlog
--relay-log=relay
--relay-log-recovery=1
--binlog-format=ROW
--sync-binlog=0
--innodb-flush-log-at-trx-commit=2
--innodb-doublewrite=0
--log-bin-trust-function-creators=1
--local-infile=1
--secure-file-priv=
--max-connections=$MAX_CONNECTIONS
--max-allowed-packet=64M
--max-connect-errors=1000000
--ssl-ca=$CA_FILE
--ssl-cert=$BASE/tls/server-cert.pem
--ssl-key=$BASE/tls/server-key.pem
OPTIONS
    if [[ -n $EXTRA_OPTIONS ]]; then tr ' ' '\n' <<<"$EXTRA_OPTIONS"; fi
}

# launch_server N: starts the process and returns at once.
launch_server() {
    local dir options
    dir=$(server_dir "$1")
    # Left by a killed server; MySQL would take any process of that number, a zombie even, for its living owner.
    rm -f "$dir/sock" "$dir/sock.lock"
    mapfile -t options < <(server_options "$1")
    # No descriptor of ours may stay open in the server: locks and a test's pipes would live on with it.
    (
        exec </dev/null >>"$dir/stdout.log" 2>&1
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            if ((fd > 2)); then eval "exec $fd>&-" 2>/dev/null || true; fi
        done
        ulimit -n 20000 2>/dev/null || true
        setsid "$DAEMON" --no-defaults "${options[@]}" &
        echo $! >"$dir/pid"
    )
}

# await_server N: until it answers; shows the end of its log if it does not within 60 seconds or its process ends.
await_server() {
    local n=$1
    if wait_until 60 is_server_up_or_gone "$n" && is_server_process "$n"; then return 0; fi
    tail -n 15 "$(server_dir "$n")/error.log" "$(server_dir "$n")/stdout.log" >&2
    fail "server $n of $BASE did not start"
}

# start_server N: starts it and waits until it answers. A replica resumes replication by itself.
start_server() {
    is_server_process "$1" || launch_server "$1"
    await_server "$1"
}

# stop_server N: orderly, at most 30 seconds, then by force.
stop_server() {
    local pid
    is_server_process "$1" || return 0
    pid=$(server_pid "$1")
    kill -TERM "$pid"
    kill -CONT "$pid"
    wait_until 30 is_server_gone "$1" || kill_server "$1"
}

# kill_server N: as by a power cut.
kill_server() {
    is_server_process "$1" || return 0
    kill -KILL "$(server_pid "$1")"
    wait_until 10 is_server_gone "$1" || fail "server $1 survived SIGKILL"
}

# restart_server N: orderly.
restart_server() { stop_server "$1" && start_server "$1"; }

# freeze_server N / thaw_server N: it keeps its connections and answers nothing.
freeze_server() { kill -STOP "$(server_pid "$1")"; }
thaw_server() { kill -CONT "$(server_pid "$1")"; }

# stop_replica N / start_replica N: replication only; the server runs on.
stop_replica() { server_sql "$1" "$("${FLAVOR}_stop_replication")"; }
start_replica() { server_sql "$1" "$("${FLAVOR}_start_replication")"; }

# lag_replica N SECONDS: applies what it receives only SECONDS later; 0 ends it.
lag_replica() { server_sql "$1" "$("${FLAVOR}_delay" "$2")"; }

# wait_caught_up [SECONDS [N...]]: the replicas (all unless named) have what the primary has executed by now.
wait_caught_up() {
    local deadline=${1:-30} position n replicas
    mapfile -t replicas < <(seq 2 "$SERVER_COUNT")
    if (($# > 1)); then replicas=("${@:2}"); fi
    position=$(server_sql 1 "$("${FLAVOR}_position")") || return 1
    [[ -n $position ]] || return 0
    for n in "${replicas[@]}"; do
        [[ $(server_sql "$n" "$("${FLAVOR}_wait_for" "$position" "$deadline")") == 0 ]] ||
            fail "server $n of $BASE has not caught up within $deadline s" || return 1
    done
}
