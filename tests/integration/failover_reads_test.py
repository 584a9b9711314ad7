"""Replicas leave and return under a load of reads and writes: not one statement fails. A primary that was made read-only is
still there for whoever has to undo that."""
import os

from load import load
from weir_cluster import ROOT, error_of, proxy_case, rows, value, wait_until


class replicas_come_and_go(proxy_case):
    """Each replica in turn is stopped, frozen, killed, and made to lag. What happened second by second is written to
    reads_by_second.FLAVOR.md in the folder WEIR_FIXTURE (build/ without one)."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP DATABASE IF EXISTS load_test", "CREATE DATABASE load_test",
                        "CREATE TABLE load_test.t (id INT PRIMARY KEY, a INT)",
                        "INSERT INTO load_test.t VALUES (0,0),(1,0),(2,0),(3,0),(100,0),(101,0)")
        folder = os.environ.get("WEIR_FIXTURE") or os.path.join(ROOT, "build")
        cls.report = os.path.join(folder, f"reads_by_second.{cls.flavour}.md")
        with open(cls.report, "w", encoding="utf-8") as report:
            report.write(f"# Who answered, second by second ({cls.flavour})\n")

    def setUp(self):
        wait_until(30, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "all servers are up")

    def run_case(self, name, breaks, mends):
        """Under load: for each replica, `breaks(n)`, until the other one takes all reads; `mends(n)`, until both do."""
        running = load(self.proxy)
        try:
            with running:
                self.await_readers(running, {2, 3})
                for n in (2, 3):
                    breaks(n)
                    running.note(f"db{n} {name}")
                    try:
                        self.await_readers(running, {5 - n})
                    finally:
                        mends(n)
                    running.note(f"db{n} is well again")
                    self.await_readers(running, {2, 3})
        finally:
            with open(self.report, "a", encoding="utf-8") as report:
                report.write(f"\n## A replica {name}\n\n{running.table()}\n")
        self.assertEqual(running.failures, [])
        self.assertEqual(running.stale, [])

    def await_readers(self, running, servers):
        """Until a whole second's reads are answered by these servers and no other."""
        def seen():
            return running.readers_since(running.now() - 2) == servers
        wait_until(25, seen, f"reads are answered by {servers}")

    def test_a_stopped_replica_costs_no_statement(self):
        self.run_case("is stopped", lambda n: self.cluster.control("stop_server", n),
                      lambda n: self.cluster.control("start_server", n))

    def test_a_killed_replica_costs_no_statement(self):
        self.run_case("is killed", lambda n: self.cluster.control("kill_server", n),
                      lambda n: self.cluster.control("start_server", n))

    def test_a_frozen_replica_costs_no_statement(self):
        self.run_case("is frozen", lambda n: self.cluster.control("freeze_server", n),
                      lambda n: self.cluster.control("thaw_server", n))

    def test_statements_on_a_frozen_replica_end_while_it_is_frozen(self):
        with load(self.proxy) as running:
            self.await_readers(running, {2, 3})
            self.cluster.control("freeze_server", 2)
            try:
                before = running.rounds()
                self.assertEqual(len(before), 6, "every client has been at work")
                # Two rounds: the first may have been under way elsewhere.
                wait_until(60, lambda: all(running.rounds()[client] >= done + 2 for client, done in before.items()),
                           "every client gets on while db2 is frozen")
            finally:
                self.cluster.control("thaw_server", 2)
        self.assertEqual(running.failures, [])
        self.assertEqual(running.stale, [])

    def test_a_lagging_replica_costs_no_statement(self):
        self.run_case("lags", lambda n: self.cluster.control("lag_replica", n, 30),
                      lambda n: self.cluster.control("lag_replica", n, 0))

    def test_a_replica_that_stops_replicating_costs_no_statement(self):
        self.run_case("stops replicating", lambda n: self.cluster.control("stop_replica", n),
                      lambda n: self.cluster.control("start_replica", n))


class primary_made_read_only(proxy_case):
    """Somebody sets read_only on the primary, through the proxy, and takes it back the same way."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("freezer", "freezer")
        right = "READ_ONLY ADMIN" if cls.flavour == "mariadb" else "SYSTEM_VARIABLES_ADMIN"
        cls.cluster.sql(1, f"GRANT {right} ON *.* TO freezer@'%'", "DROP TABLE IF EXISTS test.frozen",
                        "CREATE TABLE test.frozen (a INT)")

    def test_it_answers_for_itself_until_it_is_writable_again(self):
        self.addCleanup(self.cluster.sql, 1, "SET GLOBAL read_only=0")
        rows(self.connect("freezer", "freezer"), "SET GLOBAL read_only=1")
        wait_until(10, lambda: "read-only: it refuses writes" in self.proxy.log(), "the monitor has seen it")
        db = self.connect()
        self.assertEqual(error_of(rows, db, "INSERT INTO frozen VALUES (1)"), 1290)
        self.assertEqual(value(db, "SELECT COUNT(*) FROM frozen"), 0)
        rows(self.connect("freezer", "freezer"), "SET GLOBAL read_only=0")
        rows(db, "INSERT INTO frozen VALUES (1)")
        self.assertEqual(value(db, "SELECT COUNT(*) FROM frozen"), 1)
