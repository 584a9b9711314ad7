"""A statement in flight through every moment of a connection's and a server's death: docs/retries.md, observed.

What was seen is written to retries.FLAVOR.md in the folder WEIR_FIXTURE (build/ without one), a row for each case.
"""
import os
import signal
import tempfile
import threading

import pymysql

import binary_protocol
from cutting_relay import cutting_relay, trap
from weir_cluster import ROOT, error_of, proxy_case, reserve_ports, rows, wait_until

MARK = "/*cut here*/"
BIG = 12 << 20    # more than sockets between here and there hold
ROWS = 20000


class statement:
    """`before` runs first; `text` meets the failure; `after` runs if it was answered. `writes`: rows that it adds if all is
    well, `{token}` stands for a name of the case's own."""

    def __init__(self, name, text, before=(), after=(), big=False):
        self.name, self.text, self.before, self.after, self.big = name, text, before, after, big

    def sql(self, text, token):
        return text.format(token=token, mark=MARK, size=3000, filler="x" * BIG if self.big else "")


INSERT = "INSERT INTO retries.t (token) VALUES ('{token}')"
MARKED_INSERT = "INSERT {mark} INTO retries.t (token, filler) VALUES ('{token}', '{filler}')"
READ = "SELECT {mark} @@server_id"
LONG_READ = "SELECT {mark} id, REPEAT('x', 100) FROM retries.numbers"
COUNT = "SELECT COUNT(*) FROM retries.t WHERE token = '{token}'"

read = statement("read", READ)
long_read = statement("read", LONG_READ)
write = statement("write", MARKED_INSERT)
big_write = statement("write", MARKED_INSERT, big=True)
read_only = statement("read in a read-only transaction", READ.replace("@@server_id", "COUNT(*)") + " FROM retries.numbers",
                      before=["START TRANSACTION READ ONLY", COUNT], after=["COMMIT"])
read_in_transaction = statement("read in a transaction that has read", READ, before=["BEGIN", COUNT], after=["COMMIT"])
write_in_transaction = statement("write in a transaction that has written", MARKED_INSERT, before=["BEGIN", INSERT], after=["COMMIT"])
big_write_in_transaction = statement("write in a transaction that has written", MARKED_INSERT, before=["BEGIN", INSERT],
                                     after=["COMMIT"], big=True)
commit = statement("COMMIT", "COMMIT {mark}", before=["BEGIN", INSERT])
pinned = statement("read of a pinned session", READ, before=["SELECT GET_LOCK('{token}', 1)"])

# They take long enough to meet a shutdown.
SLOW = "SELECT {mark} COUNT(*) FROM retries.numbers a JOIN retries.numbers b ON a.id + b.id > 5 WHERE b.id < {size}"
slow_read = statement("read", SLOW)
slow_write = statement("write", "INSERT INTO retries.t (filler, token) SELECT v.*, '{token}' FROM (" + SLOW + ") v")
slow_write_in_transaction = statement("write in a transaction that has written", slow_write.text, before=["BEGIN", INSERT],
                                      after=["COMMIT"])

ELSEWHERE, CUT_OFF = "answered", "cut off (2013)"
# Some servers say that they end the connection, others just do.
TOLD = (CUT_OFF, "error 1053", "error 1317", "error 1927")

# What became of a commit MySQL's binary log tells; a write that is known to be rolled back is run again where that is allowed.
class by_flavour:
    def __init__(self, mysql, mariadb):
        self.mysql, self.mariadb = mysql, mariadb


def of_flavour(value, flavour):
    return getattr(value, flavour) if isinstance(value, by_flavour) else value


COMMITTED, ROLLED_BACK = "error 1105", "error 3101"
DONE = by_flavour(ELSEWHERE, CUT_OFF)            # a commit that was, or is run again
RESULT_LOST = by_flavour(COMMITTED, CUT_OFF)     # a write of which only that is known
ONCE_MORE = by_flavour(1, 0)
# A server that stops says so, or closes the connection without a word; then MySQL's log tells, and the write is run once more.
WHILE_STOPPING = by_flavour({**dict.fromkeys(TOLD, 0), ELSEWHERE: 1}, dict.fromkeys(TOLD, 0))

# What fails, at which moment, how much of an answer passes, and what comes of it: the client's, and how many rows are there.
CASES = [
    (read, "before", 0, ELSEWHERE, 0),
    (read, "sent", 0, ELSEWHERE, 0),
    (read, "answered", 0, ELSEWHERE, 0),
    (read, "answered", 2, ELSEWHERE, 0),
    (long_read, "answered", 100000, CUT_OFF, 0),
    (write, "before", 0, ELSEWHERE, 1),
    (big_write, "part", 0, ELSEWHERE, 1),
    (write, "sent", 0, DONE, ONCE_MORE),
    (write, "answered", 0, RESULT_LOST, 1),
    (write, "answered", 2, RESULT_LOST, 1),
    (read_only, "before", 0, ELSEWHERE, 0),
    (read_only, "sent", 0, ELSEWHERE, 0),
    (read_only, "answered", 2, ELSEWHERE, 0),
    (read_only, "answered", 12, CUT_OFF, 0),
    (read_in_transaction, "before", 0, ELSEWHERE, 0),
    (read_in_transaction, "sent", 0, ELSEWHERE, 0),
    (read_in_transaction, "answered", 0, ELSEWHERE, 0),
    (pinned, "before", 0, CUT_OFF, 0),
    (pinned, "sent", 0, CUT_OFF, 0),
]
WITH_REPLAY = [
    (write_in_transaction, "before", 0, ELSEWHERE, 2),
    (big_write_in_transaction, "part", 0, ELSEWHERE, 2),
    (write_in_transaction, "sent", 0, ELSEWHERE, 2),
    (write_in_transaction, "answered", 0, ELSEWHERE, 2),
    (commit, "before", 0, ELSEWHERE, 1),
    (commit, "sent", 0, DONE, ONCE_MORE),
    (commit, "answered", 0, DONE, 1),
    (commit, "answered", 2, DONE, 1),
]
WITHOUT_REPLAY = [
    (write, "sent", 0, by_flavour(ROLLED_BACK, CUT_OFF), 0),
    (write, "answered", 0, RESULT_LOST, 1),
    (write_in_transaction, "before", 0, CUT_OFF, 0),
    (write_in_transaction, "sent", 0, CUT_OFF, 0),
    (write_in_transaction, "answered", 0, CUT_OFF, 0),
    (commit, "before", 0, CUT_OFF, 0),
    (commit, "sent", 0, by_flavour(ROLLED_BACK, CUT_OFF), 0),
    (commit, "answered", 0, DONE, 1),
]
# With SIGKILL for the server at that moment; it comes back by itself.
KILLED = [
    (read, "sent", 0, ELSEWHERE, 0),
    (read, "answered", 2, ELSEWHERE, 0),
    (long_read, "answered", 100000, CUT_OFF, 0),
    (read_only, "sent", 0, ELSEWHERE, 0),
    (write, "sent", 0, DONE, ONCE_MORE),
    (write, "answered", 0, RESULT_LOST, 1),
    (big_write, "part", 0, ELSEWHERE, 1),
    (read_in_transaction, "sent", 0, ELSEWHERE, 0),
    (write_in_transaction, "sent", 0, ELSEWHERE, 2),
    (write_in_transaction, "answered", 0, ELSEWHERE, 2),
    (commit, "sent", 0, DONE, ONCE_MORE),
    (commit, "answered", 0, DONE, 1),
]
# With SIGTERM while the statement runs.
STOPPED = [
    (slow_read, "running", 0, ELSEWHERE, 0),
    (slow_write, "running", 0, WHILE_STOPPING, None),
    (slow_write_in_transaction, "running", 0, ELSEWHERE, 2),
]
# With KILL of the server's connection, by somebody at the server.
KILLED_CONNECTION = [
    (slow_read, "running", 0, ELSEWHERE, 0),
    (slow_write, "running", 0, by_flavour(ELSEWHERE, TOLD), ONCE_MORE),
    (slow_write_in_transaction, "running", 0, ELSEWHERE, 2),
]


class retry_table(proxy_case):
    """Between the proxy and each server stands a relay that breaks connections. Reads go to db2 and db3."""

    @classmethod
    def prepare_servers(cls):
        if cls.flavour == "mysql":
            # What a crash leaves is certain only then.
            usual = cls.cluster.env["EXTRA_OPTIONS"]
            cls.addClassCleanup(cls.cluster.set_options, usual)
            cls.cluster.set_options(f"{usual} --sync-binlog=1 --innodb-flush-log-at-trx-commit=1".strip())
        cls.cluster.sql(1, "DROP DATABASE IF EXISTS retries", "CREATE DATABASE retries",
                        "CREATE TABLE retries.t (token VARCHAR(40), filler LONGTEXT)",
                        "CREATE TABLE retries.numbers (id INT PRIMARY KEY)",
                        "INSERT INTO retries.numbers SELECT 10000 * a + 1000 * b + 100 * c + 10 * d + e FROM "
                        "(SELECT 0 AS a UNION SELECT 1) v, " + ", ".join(
                            f"(SELECT 0 AS {name} UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 "
                            f"UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) {name}{name}" for name in "bcde"))
        folder = os.environ.get("WEIR_FIXTURE") or os.path.join(ROOT, "build")
        cls.report = os.path.join(folder, f"retries.{cls.flavour}.md")
        with open(cls.report, "w", encoding="utf-8") as report:
            report.write(f"# Statements through every moment of a failure ({cls.flavour})\n\n"
                         "| what fails | statement | moment | the client's answer | rows written |\n|---|---|---|---|---|\n")
        ports = reserve_ports(len(cls.cluster.ports), cls.cluster.base)
        cls.relays = [cutting_relay(n, port, target) for n, (port, target) in enumerate(zip(ports, cls.cluster.ports), 1)]
        for relay in cls.relays:
            cls.addClassCleanup(relay.close)
        cls.relay_ports = ports

    @classmethod
    def proxy_settings(cls):
        return {"proxy": {"workers": 1},
                "servers": [{"name": f"db{i + 1}", "address": f"127.0.0.1:{port}"} for i, port in enumerate(cls.relay_ports)],
                "tls": {"server": {"mode": "disabled"}},
                "timeouts": {"connect": "40s", "commit_outcome": "40s", "unclaimed_backend": "500ms"},
                # Reads are to meet replicas, whatever these have.
                "routing": {"transaction_replay": True, "max_lag": "10s", "consistency": "eventual"}}

    def await_all(self):
        wait_until(60, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "all servers are up")

    def run_case(self, number, case, kills):
        """What the client was answered, and the rows that are there afterwards."""
        what, moment, passed, *_ = case
        token = f"{self._testMethodName[-20:]}{number}"
        db = self.connect(read_timeout=100)
        for text in what.before:
            rows(db, what.sql(text, token))
        if kills == "kill_server" and what in (write, commit):
            self.let_time_pass()
        snare = trap(MARK, moment, passed, lambda n: self.end_server(n, kills) if kills else None)
        servers = (2, 3) if what in (read, long_read, slow_read, read_only) else (1,)
        for n in servers:
            relay = self.relays[n - 1]
            if moment == "before":
                relay.break_sessions()
            else:
                relay.arm(snare)
        outcome = self.outcome(db, what, token)
        for n in servers:
            self.relays[n - 1].arm(None)
        if moment != "before":
            self.assertTrue(snare.sprung.wait(60), "the statement has met its end")
        for thread in self.restarts:
            thread.join()
        self.restarts.clear()
        count = self.cluster.sql(1, what.sql(COUNT, token))[0][0]
        return outcome, count

    def uptime(self):
        return int(self.cluster.sql(1, "SHOW GLOBAL STATUS LIKE 'Uptime'")[0][1])

    def let_time_pass(self):
        """Servers tell when they were started to the second: the client's connection is to be older than the next start."""
        begun = self.uptime()
        wait_until(10, lambda: self.uptime() > begun + 1, "time has passed")

    def leave_the_start_behind(self):
        """For the same reason it is to be younger than the last start: of a connection that may be as old as its server MySQL's
        log proves nothing."""
        if self.flavour != "mysql" or self.uptime() >= 10:
            return
        wait_until(20, lambda: self.uptime() >= 4, "the server's start is past")
        wait_until(20, lambda: self.proxy.metric('weir_backend_connections{server="db1"}') == 0, "connections of then are closed")

    def outcome(self, db, what, token):
        try:
            rows(db, what.sql(what.text, token))
        except pymysql.err.MySQLError as error:
            if error.args[0] == 2013:
                return CUT_OFF
            db.close()
            return f"error {error.args[0]}"
        for text in what.after:
            rows(db, what.sql(text, token))
        db.close()
        return ELSEWHERE

    def end_server(self, n, how):
        """Ends server n, which is started again meanwhile, or only the connection there that runs the statement."""
        if how == "kill_connection":
            find = f"SELECT MAX(id) FROM information_schema.processlist WHERE info LIKE '%{MARK}%' AND id <> CONNECTION_ID()"
            self.cluster.sql(n, f"KILL {wait_until(10, lambda: self.cluster.sql(n, find)[0][0], 'the statement runs')}")
            return
        if how == "kill_server":
            self.cluster.control(how, n)
        else:
            os.kill(self.cluster.pid(n), signal.SIGTERM)
        thread = threading.Thread(target=self.cluster.control, args=("restart_server", n))
        self.restarts.append(thread)
        thread.start()

    def run_cases(self, cases, kills=None, title="connection"):
        self.restarts = []
        for number, case in enumerate(cases):
            self.await_all()
            self.leave_the_start_behind()
            if kills:
                # An older transaction, by which the log shows that the server was started before.
                self.cluster.sql(1, "INSERT INTO retries.t (token) VALUES ('older')")
                self.cluster.caught_up()
            what, moment, passed, expected, expected_rows = (of_flavour(part, self.flavour) for part in case)
            seen, count = self.run_case(number, case, kills)
            place = {"before": "before it is sent", "part": "a part was sent", "sent": "sent, and the server got nothing",
                     "running": "while it runs",
                     "answered": f"answered, {passed} bytes of it passed"}[moment]
            with open(self.report, "a", encoding="utf-8") as report:
                report.write(f"| {title} | {what.name} | {place} | {seen} | {count} |\n")
            with self.subTest(what=what.name, moment=place, fails=title):
                outcomes = expected    # and how many rows are there after each
                if not isinstance(expected, dict):
                    outcomes = dict.fromkeys(expected if expected is TOLD else (expected,), expected_rows)
                self.assertIn(seen, outcomes)
                self.assertEqual(count, outcomes[seen])

    def test_a_connection_breaks(self):
        self.run_cases(CASES)

    def test_a_connection_breaks_under_what_can_be_replayed(self):
        self.run_cases(WITH_REPLAY, title="connection, with replay")

    def test_a_connection_breaks_under_what_is_not_replayed(self):
        self.proxy.configure({"routing": {"transaction_replay": False}})
        self.proxy.reload()
        try:
            self.run_cases(WITHOUT_REPLAY, title="connection, without replay")
        finally:
            self.proxy.configure({"routing": {"transaction_replay": True}})
            self.proxy.reload()

    def test_a_server_is_killed(self):
        self.run_cases(KILLED, kills="kill_server", title="server, SIGKILL")

    def test_a_server_is_shut_down(self):
        self.run_cases(STOPPED, kills="stop_server", title="server, SIGTERM")

    def test_a_servers_connection_is_killed(self):
        self.run_cases(KILLED_CONNECTION, kills="kill_connection", title="connection, KILL")

    def test_a_transaction_that_would_come_out_differently_is_not_replayed(self):
        db = self.connect()
        rows(db, "BEGIN")
        self.assertEqual(rows(db, "SELECT COUNT(*) FROM retries.numbers"), ((ROWS,),))
        self.cluster.sql(1, "INSERT INTO retries.numbers VALUES (100000)")
        self.addCleanup(self.cluster.sql, 1, "DELETE FROM retries.numbers WHERE id = 100000")
        self.relays[0].break_sessions()
        with self.assertRaises(pymysql.err.OperationalError) as caught:
            rows(db, "SELECT 1")
        self.assertEqual(caught.exception.args[0], 2013)

    def test_a_client_that_sends_a_file_is_told_that_its_server_is_lost(self):
        self.await_all()
        with tempfile.NamedTemporaryFile("w", prefix="weir-rows.", dir="/tmp", encoding="utf-8") as file:
            # More follows the mark than sockets hold: the loss is met while the file is sent.
            file.writelines(f"loaded\t{MARK if 1000 < i < 2000 else 'x' * 1000}\n" for i in range(2000 + BIG // 1000))
            file.flush()
            db = self.connect(local_infile=True)
            snare = trap(MARK, "part")
            self.relays[0].arm(snare)
            self.addCleanup(self.relays[0].arm, None)
            self.assertEqual(error_of(rows, db, f"LOAD DATA LOCAL INFILE '{file.name}' INTO TABLE retries.t"), 1158)
        self.assertTrue(snare.sprung.wait(60))
        self.assertEqual(self.cluster.sql(1, "SELECT COUNT(*) FROM retries.t WHERE token = 'loaded'"), ((0,),))
        self.assertEqual(error_of(rows, db, "SELECT 1"), 2013, "the session is over")

    def test_prepared_statements_are_replayed_too(self):
        """The transaction is interrupted between two executions of one statement."""
        db = self.connect()
        rows(db, "BEGIN")
        add = binary_protocol.statement(db, "INSERT INTO retries.t (token, filler) VALUES (?, ?)")
        ask = binary_protocol.statement(db, "SELECT COUNT(*) FROM retries.t WHERE token = ?")
        add.execute(b"prepared", 1)
        self.assertEqual(ask.execute(b"prepared").rows, [(1,)])
        self.relays[0].break_sessions()
        add.execute(b"prepared", 2)
        self.assertEqual(ask.execute(b"prepared").rows, [(2,)])
        rows(db, "COMMIT")
        self.assertEqual(self.cluster.sql(1, "SELECT filler FROM retries.t WHERE token = 'prepared' ORDER BY filler"),
                         (("1",), ("2",)))
