# shellcheck shell=bash
# The client programs and drivers that integration tests connect with. Sourced; needs cache.sh, install.sh, progress.sh.
# What does not come from Debian, or has to be compiled, is kept in the cache, under a name of its sources' digest.

WEIR_CLIENT_SOURCES=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../integration/clients
WEIR_ORM_SOURCES=$WEIR_CLIENT_SOURCES/../orms
WEIR_PACKAGES_CLIENTS=(libdbd-mariadb-perl nodejs php-cli php-mysql golang-go
    golang-github-go-sql-driver-mysql-dev python3-django python3-mysqldb)

# client_target NAME SOURCE: where what is made of SOURCE is kept.
client_target() { printf '%s/clients/%s-%s\n' "$(cache_dir)" "$1" "$(sha256sum <"$2" | cut -c1-8)"; }

node_clients() { client_target node "$WEIR_CLIENT_SOURCES/package.json"; }
node_orms() { client_target node-orms "$WEIR_ORM_SOURCES/package.json"; }
go_client() { client_target go "$WEIR_CLIENT_SOURCES/go_driver.go"; }

# fetch_node_packages SOURCES FOLDER: what npm has of the package.json in SOURCES, in its versions.
fetch_node_packages() {
    cp "$1/package.json" "$2" || return
    shift
    if ! (cd "$1" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts >npm.log 2>&1); then
        tail -n 5 "$1/npm.log" >&2
        return 1
    fi
}
fetch_node_clients() { fetch_node_packages "$WEIR_CLIENT_SOURCES" "$1"; }
fetch_node_orms() { fetch_node_packages "$WEIR_ORM_SOURCES" "$1"; }

# compile_go_client FOLDER
compile_go_client() {
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$1/cache CGO_ENABLED=0 \
        go build -o "$1/go_driver" "$WEIR_CLIENT_SOURCES/go_driver.go" && rm -rf "$1/cache"
}

# ensure_clients: all of them are there; fails if one cannot be had.
ensure_clients() {
    install_packages "${WEIR_PACKAGES_CLIENTS[@]}" || return
    # Other sources' nodejs brings its own npm, and conflicts with Debian's.
    command -v npm >/dev/null || install_packages npm || return
    [[ -d $(node_clients) ]] || note "fetching drivers from npm"
    make_once "$(node_clients)" fetch_node_clients || fail "npm's drivers cannot be had" || return
    make_once "$(node_orms)" fetch_node_orms || fail "npm's object-relational mappers cannot be had" || return
    [[ -d $(go_client) ]] || note "compiling the client of Go's driver"
    make_once "$(go_client)" compile_go_client || fail "the client of Go's driver does not compile"
}
