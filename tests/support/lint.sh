# shellcheck shell=bash
# ./dev lint: form, clang-tidy, shell scripts, headers that compile alone, layers. Sourced by dev.

lint_help() {
    cat <<'HELP'
usage: ./dev lint [--each-file]

Checks, changing nothing: clang-format, the layers, shellcheck, the systemd unit, that each header compiles alone (with
clang), and clang-tidy over the product's sources, in the batches of a unity build. With --each-file clang-tidy reads each
file alone instead, as its own compiler run and with the analyzer of paths: a quarter of an hour, the first time.
clang-tidy's clean results are kept by content (/var/cache/weir/tidy), so only what changed is read again.
All checks run even if one fails; exit code 0 only if none did.
HELP
}

tracked() { git ls-files --cached --others --exclude-standard -- "$@"; }

lint_format() {
    tracked '*.hpp' '*.cpp' | xargs -r -P "$(nproc)" -n 20 clang-format-14 --dry-run -Werror
}

lint_layers() {
    cmake -D ROOT="$PWD" -P tests/architecture/check_layers.cmake
}

lint_shell() {
    {
        tracked '*.sh'
        printf '%s\n' dev .ci/run
    } | xargs shellcheck -x
}

# Unknown keys are only warned of, so silence is asked for. The program need not be installed.
lint_unit() {
    local folder found
    folder=$(mktemp -d)
    sed 's|/usr/bin/weir-proxy|/bin/true|' packaging/systemd/weir-proxy.service >"$folder/weir-proxy.service"
    found=$(systemd-analyze verify "$folder/weir-proxy.service" 2>&1) || found+=" (systemd-analyze failed)"
    rm -r "$folder"
    [[ -z $found ]] || { printf '%s\n' "$found" >&2; return 1; }
}

lint_headers() {
    configure_preset tidy && cmake --build --preset tidy --target all_verify_interface_header_sets >&2
}

# product_units PRESET: what its compiler is given, but for tests and for headers alone.
product_units() {
    perl -MJSON::PP -0777 -ne '
        print map { "$_\n" } grep { !m{/tests/|_verify_interface_header_sets/} } map { $_->{file} } @{ decode_json($_) }
    ' "build/$1/compile_commands.json"
}

lint_tidy() {
    configure_preset "$lint_units" && product_units "$lint_units" |
        tests/support/tidy.pl "build/$lint_units" "$(cache_dir)/tidy"
}

lint_command() {
    local check failed=() lint_units=tidy
    if [[ ${1:-} == --each-file ]]; then
        lint_units=each
        shift
    fi
    (($# == 0)) || usage_error "./dev lint takes no other argument than --each-file"
    plan_steps 7
    step "installing what the checks need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_LINT[@]}"
    for check in format layers shell unit headers tidy; do
        step "$check"
        "lint_$check" || failed+=("$check")
    done
    ((${#failed[@]} == 0)) || fail "lint: ${failed[*]}"
}
