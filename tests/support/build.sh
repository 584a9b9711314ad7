# shellcheck shell=bash
# Configures and builds a preset of CMakePresets.json. Sourced, in the root of the tree; needs progress.sh, install.sh.

presets() { sed -n 's/^ *{ "name": "\([a-z]*\)", "\(inherits\|displayName\)".*/\1/p' CMakePresets.json; }

# configure_preset PRESET: quickly, if it is done already.
configure_preset() {
    local launcher=()
    # Paths relative to the tree: another clone on the same machine finds what this one compiled.
    export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
    if command -v ccache >/dev/null; then
        launcher=(-D CMAKE_C_COMPILER_LAUNCHER=ccache -D CMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    cmake --preset "$1" "${launcher[@]}" --log-level=WARNING >/dev/null
}

# build_preset PRESET [TARGET...]
build_preset() {
    local preset=$1
    shift
    configure_preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"} >&2
}

build_help() {
    cat <<HELP
usage: ./dev build [preset]

Installs what a build needs and builds all targets of a preset (default: release) into build/<preset>/; programs are in
build/<preset>/bin/. Presets: $(presets | paste -sd' ').
HELP
}

build_command() {
    local preset=${1:-release}
    (($# <= 1)) || usage_error "./dev build takes one preset"
    presets | grep -qxF -- "$preset" || usage_error "no preset '$preset'; there are: $(presets | paste -sd' ')"
    local packages=("${WEIR_PACKAGES_BUILD[@]}")
    case $preset in
    fuzz | tidy | each) packages+=("${WEIR_PACKAGES_FUZZ[@]}") ;;
    bench) packages+=("${WEIR_PACKAGES_BENCH[@]}") ;;
    esac
    plan_steps 2
    step "installing what the build needs"
    install_packages "${packages[@]}"
    step "building preset $preset"
    build_preset "$preset"
    note "programs are in build/$preset/bin"
}
