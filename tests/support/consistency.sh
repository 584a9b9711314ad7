# shellcheck shell=bash
# ./dev check-consistency: a search for stale reads. Sourced by dev.

check-consistency_help() {
    cat <<'HELP'
usage: ./dev check-consistency SECONDS [--mysql] [--mode eventual|session|global]... [--seed N]

16 clients write and read counters through two weir-proxies side by side while the replicas lag up to 5 s, stop replicating, stop
and return. Each mode of routing.consistency (all without --mode) runs for so many seconds. Tells the reads that were stale, the
share of reads that replicas answered, and how long reads took. Exit code 1 if a read was stale that may not be, or a statement
failed.
HELP
}

check-consistency_command() {
    [[ ${1:-} =~ ^[1-9][0-9]*$ ]] || usage_error "./dev check-consistency takes a number of seconds"
    plan_steps 3
    step "installing what the checker needs"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_TEST[@]}"
    step "building weir-proxy"
    build_preset release weir-proxy
    step "searching"
    tests/consistency/check "$@"
}
