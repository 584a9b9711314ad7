# shellcheck shell=bash
# ./dev test: everything is built, every test runs, and what was skipped is said aloud. Sourced by dev.

test_help() {
    cat <<'HELP'
usage: ./dev test

Installs, builds what is released, and runs all tests of it: unit, component and architecture tests, then the integration
tests, on MariaDB 10.11 and MySQL 9.7. Where MySQL cannot be fetched its cases are skipped and named. The last line
counts; exit code 0 only if none failed.
HELP
}

# ctest_part PRESET REPORT [ctest options]: runs ctest and leaves a JUnit report. Returns ctest's code.
ctest_part() {
    local preset=$1 report=$2
    shift 2
    rm -f "$report"
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=ignore --output-junit "$PWD/$report" "$@"
}

# test_results REPORT...: "passed|failed|skipped NAME", a line a test. A test that asked to be skipped is skipped; one that
# could not be started has failed.
test_results() {
    local report
    for report in "$@"; do
        if [[ -f $report ]]; then cat "$report"; fi
    done | perl -0777 -ne '
        while (m{<testcase name="([^"]*)"[^>]*?status="(\w+)">(.*?)</testcase>}gs) {
            my ($name, $status, $rest) = ($1, $2, $3);
            my $result = $status eq "run" ? "passed" : $status eq "fail" ? "failed"
                : $rest =~ /<skipped message="(SKIP_|Disabled)/ ? "skipped" : "failed";
            print "$result $name\n";
        }'
}

# count_results REPORT...: "passed failed skipped" over all reports.
count_results() {
    test_results "$@" | awk '{ n[$1]++ } END { print n["passed"] + 0, n["failed"] + 0, n["skipped"] + 0 }'
}

# report_results REPORT...: what was skipped, then the closing line. 1 if a test failed or none ran.
report_results() {
    local passed failed skipped
    read -r passed failed skipped < <(count_results "$@")
    if ((skipped > 0)); then
        printf '\n*** SKIPPED: %d tests did not run ***\n' "$skipped"
        test_results "$@" | sed -n 's/^skipped /    /p'
        printf '\n'
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    ((failed == 0 && passed > 0))
}

test_command() {
    (($# == 0)) || usage_error "./dev test takes no argument"
    local code=0 unit=build/release/unit.xml integration=build/release/integration.xml
    plan_steps 5
    step "installing what builds and tests need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_TEST[@]}"
    ensure_clients || printf '*** Not every client can be had: cases of those that are missing will be skipped ***\n' >&2
    step "fetching MySQL 9.7, unless it is here"
    ensure_mysql || printf '*** MySQL 9.7 cannot be had: its cases will be skipped ***\n' >&2
    step "building preset release"
    build_preset release
    step "unit, component and architecture tests"
    ctest_part release "$unit" -LE integration -j "$(nproc)" || code=1
    step "integration tests"
    ctest_part release "$integration" -L integration -j 2 || code=1
    report_results "$unit" "$integration" || code=1
    return "$code"
}
