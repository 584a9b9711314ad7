# shellcheck shell=bash
# Where things that are dear to make are kept between runs. Sourced.

# cache_dir: the folder, made if need be. WEIR_CACHE overrides; root uses /var/cache/weir, others their own cache.
cache_dir() {
    local dir=${WEIR_CACHE:-}
    if [[ -z $dir ]]; then
        if mkdir -p /var/cache/weir 2>/dev/null && [[ -w /var/cache/weir ]]; then
            dir=/var/cache/weir
        else
            dir=${XDG_CACHE_HOME:-$HOME/.cache}/weir
        fi
    fi
    mkdir -p "$dir"
    printf '%s\n' "$dir"
}

# make_once TARGET COMMAND...: runs COMMAND with one more argument, a fresh folder, and renames that folder to TARGET
# when it succeeds. Others who want the same TARGET wait. Does nothing if TARGET exists. Returns COMMAND's code.
make_once() {
    local target=$1
    shift
    [[ -d $target ]] && return 0
    mkdir -p "$(dirname "$target")"
    (
        flock 9
        [[ -d $target ]] && exit 0
        local fresh
        fresh=$(mktemp -d "$target.XXXXXX")
        chmod 755 "$fresh"
        local code=0
        "$@" "$fresh" 9>&- || code=$?
        if ((code == 0)); then
            mv "$fresh" "$target"
        else
            rm -rf "$fresh"
        fi
        exit "$code"
    ) 9>"$target.lock"
}
