# shellcheck shell=bash
# ./dev bench: installs, builds, and hands over to tests/bench/run. Sourced by dev.

bench_help() {
    cat <<'HELP'
usage: ./dev bench [--quick] [--rounds N] [--seconds N] [--connections N] [--bulk-mib N] [--only TEXT]
                   [--part queries|bulk|idle|features]
       ./dev bench --clients [--flavor mariadb|mysql] [--count N] [--backends N] [--period MS] [--seconds N]
                   [--storm LOGINS_PER_SECOND] [--storm-begin SECOND] [--storm-seconds N]

Builds the bench preset and measures, alternating in one go: direct, a relay that only moves bytes, HAProxy, weir-proxy.
Tables and a picture go to build/bench/results.{md,svg}, all numbers to results.json. A full run takes twelve minutes.
The part features tells what multiplexing, digests and session consistency cost, each left out in turn.

With --clients: thousands of clients with a statement now and then over few connections to servers, and a storm of logins;
build/bench/clients.FLAVOR.{md,svg,json}, in a minute.
HELP
}

bench_command() {
    if [ "${1:-}" = --clients ]; then
        shift
        bench_clients "$@"
        return
    fi
    plan_steps 3
    step "installing what the measurements need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_BENCH[@]}"
    step "building preset bench"
    build_trained bench weir-proxy bench_floor_relay
    step "measuring"
    tests/bench/run "$@"
}

bench_clients() {
    plan_steps 3
    step "installing what the measurements need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_BENCH[@]}" "${WEIR_PACKAGES_CLIENTS[@]}"
    step "building preset bench"
    build_trained bench weir-proxy bench_many_clients
    step "measuring"
    WEIR_PROXY=$PWD/build/bench/bin/weir-proxy tests/bench/many_clients "$@"
}
