#!/bin/bash
# Real servers for tests, the demonstration and playing: a primary and its replicas on loopback, MariaDB 10.11 or MySQL
# 9.7, each with its own data directory and port below one base folder. As a command, see usage(); as a library, source
# it and call servers_up, servers_load, servers_down and the functions of server_control.sh.
#
# A base folder holds cluster.env (KEY='value' lines for bash; other languages read them as easily), tls/ and db1 ...
# dbN/{data,tmp,sock,pid,error.log,stdout.log}. The accounts are in *_flavor.sh: app/app, weir_monitor/secret, repl/repl,
# and root without a password.

WEIR_SUPPORT=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
for weir_part in progress cache free_ports certificates mysql_suite mariadb_flavor mysql_flavor server_control; do
    # shellcheck source=/dev/null
    source "$WEIR_SUPPORT/$weir_part.sh"
done
unset weir_part

# server_template FLAVOR: the path of an initialised data directory, made once per version and set of accounts.
server_template() {
    local flavor=$1 key target
    key=$("${flavor}_version")-$({ declare -f "${flavor}_initialise"; "${flavor}_accounts"; id -un; } | sha256sum | cut -c1-8)
    target=$(cache_dir)/templates/$flavor-$key
    [[ -d $target ]] || note "making a data directory to copy from ($flavor $key)"
    make_once "$target" make_template "$flavor" || return
    printf '%s/data\n' "$target"
}

# make_template FLAVOR FOLDER
make_template() {
    mkdir -p "$2/data"
    "${1}_initialise" "$2/data" >"$2/initialise.log" 2>&1 || {
        tail -n 20 "$2/initialise.log" >&2
        return 1
    }
}

# write_cluster_env: what servers_load, and a test in any language, reads.
write_cluster_env() {
    cat >"$BASE/cluster.env" <<ENV
FLAVOR='$FLAVOR'
VERSION='$("${FLAVOR}_version")'
BASE='$BASE'
SERVER_COUNT='$SERVER_COUNT'
PORTS='$PORTS'
PRIMARY_PORT='${PORTS%% *}'
REPLICA_PORTS='$(cut -s -d' ' -f2- <<<"$PORTS")'
SOCKETS='$(for n in $(seq "$SERVER_COUNT"); do printf '%s/db%d/sock ' "$BASE" "$n"; done | sed 's/ $//')'
PID_FILES='$(for n in $(seq "$SERVER_COUNT"); do printf '%s/db%d/pid ' "$BASE" "$n"; done | sed 's/ $//')'
CA_FILE='$CA_FILE'
DAEMON='$DAEMON'
CLIENT='$CLIENT'
MAX_CONNECTIONS='$MAX_CONNECTIONS'
EXTRA_OPTIONS='$EXTRA_OPTIONS'
ENV
}

# prepare_servers TEMPLATE: folders, certificates, copies of the template.
prepare_servers() {
    local n dir
    mkdir -p "$BASE/tls" && make_certificates "$BASE/tls" || return 1
    for n in $(seq "$SERVER_COUNT"); do
        dir=$(server_dir "$n")
        mkdir -p "$dir/tmp" && cp -a --reflink=auto --sparse=always "$1" "$dir/data" || return 1
    done
}

# run_servers: starts all at once, waits for each, and joins the replicas to the primary.
run_servers() {
    local n
    for n in $(seq "$SERVER_COUNT"); do launch_server "$n"; done
    for n in $(seq "$SERVER_COUNT"); do await_server "$n" || return 1; done
    for n in $(seq 2 "$SERVER_COUNT"); do
        server_sql "$n" "$("${FLAVOR}_follow" "${PORTS%% *}")" || return 1
    done
    # A first transaction, so that every later position is one that the replicas really received.
    server_sql 1 "CREATE DATABASE IF NOT EXISTS weir_ready" && wait_caught_up 60
}

# servers_up [--mysql] [--replicas N] [--base DIR] [--ports P1,P2,...] [--max-connections N] [--option --NAME=VALUE]...
# Sets the variables of cluster.env. On failure nothing of it is left running. Returns 77 if MySQL cannot be had.
servers_up() {
    local replicas=2 template ports=
    FLAVOR=mariadb BASE='' MAX_CONNECTIONS=500 EXTRA_OPTIONS=''
    while (($#)); do
        case $1 in
        --mysql) FLAVOR=mysql ;;
        --replicas) replicas=$2 && shift ;;
        --base) BASE=$2 && shift ;;
        --ports) ports=${2//,/ } && shift ;;
        --max-connections) MAX_CONNECTIONS=$2 && shift ;;
        --option) EXTRA_OPTIONS="${EXTRA_OPTIONS:+$EXTRA_OPTIONS }$2" && shift ;;
        *) fail "servers up: unknown argument '$1'" || return 2 ;;
        esac
        shift
    done
    "${FLAVOR}_ensure" || return
    template=$(server_template "$FLAVOR") || return
    if [[ -z $BASE ]]; then BASE=$(mktemp -d "/tmp/weir-$FLAVOR.XXXXXX"); fi
    if [[ -e $BASE/cluster.env ]]; then fail "$BASE already holds servers" || return 1; fi
    mkdir -p "$BASE" && BASE=$(readlink -f "$BASE") || return 1
    SERVER_COUNT=$((replicas + 1)) CA_FILE=$BASE/tls/ca.pem
    DAEMON=$("${FLAVOR}_daemon") CLIENT=$("${FLAVOR}_client")
    PORTS=${ports:-$(reserve_ports "$SERVER_COUNT" "$BASE" | paste -sd' ')}
    [[ $(wc -w <<<"$PORTS") == "$SERVER_COUNT" ]] || fail "$SERVER_COUNT servers need as many ports" || return 1
    write_cluster_env
    if prepare_servers "$template" && run_servers; then
        servers_load "$BASE"
        return
    fi
    servers_down "$BASE"
    return 1
}

# servers_load BASE: the variables of a cluster that is up.
servers_load() {
    [[ -f $1/cluster.env ]] || fail "no servers in $1" || return 1
    # shellcheck source=/dev/null
    source "$1/cluster.env"
}

# servers_down BASE: stops the processes that were started there, and removes the folder.
servers_down() {
    local n
    servers_load "$1" || return 1
    for n in $(seq "$SERVER_COUNT" -1 1); do
        kill_server "$n"
    done
    rm -rf "$BASE"
    release_ports "$BASE"
}

# servers_status BASE: a line a server; 1 if one of them does not answer.
servers_status() {
    local n code=0
    servers_load "$1" || return 1
    for n in $(seq "$SERVER_COUNT"); do
        printf 'db%d  127.0.0.1:%s  pid %s  ' "$n" "$(server_port "$n")" "$(server_pid "$n")"
        server_sql "$n" "SELECT CONCAT(VERSION(), '  read_only=', @@read_only)" --connect-timeout=2 2>&1 || code=1
    done
    return "$code"
}

servers_usage() {
    cat <<'USAGE'
usage: servers.sh up [--mysql] [--replicas N] [--base DIR] [--ports P1,P2,...] [--max-connections N] [--option --X=Y]...
           starts a cluster and prints the path of its cluster.env
       servers.sh status BASE
       servers.sh down BASE
       servers.sh run BASE FUNCTION [ARGUMENT...]
           calls a function of server_control.sh, e.g. server_sql 2 'SELECT 1', wait_caught_up, stop_replica 2,
           start_replica 2, lag_replica 2 10, kill_server 2, start_server 2, freeze_server 2, thaw_server 2
Exit code 77: MySQL could not be fetched from Debian's unstable suite.
USAGE
}

servers_main() {
    local command=${1:-}
    shift || true
    case $command in
    up) servers_up "$@" && printf '%s/cluster.env\n' "$BASE" ;;
    status | down) (($# == 1)) || usage_error "servers.sh $command BASE"
        "servers_$command" "$1" ;;
    run) (($# >= 2)) || usage_error "servers.sh run BASE FUNCTION ..."
        servers_load "$1" && shift && "$@" ;;
    -h | --help) servers_usage ;;
    *) servers_usage >&2 && exit 2 ;;
    esac
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -uo pipefail
    servers_main "$@"
fi
