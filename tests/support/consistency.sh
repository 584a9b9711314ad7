# shellcheck shell=bash
# ./dev check-consistency: a search for stale reads. Sourced by dev.

check-consistency_help() {
    cat <<'HELP'
usage: ./dev check-consistency SECONDS [--mysql] [--consistency eventual|session|global] [--compare] [--seed N]

Writers and readers of counters work through two weir-proxies side by side while the replicas lag up to 5 s, stop
replicating, freeze, are killed and return. Every read is compared with what the chosen routing.consistency (default:
session) promises. --compare has all three in turns and tells what the promises cost. Seeds repeat the faults, not the
timing. A line every 5 s, then a table by second (also saved in build/consistency/, with a picture), the sums, and for
each kind of finding the operations that contradict each other.

Exit code 0 if no read was stale and no statement failed; 1 if one was or did, or if the run proves nothing (no read on
a replica, no stale read with eventual); 77 if MySQL cannot be had.
HELP
}

check-consistency_command() {
    [[ ${1:-} =~ ^[1-9][0-9]*$ ]] || usage_error "./dev check-consistency takes a number of seconds"
    plan_steps 3
    step "installing what the checker needs"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_TEST[@]}"
    step "building weir-proxy"
    build_preset release weir-proxy
    step "searching for $1 s"
    tests/consistency/check "$@"
}
