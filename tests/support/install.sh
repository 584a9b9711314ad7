# shellcheck shell=bash
# shellcheck disable=SC2034  # the lists are for those who source this
# Installs the Debian packages that a command needs, only what is missing. Sourced; needs progress.sh.

WEIR_PACKAGES_BUILD=(g++ cmake ninja-build ccache git libboost1.81-dev libmariadb-dev libmariadb-dev-compat libssl-dev
    libyaml-cpp-dev libre2-dev libspdlog-dev libfmt-dev libcli11-dev libsodium-dev nlohmann-json3-dev libzstd-dev zlib1g-dev
    libxxhash-dev
    libgtest-dev libgmock-dev)
WEIR_PACKAGES_SERVERS=(mariadb-server mariadb-client openssl perl procps util-linux libdbd-mariadb-perl
    debian-archive-keyring)
WEIR_PACKAGES_TEST=(python3 python3-pymysql python3-cryptography)
WEIR_PACKAGES_LINT=(clang-14 clang-format-14 clang-tidy-14 shellcheck perl systemd)
WEIR_PACKAGES_FUZZ=(clang-14 libclang-rt-14-dev llvm-14)
WEIR_PACKAGES_BENCH=(haproxy sysbench libbenchmark-dev python3 python3-matplotlib)

# missing_packages NAME...: those not installed, a line each.
missing_packages() {
    local installed
    # dpkg-query fails if it does not know one of them, and still lists the others.
    installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } | sed -n 's/^installed //p')
    grep -vxF "$installed" < <(printf '%s\n' "$@" | sort -u) || true
}

# apt_get ARGUMENTS...: waits up to five minutes while another process holds apt's locks.
apt_get() {
    local log deadline=$((SECONDS + 300)) code
    log=$(mktemp)
    while true; do
        code=0
        # Services do not start: the only servers we use are those that a test starts itself.
        DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 || code=$?
        if ((code == 0)) || ((SECONDS >= deadline)) || ! grep -qiE 'could not get lock|unable to (acquire|lock)' "$log"; then
            break
        fi
        note "apt is in use by another process, waiting"
        sleep 2
    done
    ((code == 0)) || tail -n 20 "$log" >&2
    rm -f "$log"
    return "$code"
}

# install_packages NAME...
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || fail "not root, so please install: ${missing[*]}" || return
    note "apt-get install ${missing[*]}"
    apt_get -y --no-install-recommends install "${missing[@]}" 2>/dev/null && return 0
    apt_get update || return
    apt_get -y --no-install-recommends install "${missing[@]}"
}
