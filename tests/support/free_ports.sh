# shellcheck shell=bash
# TCP ports on loopback for servers that start a moment later. Sourced; needs perl-base.
#
# Asking the kernel for a free port and closing it again leaves a gap in which another run may get the same one. So a
# port is also reserved by a file that names the folder of the run which uses it; a reservation whose folder is gone is
# void. The range lies below the ports that the kernel lends to outgoing connections.

WEIR_PORT_FOLDER=/tmp/weir-ports

# is_port_free PORT: nobody listens there, on either loopback.
is_port_free() {
    perl -MSocket -e '
        socket(my $s, PF_INET, SOCK_STREAM, 0) or exit 1;
        setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
        bind($s, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) and listen($s, 1) or exit 1;' "$1"
}

# try_reserve_port PORT OWNER
try_reserve_port() {
    local file=$WEIR_PORT_FOLDER/$1 owner
    if owner=$(cat "$file" 2>/dev/null) && [[ ! -d $owner ]]; then
        rm -f "$file"
    fi
    (set -o noclobber && printf '%s\n' "$2" >"$file") 2>/dev/null || return 1
    is_port_free "$1" && return 0
    rm -f "$file"
    return 1
}

# reserve_ports COUNT OWNER: prints COUNT ports, reserved for as long as the folder OWNER exists.
reserve_ports() {
    local left=$1 owner=$2 tries=2000 port
    [[ -d $WEIR_PORT_FOLDER ]] || (umask 0 && mkdir -p "$WEIR_PORT_FOLDER")
    while ((left > 0)); do
        ((tries-- > 0)) || {
            echo "error: no free port between 20000 and 31999" >&2
            return 1
        }
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        try_reserve_port "$port" "$owner" || continue
        printf '%s\n' "$port"
        left=$((left - 1))
    done
}

# release_ports OWNER: gives back all ports of OWNER.
release_ports() {
    local file
    for file in "$WEIR_PORT_FOLDER"/*; do
        [[ -f $file && $(<"$file") == "$1" ]] && rm -f "$file"
    done
    return 0
}
