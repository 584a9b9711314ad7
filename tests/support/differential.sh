# shellcheck shell=bash
# ./dev fuzz --differential: generated sessions at one server and through weir-proxy. Sourced by dev.

# differential_command SECONDS [option of tests/differential/differential]...
differential_command() {
    local seconds=${1:-60}
    [[ $seconds =~ ^[1-9][0-9]*$ ]] || usage_error "./dev fuzz --differential takes a number of seconds"
    shift || true
    plan_steps 3
    step "installing what the tester needs"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_TEST[@]}"
    step "building weir-proxy"
    build_preset release weir-proxy
    step "comparing for $seconds s; what differs is shrunk and kept in build/differential"
    tests/differential/differential --seconds "$seconds" "$@"
}
