# shellcheck shell=bash
# What is particular to MySQL 9.7 when a test server is made. Sourced by servers.sh; the functions are those of
# mariadb_flavor.sh under another prefix.

mysql_daemon() { mysql_program mysqld; }
mysql_client() { mysql_program mysql; }
mysql_ensure() { ensure_mysql; }
mysql_version() { "$(mysql_daemon)" --no-defaults --version | sed 's/.*Ver \([0-9.]*\).*/\1/'; }

mysql_accounts() {
    cat <<'SQL'
CREATE USER weir_monitor@'%' IDENTIFIED BY 'secret';
GRANT REPLICATION CLIENT, PROCESS, REPLICATION SLAVE ON *.* TO weir_monitor@'%';
GRANT CONNECTION_ADMIN ON *.* TO weir_monitor@'%';
GRANT SELECT ON mysql.user TO weir_monitor@'%';
GRANT SELECT ON performance_schema.* TO weir_monitor@'%';
CREATE USER app@'%' IDENTIFIED BY 'app';
GRANT ALL PRIVILEGES ON *.* TO app@'%' WITH GRANT OPTION;
REVOKE SUPER, CONNECTION_ADMIN ON *.* FROM app@'%';
CREATE USER repl@'%' IDENTIFIED BY 'repl';
GRANT REPLICATION SLAVE ON *.* TO repl@'%';
CREATE DATABASE test;
SQL
}

# mysql_initialise DATA. The server's own identity (auto.cnf) is removed: each copy makes its own.
mysql_initialise() {
    local accounts=$1.accounts.sql
    mysql_accounts >"$accounts" || return 1
    "$(mysql_daemon)" --no-defaults --basedir="$(mysql_root)/usr" --user="$(id -un)" --datadir="$1" \
        --innodb-redo-log-capacity=64M --skip-log-bin --init-file="$accounts" --initialize-insecure || return 1
    rm -f "$1/auto.cnf" "$accounts"
}

mysql_options() {
    cat <<OPTIONS
--basedir=$(mysql_root)/usr
--innodb-redo-log-capacity=64M
--innodb-buffer-pool-size=128M
--gtid-mode=ON
--enforce-gtid-consistency=ON
--replica-net-timeout=10
--log-replica-updates=1
--mysqlx=OFF
OPTIONS
}

mysql_replica_options() { echo --super-read-only=1; }

mysql_follow() {
    cat <<SQL
CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=$1, SOURCE_USER='repl', SOURCE_PASSWORD='repl',
    SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=86400;
START REPLICA;
SQL
}

mysql_stop_replication() { echo "STOP REPLICA;"; }
mysql_start_replication() { echo "START REPLICA;"; }
mysql_delay() { echo "STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_DELAY=$1; START REPLICA;"; }
mysql_position() { echo "SELECT REPLACE(@@GLOBAL.gtid_executed, CHAR(10), '');"; }
mysql_wait_for() { echo "SELECT WAIT_FOR_EXECUTED_GTID_SET('$1', $2);"; }
