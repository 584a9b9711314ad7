"""What reads see: all that was confirmed before them (global), and what their session has written and seen (session)."""
import collections
import threading
import time

import pymysql

from weir_cluster import proxy, proxy_case, rows, value


def make_counter(servers):
    servers.sql(1, "DROP DATABASE IF EXISTS consistency", "CREATE DATABASE consistency",
                "CREATE TABLE consistency.counter (id INT PRIMARY KEY, n INT NOT NULL)",
                "INSERT INTO consistency.counter VALUES (1, 0), (2, 0)")


class counting_case(proxy_case):
    """Cases with a counter that only grows."""

    @classmethod
    def prepare_servers(cls):
        make_counter(cls.cluster)
        cls.count = 0

    def next_count(self):
        type(self).count += 1
        return self.count

    def lag(self, *replicas):
        for n in replicas:
            self.cluster.control("lag_replica", n, 1)
            self.addCleanup(self.cluster.control, "lag_replica", n, 0)


class global_reads(counting_case):
    """A read sees every write that any client had confirmed before it was sent."""
    settings = {"routing": {"consistency": "global"}}
    rounds = 150

    def check(self, writer, hint=""):
        """Each read sees the write just before it; the servers that answered."""
        reader, servers = self.connect(database="consistency"), collections.Counter()
        for _ in range(self.rounds):
            n = self.next_count()
            rows(writer, f"UPDATE consistency.counter SET n={n} WHERE id=1")
            found, server = rows(reader, f"SELECT n, @@server_id FROM counter WHERE id=1{hint}")[0]
            self.assertEqual(found, n)
            servers[server] += 1
        print(f"reads by server: {dict(servers)}")
        return servers

    def test_writes_around_weir_are_seen(self):
        direct = self.cluster.connect(1)
        self.addCleanup(direct.close)
        servers = self.check(direct)
        self.assertTrue(servers[2] + servers[3], "replicas answer, too")

    def test_writes_of_another_session_are_seen(self):
        self.check(self.connect(database="consistency"))

    def test_writes_through_another_weir_are_seen(self):
        other = proxy(self.cluster)
        self.addCleanup(other.remove)
        other.launch()
        writer = other.connect(database="consistency")
        self.addCleanup(writer.close)
        self.check(writer)

    def test_writes_are_seen_while_the_replicas_lag(self):
        self.lag(2, 3)
        direct = self.cluster.connect(1)
        self.addCleanup(direct.close)
        self.rounds = 20
        self.check(direct)


class hinted_reads(global_reads):
    """The same for statements that ask for it."""
    settings = {"routing": {"consistency": "eventual"}}

    def check(self, writer, hint=" /* weir:consistency=global */"):
        return super().check(writer, hint)


class session_reads(counting_case):
    """A session goes neither back behind its own writes nor behind what it has seen."""

    def test_a_new_session_sees_what_others_had_confirmed(self):
        for _ in range(60):
            n = self.next_count()
            rows(self.connect(database="consistency"), f"UPDATE counter SET n={n} WHERE id=1")
            self.assertEqual(value(self.connect(database="consistency"), "SELECT n FROM counter WHERE id=1"), n)

    def test_a_token_carries_what_is_known_from_session_to_session(self):
        self.lag(2, 3)
        for carry in (
                lambda to, token: rows(to, f"SET weir_gtid = '{token}'"),
                lambda to, token: rows(to, f"SELECT 1 /* weir:gtid={token} */")):
            reader, writer = self.connect(database="consistency"), self.connect(database="consistency")
            value(reader, "SELECT n FROM counter WHERE id=1")
            n = self.next_count()
            rows(writer, f"UPDATE counter SET n={n} WHERE id=1")
            token = value(writer, "SELECT @@weir_gtid AS token")
            self.assertTrue(token)
            carry(reader, token)
            self.assertEqual(value(reader, "SELECT n FROM counter WHERE id=1"), n)

    def test_a_token_that_is_none_is_refused(self):
        db = self.connect(database="consistency")
        for statement in ("SET weir_gtid = 'no token'", "SELECT 1 /* weir:gtid=no token */"):
            with self.assertRaises(pymysql.err.MySQLError) as refused:
                rows(db, statement)
            self.assertEqual(refused.exception.args[0], 1231)
            self.assertIn("no token", refused.exception.args[1])

    def check_order(self, pause):
        """One session reads while a client writes around weir; the servers that answered."""
        reader, servers = self.connect(database="consistency"), collections.Counter()
        is_over = threading.Event()
        direct = self.cluster.connect(1)
        self.addCleanup(direct.close)

        def write():
            while not is_over.is_set():
                rows(direct, "UPDATE consistency.counter SET n = n + 1 WHERE id=2")
                time.sleep(0.001)
        writer = threading.Thread(target=write)
        writer.start()
        try:
            newest, end = 0, time.monotonic() + 4
            while time.monotonic() < end:
                found, server = rows(reader, "SELECT n, @@server_id FROM counter WHERE id=2")[0]
                servers[server] += 1
                self.assertGreaterEqual(found, newest)
                newest = found
                time.sleep(pause)
        finally:
            is_over.set()
            writer.join()
        print(f"reads by server: {dict(servers)}")
        return servers

    def test_reads_in_a_row_never_go_backwards(self):
        self.check_order(0)

    def test_reads_with_pauses_never_go_backwards(self):
        self.check_order(0.01)

    def test_reads_never_go_backwards_while_a_replica_lags(self):
        self.lag(3)
        self.check_order(0.002)

    def test_reads_are_spread_while_nothing_is_written(self):
        reader, servers = self.connect(database="consistency"), collections.Counter()
        for _ in range(100):
            servers[value(reader, "SELECT @@server_id FROM counter WHERE id=1")] += 1
            time.sleep(0.01)
        print(f"reads by server: {dict(servers)}")
        self.assertGreaterEqual(min(servers[2], servers[3]), 30)

    def test_reads_in_a_row_are_spread_while_nothing_is_written(self):
        reader, servers = self.connect(database="consistency"), collections.Counter()
        for _ in range(400):
            servers[value(reader, "SELECT @@server_id FROM counter WHERE id=1")] += 1
        print(f"reads by server: {dict(servers)}")
        self.assertGreaterEqual(min(servers[2], servers[3]), 40)
