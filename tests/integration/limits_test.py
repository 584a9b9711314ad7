"""limits.backends_per_server: what happens when a server has as many connections as it may."""
import threading
import time

from weir_cluster import error_of, proxy, proxy_case, rows, value, wait_until

WHO = "SELECT @@server_id"


class server_connections(proxy_case):
    """Each case has a proxy of its own: one worker, reads on db2 only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.sql(1, "CREATE DATABASE limits")
        cls.addClassCleanup(cls.cluster.sql, 1, "DROP DATABASE limits")
        cls.cluster.caught_up()

    def one_proxy(self, limit, **timeouts):
        made = proxy(self.cluster, {"proxy": {"workers": 1}, "limits": {"backends_per_server": limit}, "timeouts": timeouts})
        self.addCleanup(made.remove)
        made.settings["servers"][2]["weight"] = 0
        made.configure({})
        made.launch()
        wait_until(10, lambda: made.metrics().count("weir_server_lag_seconds{") == 2, "both replicas are measured")
        return made

    def limit_to(self, limited, limit):
        limited.configure({"limits": {"backends_per_server": limit}})
        limited.reload()

    def test_a_login_waits_for_a_place_and_gets_it(self):
        limited = self.one_proxy(2, backend_wait="30s", login="40s")
        first, second = limited.connect(), limited.connect()
        self.addCleanup(second.close)
        for busy in (first, second):
            rows(busy, "BEGIN")
        let_in = []
        thread = threading.Thread(target=lambda: let_in.append(limited.connect(connect_timeout=40)))
        thread.start()
        wait_until(10, lambda: limited.metric("weir_backend_limit_reached_total") == 1, "the login meets the limit")
        self.assertEqual(let_in, [])
        begun = time.monotonic()
        first.close()
        thread.join()
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(value(let_in[0], "SELECT 1"), 1)
        let_in[0].close()

    def test_a_login_that_waits_in_vain_is_told_why(self):
        limited = self.one_proxy(1, backend_wait="300ms")
        db = limited.connect()
        self.addCleanup(db.close)
        rows(db, "BEGIN")
        with self.assertRaisesRegex(Exception, "1040.*limits.backends_per_server"):
            limited.connect()
        self.assertEqual(value(db, "SELECT 1"), 1)
        self.assertEqual(limited.metric("weir_backend_limit_reached_total"), 1)

    def test_a_read_goes_elsewhere_while_its_server_is_full(self):
        limited = self.one_proxy(0)
        holder, reader = limited.connect(), limited.connect()
        self.addCleanup(holder.close)
        self.addCleanup(reader.close)
        rows(holder, "START TRANSACTION READ ONLY")
        self.assertEqual(value(holder, WHO), 2)
        self.limit_to(limited, 1)
        self.assertEqual(value(reader, WHO), 1)
        rows(holder, "COMMIT")

    def test_idle_sessions_share_one_connection_to_each_server(self):
        limited = self.one_proxy(1)
        sessions = [limited.connect() for _ in range(5)]
        for number, db in enumerate(sessions):
            self.addCleanup(db.close)
            rows(db, f"SET time_zone='+0{number}:00'")
        for text, server in (("SELECT @@server_id, HOUR(FROM_UNIXTIME(0))", 2),
                             ("SELECT @@server_id, HOUR(FROM_UNIXTIME(0)) FOR UPDATE", 1)):
            for _ in range(3):
                for number, db in enumerate(sessions):
                    self.assertEqual(rows(db, text), ((server, number),))
        self.assertEqual(limited.metric("weir_backend_connections"), 2)

    def test_without_multiplexing_each_session_has_its_own_connections_until_it_ends(self):
        limited = self.one_proxy(2, backend_wait="200ms")
        limited.configure({"routing": {"multiplexing": False}})
        limited.reload()
        sessions = [limited.connect() for _ in range(2)]
        connections = [value(db, "SELECT @@pseudo_thread_id FOR UPDATE") for db in sessions]
        self.assertNotEqual(*connections)
        self.assertEqual([value(db, "SELECT @@pseudo_thread_id FOR UPDATE") for db in sessions], connections)
        self.assertEqual(error_of(limited.connect), 1040)
        sessions.pop().close()
        wait_until(10, lambda: error_of(lambda: limited.connect().close()) == 0, "an ended session's connection can be had")
        limited.configure({"routing": {"multiplexing": True}})
        limited.reload()
        self.assertEqual(value(sessions[0], "SELECT 1 FOR UPDATE"), 1)
        sharing = [limited.connect() for _ in range(4)]
        for db in sharing:
            self.assertEqual(value(db, "SELECT 1 FOR UPDATE"), 1)
            self.addCleanup(db.close)
        sessions[0].close()

    def test_sessions_without_autocommit_share_between_their_transactions(self):
        limited = self.one_proxy(1, backend_wait="5s")
        sessions = [limited.connect(database="limits", autocommit=False) for _ in range(3)]
        for db in sessions:
            self.addCleanup(db.close)
        rows(sessions[0], "CREATE TABLE untold (id INT PRIMARY KEY, a INT)")
        rows(sessions[0], "COMMIT")
        for turn in range(2):
            for number, db in enumerate(sessions):
                rows(db, f"INSERT INTO untold VALUES ({10 * turn + number}, 0)")
                self.assertEqual(value(db, "SELECT COUNT(*) FROM untold"), 3 * turn + (2 if number else 1))
                rows(db, "ROLLBACK" if number else "COMMIT")
                self.assertEqual(value(db, WHO), 1)
            rows(sessions[0], f"INSERT INTO untold VALUES ({10 * turn + 5}, 0), ({10 * turn + 6}, 0)")
            rows(sessions[0], "SAVEPOINT s")
            rows(sessions[0], "COMMIT")
        sharing = limited.connect(database="limits")
        self.addCleanup(sharing.close)
        self.assertEqual(value(sharing, "SELECT @@autocommit FOR UPDATE"), 1)
        self.assertEqual(value(sharing, "SELECT COUNT(*) FROM untold FOR UPDATE"), 6)
        self.assertLessEqual(limited.metric("weir_backend_connections"), 2)

    def test_a_later_login_is_not_served_by_connections_that_do_not_know_what_was_set_for_all(self):
        self.cluster.make_account("limits_admin", "x")
        self.cluster.sql(1, "GRANT ALL PRIVILEGES ON *.* TO limits_admin")
        limited = self.one_proxy(3)
        before = [limited.connect(database="limits") for _ in range(2)]
        setting = limited.connect(user="limits_admin", password="x")
        for db in (*before, setting):
            self.addCleanup(db.close)
            rows(db, "SELECT 1 FOR UPDATE")
        former = value(setting, "SELECT @@global.div_precision_increment")
        self.addCleanup(self.cluster.sql, 1, f"SET GLOBAL div_precision_increment = {former}")
        rows(setting, "SET GLOBAL div_precision_increment = 7")
        after = [limited.connect(database="limits") for _ in range(2)]
        for db in after:
            self.addCleanup(db.close)
        for db in after * 4:
            rows(before[0], "SELECT 1 FOR UPDATE")
            self.assertEqual(len(str(value(db, "SELECT 1/3 FOR UPDATE"))), len("0.3333333"))

    def test_what_only_a_connection_knows_is_kept_for_its_session(self):
        limited = self.one_proxy(1)
        first, second = limited.connect(database="limits"), limited.connect(database="limits")
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        rows(first, "CREATE TABLE made (id INT AUTO_INCREMENT PRIMARY KEY, a INT)")
        rows(first, "INSERT INTO made (a) VALUES (1), (2)")
        rows(second, "INSERT INTO made (id, a) VALUES (70, 3)")
        self.assertEqual(value(second, "SELECT LAST_INSERT_ID()"), 0)
        self.assertEqual(value(first, "SELECT LAST_INSERT_ID()"), 1)
        rows(second, "INSERT INTO made (a) SELECT LAST_INSERT_ID()")
        rows(first, "INSERT INTO made (a) SELECT LAST_INSERT_ID()")
        self.assertEqual(rows(first, "SELECT id, a FROM made ORDER BY id"), ((1, 1), (2, 2), (70, 3), (71, 0), (72, 1)))

    def test_a_write_that_waits_in_vain_is_told_why_and_the_session_lives(self):
        limited = self.one_proxy(1, backend_wait="300ms")
        holder, writer = limited.connect(), limited.connect()
        self.addCleanup(writer.close)
        rows(holder, "BEGIN")
        self.assertEqual(error_of(rows, writer, "DO 1"), 1040)
        holder.close()
        wait_until(10, lambda: error_of(rows, writer, "DO 1") == 0, "the place is free again")

    def test_those_who_wait_are_served_in_order(self):
        limited = self.one_proxy(1, backend_wait="30s")
        holder = limited.connect()
        waiting = [limited.connect() for _ in range(6)]
        rows(holder, "CREATE TABLE limits.served (id INT AUTO_INCREMENT PRIMARY KEY, number INT)")
        rows(holder, "BEGIN")
        threads = []
        for number, db in enumerate(waiting):
            self.addCleanup(db.close)
            text = f"INSERT INTO limits.served (number) VALUES ({number})"
            thread = threading.Thread(target=rows, args=(db, text))
            thread.start()
            threads.append(thread)
            wait_until(10, lambda count=number + 1: limited.metric("weir_waiting_sessions") == count, "it waits")
        holder.close()
        for thread in threads:
            thread.join()
        served = [number for (number,) in rows(waiting[0], "SELECT number FROM limits.served ORDER BY id")]
        self.assertEqual(served, sorted(served))
