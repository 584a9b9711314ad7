# shellcheck shell=bash
# ./dev servers: a cluster to play with, one per flavour. Sourced by dev; needs servers.sh.

servers_help() {
    cat <<'HELP'
usage: ./dev servers up|down|status [--mysql]

A primary and two replicas on loopback, MariaDB 10.11 or (--mysql) MySQL 9.7: started, stopped and removed, or shown.
Accounts: app/app, weir_monitor/secret, and root without a password by socket. More can be had from
tests/support/servers.sh --help.
HELP
}

# show_cluster: how to reach what servers_load loaded.
show_cluster() {
    servers_status "$BASE"
    note "environment: $BASE/cluster.env"
    note "primary:     $CLIENT -h127.0.0.1 -P$PRIMARY_PORT -uapp -papp"
}

servers_command() {
    local action=${1:-} flavor=mariadb base options=()
    case $action in up | down | status) shift ;; *) usage_error "./dev servers up|down|status [--mysql]" ;; esac
    while (($#)); do
        case $1 in
        --mysql) flavor=mysql options+=(--mysql) ;;
        *) usage_error "./dev servers: unknown argument '$1'" ;;
        esac
        shift
    done
    base=/tmp/weir-servers-$flavor-$EUID
    case $action in
    up)
        plan_steps 2
        step "installing what the servers need"
        install_packages "${WEIR_PACKAGES_SERVERS[@]}"
        step "starting a primary and two replicas ($flavor)"
        servers_up "${options[@]}" --base "$base"
        servers_load "$base"
        show_cluster
        ;;
    down) servers_down "$base" ;;
    status) servers_load "$base" && show_cluster ;;
    esac
}
