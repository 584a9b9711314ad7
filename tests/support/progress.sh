# shellcheck shell=bash
# What people see while a command of ours works. Sourced. All of it goes to standard error, so that standard output
# stays free for results.

WEIR_STEP=0
WEIR_STEPS=0

# plan_steps N: the number of step lines that will follow.
plan_steps() {
    WEIR_STEPS=$1
    WEIR_STEP=0
}

# step TEXT...: "[3/7] TEXT"
step() {
    WEIR_STEP=$((WEIR_STEP + 1))
    printf '[%d/%d] %s\n' "$WEIR_STEP" "$WEIR_STEPS" "$*" >&2
}

# note TEXT...: a remark below the current step.
note() {
    printf '      %s\n' "$*" >&2
}

# fail TEXT...: says what went wrong and returns 1, for `|| fail ...`.
fail() {
    printf 'error: %s\n' "$*" >&2
    return 1
}

# usage_error TEXT...: a wrong command line; ends the shell with 2.
usage_error() {
    printf 'error: %s\n' "$*" >&2
    exit 2
}

# wait_until SECONDS COMMAND...: repeats COMMAND until it succeeds; 1 when the deadline has passed.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}
