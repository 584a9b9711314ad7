# shellcheck shell=bash
# ./dev fuzz: every fuzzer for a while. Sourced by dev.

fuzz_help() {
    cat <<'HELP'
usage: ./dev fuzz [seconds]

Builds the fuzzers (libFuzzer, ASan, UBSan) and runs each for that many seconds (default 60), one per core at a time,
from the corpora in tests/fuzz/corpus/. What they discover is kept in build/fuzz/corpus/, findings in
build/fuzz/findings/. Exit code 0 only if there was no finding.
HELP
}

# run_fuzzer SECONDS PROGRAM: quiet unless it finds something.
run_fuzzer() {
    local seconds=$1 program=$2 name corpora
    name=${program##*/fuzz_}
    mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
    corpora=("build/fuzz/corpus/$name")
    if [[ -d tests/fuzz/corpus/$name ]]; then corpora+=("tests/fuzz/corpus/$name"); fi
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$name-" "${corpora[@]}" >"build/fuzz/$name.log" 2>&1; then
        printf '%-32s no finding, %s executions\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")"
    else
        printf '%-32s FINDING, see build/fuzz/%s.log:\n' "$name" "$name"
        grep -m 5 -E 'ERROR|SUMMARY|runtime error|Test unit written' "build/fuzz/$name.log"
        return 1
    fi
}

fuzz_command() {
    local seconds=${1:-60} programs
    if (($# > 1)) || ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
        usage_error "./dev fuzz takes a number of seconds"
    fi
    plan_steps 3
    step "installing what the fuzzers need"
    install_packages "${WEIR_PACKAGES_BUILD[@]}" "${WEIR_PACKAGES_FUZZ[@]}"
    step "building preset fuzz"
    build_preset fuzz
    mapfile -t programs < <(find build/fuzz/bin -maxdepth 1 -name 'fuzz_*' -type f -perm -u+x 2>/dev/null | sort)
    ((${#programs[@]})) || fail "no fuzzer was built"
    step "${#programs[@]} fuzzers, $seconds s each, $(nproc) at a time"
    export -f run_fuzzer
    printf '%s\n' "${programs[@]}" | xargs -P "$(nproc)" -I{} bash -c 'run_fuzzer "$@"' run_fuzzer "$seconds" {} ||
        fail "what was found is in build/fuzz/findings"
}
