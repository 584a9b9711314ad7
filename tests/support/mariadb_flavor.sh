# shellcheck shell=bash
# What is particular to MariaDB when a test server is made. Sourced by servers.sh; mysql_flavor.sh has the same functions
# under its own prefix.

mariadb_daemon() { command -v mariadbd || echo /usr/sbin/mariadbd; }
mariadb_client() { command -v mariadb; }
mariadb_ensure() { [[ -x $(mariadb_daemon) ]] || fail "mariadb-server is not installed"; }
mariadb_version() { "$(mariadb_daemon)" --no-defaults --version | sed 's/.*Ver \([0-9.]*\).*/\1/'; }

# The accounts of every test cluster. They are part of the template, so all servers have them from the start and none
# of their statements is in a binary log.
mariadb_accounts() {
    cat <<'SQL'
FLUSH PRIVILEGES;
DELETE FROM mysql.global_priv WHERE User = '';
FLUSH PRIVILEGES;
CREATE USER weir_monitor@'%' IDENTIFIED BY 'secret';
GRANT BINLOG MONITOR, SLAVE MONITOR, PROCESS ON *.* TO weir_monitor@'%';
GRANT SELECT ON mysql.user TO weir_monitor@'%';
GRANT SELECT ON mysql.global_priv TO weir_monitor@'%';
CREATE USER app@'%' IDENTIFIED BY 'app';
GRANT ALL PRIVILEGES ON *.* TO app@'%' WITH GRANT OPTION;
REVOKE SUPER, READ_ONLY ADMIN ON *.* FROM app@'%';
CREATE USER repl@'%' IDENTIFIED BY 'repl';
GRANT REPLICATION SLAVE ON *.* TO repl@'%';
CREATE DATABASE test;
SQL
}

# mariadb_initialise DATA: a new data directory with the accounts.
mariadb_initialise() {
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$1" --auth-root-authentication-method=normal \
        --skip-test-db --skip-name-resolve --force --innodb-log-file-size=48M || return 1
    mariadb_accounts | "$(mariadb_daemon)" --no-defaults --user="$(id -un)" --datadir="$1" --bootstrap \
        --innodb-log-file-size=48M
}

# mariadb_options: beside those of all flavours.
mariadb_options() {
    cat <<'OPTIONS'
--innodb-log-file-size=48M
--innodb-buffer-pool-size=128M
--performance-schema=0
--plugin-load-add=auth_ed25519
--gtid-strict-mode=1
--slave-net-timeout=10
--log-slave-updates=1
OPTIONS
}

mariadb_replica_options() { echo --read-only=1; }

# mariadb_follow PORT: the SQL that makes a server a replica of the one on PORT.
mariadb_follow() {
    cat <<SQL
CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=$1, MASTER_USER='repl', MASTER_PASSWORD='repl',
    MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1;
START SLAVE;
SQL
}

mariadb_stop_replication() { echo "STOP SLAVE;"; }
mariadb_start_replication() { echo "START SLAVE;"; }
mariadb_delay() { echo "STOP SLAVE; CHANGE MASTER TO MASTER_DELAY=$1; START SLAVE;"; }
mariadb_position() { echo "SELECT @@gtid_binlog_pos;"; }

# mariadb_wait_for POSITION SECONDS: SQL whose answer is 0 once the server has executed POSITION.
mariadb_wait_for() { echo "SELECT MASTER_GTID_WAIT('$1', $2);"; }
