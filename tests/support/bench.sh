# shellcheck shell=bash
# ./dev bench: installs, builds, and hands over to tests/bench/run. Sourced by dev.

bench_help() {
    cat <<'HELP'
usage: ./dev bench [--quick] [--rounds N] [--seconds N] [--connections N] [--bulk-mib N] [--only TEXT]
                   [--part queries|bulk|idle]

Builds the bench preset and measures, alternating in one go: direct, a relay that only moves bytes, HAProxy, weir-proxy.
Tables and a picture go to build/bench/results.{md,svg}, all numbers to results.json. A full run takes eight minutes.
HELP
}

bench_command() {
    plan_steps 3
    step "installing what the measurements need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_BENCH[@]}"
    step "building preset bench"
    build_preset bench weir-proxy bench_floor_relay
    step "measuring"
    tests/bench/run "$@"
}
