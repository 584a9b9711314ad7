# shellcheck shell=bash
# ./dev demo: weir-proxy before real servers, and a session that shows who answers. Sourced by dev; needs servers.sh.

demo_help() {
    cat <<'HELP'
usage: ./dev demo [--once] [--mysql]

Installs what is missing, builds the release preset, starts a primary and two replicas (MariaDB 10.11, or MySQL 9.7 with
--mysql) and weir-proxy before them, and runs a short session through it that shows for each statement which server
answered. Then all stays up to be tried until Ctrl-C. --once: stops after the session; exit code 0 only if every
statement was answered as it should be, 77 if MySQL could not be fetched.

WEIR_PROXY_PORT=PORT: uses whatever listens there instead of building and starting weir-proxy.
HELP
}

# demo_config PORT METRICS_PORT: the configuration, with the ports of the loaded cluster.
demo_config() {
    local n
    cat <<YAML
proxy:
  listen: 127.0.0.1:$1
  workers: 2
servers:
YAML
    for n in $(seq "$SERVER_COUNT"); do
        printf '  - {name: db%d, address: 127.0.0.1:%s}\n' "$n" "$(server_port "$n")"
    done
    cat <<YAML
monitor:
  user: weir_monitor
  password: secret
  interval: 200ms
routing:
  max_lag: 2s
  primary_reads: when-no-replica
metrics:
  listen: 127.0.0.1:$2
YAML
}

# What MySQL's shell wants for a password over a plain connection; MariaDB's asks for the key by itself.
demo_client_options() { [[ $FLAVOR != mysql ]] || echo --get-server-public-key; }

# proxy_answers PORT: a client of the flavour logs in and gets an answer.
proxy_answers() {
    # shellcheck disable=SC2046  # no option is no word
    "$CLIENT" --no-defaults $(demo_client_options) -h127.0.0.1 -P"$1" -uapp -papp --connect-timeout=2 -e "SELECT 1" test
}

is_proxy_gone() { ! kill -0 "$DEMO_PROXY_PID"; }
is_proxy_ready_or_gone() { proxy_answers "$1" || is_proxy_gone; }

# demo_start_proxy: sets DEMO_PORT, DEMO_METRICS_PORT and DEMO_PROXY_PID.
demo_start_proxy() {
    local ports
    mapfile -t ports < <(reserve_ports 2 "$BASE")
    DEMO_PORT=${ports[0]} DEMO_METRICS_PORT=${ports[1]}
    demo_config "$DEMO_PORT" "$DEMO_METRICS_PORT" >"$BASE/proxy.yaml"
    build/release/bin/weir-proxy "$BASE/proxy.yaml" >"$BASE/proxy.log" 2>&1 &
    DEMO_PROXY_PID=$!
    if wait_until 20 is_proxy_ready_or_gone "$DEMO_PORT" && kill -0 "$DEMO_PROXY_PID" 2>/dev/null; then return 0; fi
    tail -n 20 "$BASE/proxy.log" >&2
    fail "weir-proxy is not answering on port $DEMO_PORT"
}

demo_cleanup() {
    trap - EXIT INT TERM
    if [[ -n $DEMO_PROXY_PID ]]; then
        kill "$DEMO_PROXY_PID" 2>/dev/null || true
        # A client that someone left open would make it drain for longer than one wants to wait here.
        wait_until 5 is_proxy_gone || kill -KILL "$DEMO_PROXY_PID"
    fi
    if [[ -n ${BASE:-} && -e $BASE/cluster.env ]]; then servers_down "$BASE"; fi
}

# demo_stay: until Ctrl-C.
demo_stay() {
    local client=$CLIENT
    cat <<TEXT

  The proxy is up. Try it:

      $client $(demo_client_options) -h127.0.0.1 -P$DEMO_PORT -uapp -papp test

  configuration  $BASE/proxy.yaml
  log            $BASE/proxy.log
TEXT
    if [[ -n $DEMO_METRICS_PORT ]]; then printf '  metrics        http://127.0.0.1:%s/metrics\n' "$DEMO_METRICS_PORT"; fi
    printf '\n  Ctrl-C stops and removes everything.\n'
    if [[ -n $DEMO_PROXY_PID ]]; then
        wait "$DEMO_PROXY_PID" || true
        tail -n 20 "$BASE/proxy.log" >&2
        fail "weir-proxy has ended"
    else
        read -r -d '' _ < <(sleep infinity)
    fi
}

demo_command() {
    local once=no options=() code=0
    DEMO_PORT=${WEIR_PROXY_PORT:-} DEMO_METRICS_PORT='' DEMO_PROXY_PID=''
    while (($#)); do
        case $1 in
        --once) once=yes ;;
        --mysql) options+=(--mysql) ;;
        *) usage_error "./dev demo: unknown argument '$1'" ;;
        esac
        shift
    done
    plan_steps 5
    step "installing what is missing"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}"
    step "building weir-proxy (release)"
    if [[ -z $DEMO_PORT ]]; then build_preset release weir-proxy; fi
    step "starting a primary and two replicas"
    BASE=''
    trap demo_cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    servers_up "${options[@]}"
    note "$FLAVOR $VERSION: db1 is the primary, db2 and db3 are replicas (ports $PORTS)"
    step "starting weir-proxy"
    if [[ -z $DEMO_PORT ]]; then demo_start_proxy; fi
    note "listening on 127.0.0.1:$DEMO_PORT"
    step "a session through it"
    tests/support/demo_session.pl --port "$DEMO_PORT" --base "$BASE" --server-tool tests/support/servers.sh || code=$?
    if [[ $once == no ]]; then demo_stay; fi
    return "$code"
}
