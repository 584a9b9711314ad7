# shellcheck shell=bash
# Configures and builds a preset of CMakePresets.json. Sourced, in the root of the tree; needs progress.sh, install.sh.

presets() { sed -n 's/^ *{ "name": "\([a-z]*\)", "\(inherits\|displayName\)".*/\1/p' CMakePresets.json; }

# configure_preset PRESET [-D NAME=VALUE...]: quickly, if it is done already.
configure_preset() {
    local preset=$1 launcher=()
    shift
    # Paths relative to the tree: another clone on the same machine finds what this one compiled.
    export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
    if command -v ccache >/dev/null; then
        launcher=(-D CMAKE_C_COMPILER_LAUNCHER=ccache -D CMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    cmake --preset "$preset" "${launcher[@]}" "$@" --log-level=WARNING >/dev/null
}

# build_preset PRESET [TARGET...]
build_preset() {
    local preset=$1
    shift
    configure_preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"} >&2
}

# What the counts of a trained build hold for.
sources_sum() {
    find CMakePresets.json CMakeLists.txt weir.cmake src protocol splitter replication_monitor lb config tests/bench \
        -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum
}

# build_trained PRESET TARGET...: weir-proxy is built twice; the first one counts what it runs under a load, and the second
# one is laid out by that. Done already for these sources: only what is missing is built. No TARGET: all of them.
build_trained() {
    local preset=$1 sum stamp=build/$1/trained
    shift
    sum=$(sources_sum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
        note "building weir-proxy to count what it runs"
        find "build/$preset" -name '*.gcda' -delete 2>/dev/null || true
        configure_preset "$preset" -D WEIR_PROFILE=generate && cmake --build --preset "$preset" --target weir-proxy >&2 || return
        note "running loads through it"
        tests/bench/train "build/$preset" || return
        note "building it again by these counts"
    fi
    # The compiler's cache knows nothing of counts that lie beside objects.
    (
        export CCACHE_DISABLE=1
        configure_preset "$preset" -D WEIR_PROFILE=use && cmake --build --preset "$preset" ${1:+--target "$@"} >&2
    ) || return
    echo "$sum" >"$stamp"
}

build_help() {
    cat <<HELP
usage: ./dev build [preset]

Installs what a build needs and builds all targets of a preset (default: release) into build/<preset>/; programs are in
build/<preset>/bin/. Presets: $(presets | paste -sd' ').

trained is the release for production, weir-proxy alone: it is built, run under a load on servers of its own, and built again,
laid out by what that load ran, so that less of its code is fetched from memory for a query. It takes three times as long.
HELP
}

build_command() {
    local preset=${1:-release}
    (($# <= 1)) || usage_error "./dev build takes one preset"
    presets | grep -qxF -- "$preset" || usage_error "no preset '$preset'; there are: $(presets | paste -sd' ')"
    local packages=("${WEIR_PACKAGES_BUILD[@]}")
    case $preset in
    fuzz | tidy | each) packages+=("${WEIR_PACKAGES_FUZZ[@]}") ;;
    bench | trained) packages+=("${WEIR_PACKAGES_SERVERS[@]}" "${WEIR_PACKAGES_BENCH[@]}") ;;
    esac
    plan_steps 2
    step "installing what the build needs"
    install_packages "${packages[@]}"
    step "building preset $preset"
    case $preset in
    trained) build_trained trained weir-proxy ;;
    bench) build_trained bench ;;
    *) build_preset "$preset" ;;
    esac
    note "programs are in build/$preset/bin"
}
