# shellcheck shell=bash
# ./dev fuzz: every fuzzer for a while. Sourced by dev.

fuzz_help() {
    cat <<'HELP'
usage: ./dev fuzz [seconds]
       ./dev fuzz --differential SECONDS [--mysql] [--seed N] [--script FILE] [option]...

Builds the fuzzers (libFuzzer, ASan, UBSan) and runs each for that many seconds (default 60), one per core at a time,
from the corpora in tests/fuzz/corpus/. What they discover is kept in build/fuzz/corpus/, findings in
build/fuzz/findings/. The last line is "N fuzzers, no finding", and the exit code 0, only if there was none. A finding
joins its corpus once it is mended; ctest replays the corpora. WEIR_FUZZ_TRACE=1 build/fuzz/bin/fuzz_NAME FILE tells the
story of a session's or a relay's input.

--differential: generated scripts of several sessions run at one server and through weir-proxy with two replicas that lag;
every answer has to be equal. A script that differs is named by its seed, shrunk, shown with both answers, and saved. --seed
N runs the script of that seed only, --script FILE a saved one; tests/differential/README.md tells more. Exit code 1 if
there was a difference that is not known.
HELP
}

# run_fuzzer SECONDS PROGRAM COUNT: a line when it starts and one when it ends.
run_fuzzer() {
    local seconds=$1 program=$2 count=$3 name corpora
    name=${program##*/fuzz_}
    printf '%s %-20s runs for %s s\n' "$(date +%T)" "$name" "$seconds" >&2
    mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
    corpora=("build/fuzz/corpus/$name" "tests/fuzz/corpus/$name")
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$name-" "${corpora[@]}" >"build/fuzz/$name.log" 2>&1; then
        echo "$name" >>build/fuzz/done
        printf '%s %-20s no finding, %s executions (%d of %d)\n' "$(date +%T)" "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")" \
            "$(wc -l <build/fuzz/done)" "$count"
    else
        echo "$name" >>build/fuzz/done
        printf '%s %-20s FINDING, see build/fuzz/%s.log:\n' "$(date +%T)" "$name" "$name"
        grep -m 5 -E 'ERROR|SUMMARY|runtime error|Test unit written' "build/fuzz/$name.log"
        return 1
    fi
}

fuzz_command() {
    if [[ ${1:-} == --differential ]]; then
        differential_command "${@:2}"
        return
    fi
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
    : >build/fuzz/done
    printf '%s\n' "${programs[@]}" |
        xargs -P "$(nproc)" -I{} bash -c 'run_fuzzer "$@"' run_fuzzer "$seconds" {} "${#programs[@]}" ||
        fail "what was found is in build/fuzz/findings" || return
    printf '%d fuzzers, no finding\n' "${#programs[@]}"
}
