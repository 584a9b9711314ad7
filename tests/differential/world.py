"""The replicas behind the proxy: lag on demand, and fresh schemas for each script.

Reads of a session see what that session wrote (`routing.consistency: session`), so a script in which a session has to see what
another one wrote, or what the client wrote before it connected anew, waits for the replicas there.
"""
import contextlib
import re

import pymysql

SCHEMAS = ("weir_fuzz", "weir_fuzz_b")
# Steps after which a session may have forgotten what it wrote.
FORGETS = ("connect", "reset_connection", "change_user")
WORDS = {
    "mariadb": {"position": "SELECT @@gtid_binlog_pos", "wait": "SELECT MASTER_GTID_WAIT('{}', {})",
                "stop": "STOP SLAVE SQL_THREAD", "start": "START SLAVE SQL_THREAD", "status": "SHOW SLAVE STATUS"},
    "mysql": {"position": "SELECT @@GLOBAL.gtid_executed", "wait": "SELECT WAIT_FOR_EXECUTED_GTID_SET('{}', {})",
              "stop": "STOP REPLICA SQL_THREAD", "start": "START REPLICA SQL_THREAD", "status": "SHOW REPLICA STATUS",
              "workers": "SELECT LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker "
                         "WHERE LAST_ERROR_NUMBER <> 0"},
}


def connect(socket_file):
    return pymysql.connect(unix_socket=socket_file, user="root", autocommit=True, read_timeout=60)


def rows(db, sql):
    with db.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def value(db, sql):
    found = rows(db, sql)
    return found[0][0] if found else None


def drop(primary, schema):
    """Waits for sessions that end at this moment, and ends prepared transactions, which outlive theirs."""
    for left in reversed(range(20)):
        try:
            return value(primary, f"DROP DATABASE {schema}")
        except pymysql.err.MySQLError:
            if not left:
                raise
        for transaction in rows(primary, "XA RECOVER"):
            with contextlib.suppress(pymysql.err.MySQLError):    # its session may not have ended yet
                value(primary, f"XA ROLLBACK x'{as_bytes(transaction[3]).hex()}'")


def fresh_schemas(primary):
    for (schema,) in rows(primary, "SHOW DATABASES LIKE 'weir\\_fuzz%'"):
        drop(primary, schema)
    for schema in SCHEMAS:
        value(primary, f"CREATE DATABASE {schema}")


class lone_server:
    """The world of the server that is asked directly."""

    def __init__(self, socket_file):
        self.primary = connect(socket_file)

    def begin(self, _):
        fresh_schemas(self.primary)

    def before(self, _):
        """Nothing lags here."""

    def lag(self, replica, how):
        """Nor can it."""

    def end(self):
        """Nothing to undo."""


class replicated_servers:
    """`is_global`: reads see every client's writes, so nothing has to be waited for."""

    def __init__(self, flavour, socket_files, is_global):
        self.words, self.is_global = WORDS[flavour], is_global
        self.primary, *replicas = [connect(file) for file in socket_files]
        self.replicas = dict(enumerate(replicas, 2))
        self.undo = {}    # replica -> what ends its lag
        self.shared, self.last_session = False, None

    def begin(self, script):
        self.shared, self.last_session = script.shared, None
        fresh_schemas(self.primary)
        behind = self.catch_up(30)
        if behind:
            raise RuntimeError(f"replica {behind} does not catch up: {self.state(self.replicas[behind])}")

    def end(self):
        for replica in self.replicas:
            self.lag(replica, "go")

    def lag(self, replica, how):
        """"stall": the replica answers reads and applies nothing; "stop": replication is stopped; "go": neither."""
        db = self.replicas[replica]
        if replica in self.undo:
            value(db, self.undo.pop(replica))
        if how == "stall":
            value(db, "FLUSH TABLES WITH READ LOCK")
            self.undo[replica] = "UNLOCK TABLES"
        elif how == "stop":
            value(db, self.words["stop"])
            self.undo[replica] = self.words["start"]

    def before(self, step):
        """What a client would complain of, if replicas cannot go on: a session may hold locks there."""
        if self.is_global or "session" not in step:
            return None
        switches = self.shared and step["session"] != self.last_session
        self.last_session = step["session"]
        if not switches and step["do"] not in FORGETS:
            return None
        behind = self.catch_up(3)
        return f"replica {behind} does not catch up" if behind else None

    def catch_up(self, seconds):
        """A replica that has not executed what the primary has within so many seconds; None if all have."""
        position = value(self.primary, self.words["position"])
        for replica in self.replicas:
            self.lag(replica, "go")
        for replica, db in self.replicas.items():
            if value(db, self.words["wait"].format(position, seconds)) != 0:
                return replica
        return None

    def state(self, db):
        """What keeps a replica from going on."""
        with db.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute(self.words["status"])
            status = {name: what for name, what in cursor.fetchone().items() if re.search("Error|Running|State", name)}
        workers = rows(db, self.words["workers"]) if "workers" in self.words else []
        return "\n".join(map(str, [status, *workers, *rows(db, "SHOW FULL PROCESSLIST")]))
