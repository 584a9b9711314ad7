# shellcheck shell=bash
# MySQL 9.7 from Debian's unstable suite beside a stable system: its packages and all they need are unpacked (not
# installed) into a folder of their own, and its programs run by that folder's own dynamic loader. No chroot is needed,
# so sockets, data and certificates keep their usual paths. Sourced; needs cache.sh and progress.sh.

# The code that callers turn into "skipped": the suite cannot be reached. ctest's SKIP_RETURN_CODE is the same.
readonly WEIR_SUITE_UNREACHABLE=77

# mysql_root: the folder, whether it exists or not.
mysql_root() {
    printf '%s\n' "${WEIR_MYSQL_ROOT:-$(cache_dir)/mysql-root}"
}

# mysql_program NAME: path of a wrapper that runs MySQL's own NAME (mysqld, mysql, mysqlbinlog, mysqlrouter, ...).
mysql_program() {
    printf '%s/run/%s\n' "$(mysql_root)" "$1"
}

# debian_mirrors: where this machine's apt gets Debian from, then the general address.
debian_mirrors() {
    {
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
            awk '$1 == "URIs:" { for (i = 2; i <= NF; i++) print $i }'
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
            sed 's/\[[^]]*\]//' | awk '$1 == "deb" { print $2 }'
    } | sed 's,/*$,,' | grep -E '/debian(/[0-9TZ]+)?$' | awk '!seen[$0]++' || true
    echo http://deb.debian.org/debian
}

# unpack_mysql_suite MIRROR ROOT
unpack_mysql_suite() (
    local mirror=$1 root=$2 apt=$2/apt package
    mkdir -p "$apt"/{lists/partial,cache/archives/partial} "$root/run" || exit 1
    : >"$apt/status"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s unstable main\n' "$mirror" >"$apt/sources.list"
    local options=(-o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "Dir::State::status=$apt/status"
        -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root
        -o Acquire::Check-Valid-Until=false -o Acquire::Retries=2 -o Acquire::http::Timeout=20
        -o APT::Update::Error-Mode=any)
    apt-get "${options[@]}" -q update >>"$root/unpack.log" 2>&1 || exit 1
    apt-get "${options[@]}" -q -y --no-install-recommends --download-only install \
        mysql-server-core mysql-client-core mysql-router >>"$root/unpack.log" 2>&1 || exit 1
    for package in "$apt"/cache/archives/*.deb; do
        case ${package##*/} in perl* | libperl*) continue ;; esac   # only for mysqld's helper scripts
        dpkg-deb --extract "$package" "$root" || exit 1
    done
    rm -rf "$apt" "$root"/usr/share/{doc,man,locale}
    write_mysql_wrappers "$root"
)

# write_mysql_wrappers ROOT: one script a program, which finds the loader beside itself.
write_mysql_wrappers() {
    local root=$1 program
    for program in "$root"/usr/sbin/mysqld "$root"/usr/bin/mysql*; do
        [[ $(head -c 4 "$program") == $'\x7fELF' ]] || continue
        cat >"$root/run/${program##*/}" <<'WRAPPER'
#!/bin/bash
name=${0##*/}
root=$(dirname "$(dirname "$(readlink -f "$0")")")
machine=$(uname -m)
program=$root/usr/bin/$name
[[ -e $program ]] || program=$root/usr/sbin/$name
for loader in "$root"/usr/lib64/ld-linux-*.so.? "$root"/usr/lib/"$machine"-linux-gnu/ld-linux-*.so.?; do
    [[ -e $loader ]] && break
done
exec "$loader" --library-path "$root/usr/lib/$machine-linux-gnu" "$program" "$@"
WRAPPER
        chmod 755 "$root/run/${program##*/}"
    done
}

# unpack_mysql_from_any_mirror ROOT
unpack_mysql_from_any_mirror() {
    local mirror
    while read -r mirror; do
        note "unpacking MySQL from Debian's unstable suite (about 70 MB)"
        unpack_mysql_suite "$mirror" "$1" && return 0
    done < <(debian_mirrors | awk '!seen[$0]++')
    tail -n 5 "$1/unpack.log" >&2
    return "$WEIR_SUITE_UNREACHABLE"
}

# ensure_mysql: MySQL is unpacked and runs. Returns WEIR_SUITE_UNREACHABLE if the suite could not be fetched.
ensure_mysql() {
    local root
    root=$(mysql_root)
    [[ -x $root/run/mysqld ]] || make_once "$root" unpack_mysql_from_any_mirror || return
    "$root/run/mysqld" --no-defaults --version >/dev/null || fail "MySQL in $root does not run; remove it and try again"
}
