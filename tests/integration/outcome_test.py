"""Connections break under writes and commits, at chosen and at random moments: whatever a client is told about them is true.

OK means that the row is there, once; error 3101 that it is not; error 1105 with "committed" that it is. Only a client that is
cut off knows nothing.
"""
import collections
import random
import time
from concurrent import futures

import pymysql

from cutting_relay import cutting_relay, trap
from weir_cluster import error_of, proxy_case, reserve_ports, rows, wait_until

MARK = "/*cut here*/"
SECONDS = 10
CLIENTS = 4
OK, COMMITTED, ROLLED_BACK, CUT_OFF = "OK", "committed", "rolled back", "cut off"
ROWS_THERE = {OK: {1}, COMMITTED: {1}, ROLLED_BACK: {0}, CUT_OFF: {0, 1}}


class random_relay(cutting_relay):
    """Breaks one of three connections under a marked statement."""

    def take_trap(self, data):
        if MARK.encode() not in data or random.random() > 0.33:
            return None
        return trap(MARK, random.choice(["sent", "raced", "raced", "answered"]), random.randrange(12))


class relayed_primary(proxy_case):
    """A relay stands before the primary."""
    relay_type = cutting_relay

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP DATABASE IF EXISTS outcome", "CREATE DATABASE outcome",
                        "CREATE TABLE outcome.t (token VARCHAR(80), INDEX (token))")
        port = reserve_ports(1, cls.cluster.base)[0]
        cls.relay = cls.relay_type(1, port, cls.cluster.ports[0])
        cls.addClassCleanup(cls.relay.close)
        cls.ports = [port, *cls.cluster.ports[1:]]

    @classmethod
    def proxy_settings(cls):
        return {"proxy": {"workers": 1},
                "servers": [{"name": f"db{i + 1}", "address": f"127.0.0.1:{port}"} for i, port in enumerate(cls.ports)],
                "tls": {"server": {"mode": "disabled"}},
                "timeouts": {"connect": "20s"}}


class single_cuts(relayed_primary):
    """One commit each, under what decides whether its outcome can be known. The client's account is one that others may end."""
    flavours = ("mysql",)

    @classmethod
    def prepare_servers(cls):
        super().prepare_servers()
        cls.cluster.make_account("clerk", "clerk")
        cls.cluster.sql(1, "GRANT ALL PRIVILEGES ON outcome.* TO clerk@'%'")

    def lose_commit(self, moment, then=lambda number: None, before=lambda: None):
        """The client's error and the rows that are there, of a transaction whose COMMIT meets that moment."""
        token = self._testMethodName
        db = self.connect("clerk", "clerk")
        rows(db, "BEGIN")
        rows(db, f"INSERT INTO outcome.t VALUES ('{token}')")
        before()
        snare = trap(MARK, moment, 0, then)
        self.relay.arm(snare)
        error = error_of(rows, db, "COMMIT " + MARK)
        self.relay.arm(None)
        self.assertTrue(snare.sprung.is_set())
        return error, lambda: len(self.cluster.sql(1, f"SELECT 1 FROM outcome.t WHERE token = '{token}'"))

    def test_a_commit_that_still_waits_at_the_server_is_ended_before_anything_is_told(self):
        lock = self.cluster.connect(1)
        self.addCleanup(lock.close)
        waiting = "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for commit lock%'"
        error, count = self.lose_commit("raced", lambda _: wait_until(
            10, lambda: self.cluster.sql(1, waiting)[0][0], "the commit waits"),
            before=lambda: rows(lock, "FLUSH TABLES WITH READ LOCK"))
        self.assertEqual(error, 3101)
        rows(lock, "UNLOCK TABLES")
        self.assertEqual(count(), 0)

    def test_the_session_goes_on_and_reads_what_it_has_committed(self):
        db = self.connect()
        rows(db, "BEGIN")
        rows(db, "INSERT INTO outcome.t VALUES ('goes_on')")
        self.relay.arm(trap(MARK, "answered"))
        rows(db, "COMMIT " + MARK)
        self.relay.arm(None)
        self.assertEqual(rows(db, "SELECT COUNT(*) FROM outcome.t WHERE token = 'goes_on'"), ((1,),))
        rows(db, "INSERT INTO outcome.t VALUES ('goes_on')")

    def test_replicas_are_left_in_peace(self):
        dumps = "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%' ORDER BY id"
        before = self.cluster.sql(1, dumps)
        error, count = self.lose_commit("answered")
        self.assertEqual((error, count()), (0, 1))
        self.assertEqual(self.cluster.sql(1, dumps), before)

    def test_an_account_that_may_not_read_the_log_knows_nothing(self):
        self.cluster.sql(1, "REVOKE REPLICATION SLAVE ON *.* FROM weir_monitor@'%'")
        self.addCleanup(self.cluster.sql, 1, "GRANT REPLICATION SLAVE ON *.* TO weir_monitor@'%'")
        error, count = self.lose_commit("answered")
        self.assertEqual((error, count()), (2013, 1))

    def test_a_compressed_log_tells_what_did_not_happen_only_if_nothing_is_in_it(self):
        self.cluster.sql(1, "SET GLOBAL binlog_transaction_compression = ON")
        self.addCleanup(self.cluster.sql, 1, "SET GLOBAL binlog_transaction_compression = OFF")
        error, count = self.lose_commit("answered")
        self.assertEqual((error, count()), (2013, 1))

    def test_it_can_be_turned_off(self):
        self.proxy.configure({"timeouts": {"commit_outcome": "0s"}})
        self.proxy.reload()
        self.addCleanup(self.proxy.reload)
        self.addCleanup(self.proxy.configure, {"timeouts": {"commit_outcome": "5s"}})
        error, count = self.lose_commit("answered")
        self.assertEqual((error, count()), (2013, 1))


class random_cuts(relayed_primary):
    relay_type = random_relay

    def write(self, db, token):
        """What the client is told about one row. Both kinds share connections to the primary."""
        insert = f"INSERT {{}} INTO outcome.t VALUES ('{token}')"
        try:
            if random.random() < 0.5:
                rows(db, insert.format(MARK))
            else:
                rows(db, "BEGIN")
                rows(db, insert.format(""))
                rows(db, "COMMIT " + MARK)
        except pymysql.err.MySQLError as error:
            if error.args[0] == 3101:
                return ROLLED_BACK
            if error.args[0] == 1105 and "was committed" in error.args[1]:
                return COMMITTED
            self.assertEqual(error.args[0], 2013)
            return CUT_OFF
        return OK

    def client(self, number, until, told):
        """One session writes rows of its own until the time is over; who is cut off comes back."""
        db = None
        turn = 0
        while time.monotonic() < until:
            if db is None or not db.open:
                db = self.proxy.connect(read_timeout=60)
            token = f"{self._testMethodName}-{number}-{turn}"
            turn += 1
            told[token] = self.write(db, token)
            if told[token] == CUT_OFF:
                db.close()
        if db.open:
            db.close()

    def run_clients(self):
        told = {}
        until = time.monotonic() + SECONDS
        with futures.ThreadPoolExecutor(CLIENTS) as clients:
            for one in [clients.submit(self.client, n, until, told) for n in range(CLIENTS)]:
                one.result()
        there = collections.Counter(token for token, in self.cluster.sql(1, "SELECT token FROM outcome.t"))
        wrong = {token: (what, there[token]) for token, what in told.items() if there[token] not in ROWS_THERE[what]}
        self.assertEqual(wrong, {}, "what was told, and the rows that are there")
        counts = collections.Counter(told.values())
        print(f"{self.flavour}, {self._testMethodName}: {dict(counts)}", flush=True)
        return counts

    def test_what_is_told_is_true(self):
        counts = self.run_clients()
        if self.flavour == "mysql":
            self.assertGreater(counts[COMMITTED], 0)
            self.assertGreater(counts[ROLLED_BACK], 0)
            self.assertEqual(counts[CUT_OFF], 0)
            self.assertGreater(self.proxy.metric("weir_lost_commits_total"), 0)

    def test_what_is_told_is_true_of_what_is_run_again(self):
        self.proxy.configure({"routing": {"transaction_replay": True}})
        self.proxy.reload()
        counts = self.run_clients()
        if self.flavour == "mysql":
            self.assertEqual(counts[ROLLED_BACK], 0)
            self.assertEqual(counts[CUT_OFF], 0)
