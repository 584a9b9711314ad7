"""Killing by the id that a session was told in its greeting."""
import threading

import binary_protocol
import pymysql

from weir_cluster import error_of, proxy_case, rows, value, wait_until

LONG = 100    # seconds; nothing here waits that long
LOST = (1053, 1317, 1927, 2006, 2013, 3169)    # how a session notices that it was killed


class killing(proxy_case):
    """Command and statement mean the session, wherever its statement runs; the servers' rights hold."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("kill_other", "other")
        cls.cluster.make_account("kill_admin", "admin")
        right = "CONNECTION ADMIN" if cls.cluster.flavour == "mariadb" else "CONNECTION_ADMIN, SYSTEM_USER"
        cls.cluster.sql(1, f"GRANT {right} ON *.* TO kill_admin@'%'", "DROP TABLE IF EXISTS test.killed",
                        "CREATE TABLE test.killed (id INT)", "INSERT INTO test.killed VALUES (1)")

    def runs_on(self, mark):
        """The server that runs a statement with this mark, and its id of the connection; None if there is none."""
        for n in (1, 2, 3):
            for row in self.cluster.sql(n, "SHOW FULL PROCESSLIST"):
                if mark in str(row[7]) and row[1] == "app":
                    return n, row[0]
        return None

    def sleep(self, db, mark, primary=False):
        """Begins a long statement; returns when a server runs it. join() and `ended` of the result: how it ended."""
        where = " FOR UPDATE" if primary else ""
        thread = threading.Thread(target=lambda: thread.ended.append(
            outcome(db, f"SELECT SLEEP({LONG}) FROM killed{where} /* {mark} */")))
        thread.ended = []
        thread.start()
        self.addCleanup(self.end_what_is_left, mark)
        server, _ = wait_until(10, lambda: self.runs_on(mark), "the statement runs")
        self.assertEqual(server == 1, primary)
        return thread

    def end_what_is_left(self, mark):
        """After a case that failed: a table that is in use could not be dropped again."""
        left = self.runs_on(mark)
        if left:
            self.cluster.sql(left[0], f"KILL {left[1]}")

    def assert_ended(self, thread):
        thread.join(20)
        self.assertFalse(thread.is_alive())
        self.assertIn(thread.ended[0], ("slept 1",) + LOST)

    def test_a_query_ends_by_the_id_that_its_session_was_given(self):
        for primary in (False, True):
            for index, kill in enumerate((
                    lambda killer, number: rows(killer, f"KILL QUERY {number}"),
                    lambda killer, number: rows(killer, f"/* ctrl-c */ kill /*!50001 query */ {number};"))):
                with self.subTest(primary=primary, form=index):
                    victim, killer, bystander = (self.connect() for _ in range(3))
                    sleeping = self.sleep(victim, f"q{primary}{index}", primary)
                    kill(killer, victim.thread_id())
                    self.assert_ended(sleeping)
                    for alive in (victim, killer, bystander):
                        self.assertEqual(value(alive, "SELECT 7"), 7)

    def test_a_connection_ends_with_the_statement_that_it_runs(self):
        for primary in (False, True):
            for index, kill in enumerate((
                    lambda killer, number: killer.kill(number),
                    lambda killer, number: rows(killer, f"KILL {number}"),
                    lambda killer, number: rows(killer, f"KILL CONNECTION {number}"))):
                with self.subTest(primary=primary, form=index):
                    victim, killer, bystander = (self.connect() for _ in range(3))
                    sleeping = self.sleep(victim, f"c{primary}{index}", primary)
                    kill(killer, victim.thread_id())
                    self.assert_ended(sleeping)
                    wait_until(10, lambda: self.runs_on(f"c{primary}{index}") is None, "no server runs it again")
                    wait_until(10, lambda: is_over(victim), "the session is over")
                    for alive in (killer, bystander):
                        self.assertEqual(value(alive, "SELECT 7"), 7)

    def test_the_shell_of_the_servers_ends_a_query(self):
        """MySQL's client library sends query attributes, which changes what a COM_QUERY looks like."""
        victim = self.connect()
        sleeping = self.sleep(victim, "shell")
        self.shell(f"KILL QUERY {victim.thread_id()}; SELECT 7")
        self.assert_ended(sleeping)

    def test_a_prepared_kill_ends_what_its_text_or_parameter_names(self):
        killer = self.connect()
        forms = [lambda number: binary_protocol.statement(killer, f"KILL QUERY {number}").execute()]
        if self.flavour == "mariadb":    # MySQL has no parameters there
            by_parameter = binary_protocol.statement(killer, "KILL QUERY ?")
            forms += [by_parameter.execute, lambda number: by_parameter.execute(str(number).encode())]
            self.assertEqual(error_of(by_parameter.execute, 4000000000), 1094)
        for index, kill in enumerate(forms):
            with self.subTest(form=index):
                victim = self.connect()
                sleeping = self.sleep(victim, f"p{index}")
                kill(victim.thread_id())
                self.assert_ended(sleeping)
                self.assertEqual(value(victim, "SELECT 7"), 7)

    def test_an_idle_session_ends(self):
        victim, killer = self.connect(), self.connect()
        rows(killer, f"KILL {victim.thread_id()}")
        wait_until(10, lambda: is_over(victim), "the session is over")
        self.assertEqual(value(killer, "SELECT 7"), 7)

    def test_a_session_ends_itself(self):
        db = self.connect()
        self.assertIn(error_of(rows, db, f"KILL {db.thread_id()}"), LOST)
        wait_until(10, lambda: is_over(db), "the session is over")

    def test_a_transaction_of_the_killer_goes_on(self):
        victim, killer = self.connect(), self.connect()
        rows(killer, "BEGIN")
        rows(killer, "INSERT INTO killed VALUES (2)")
        sleeping = self.sleep(victim, "t")
        rows(killer, f"KILL QUERY {victim.thread_id()}")
        self.assert_ended(sleeping)
        rows(killer, "ROLLBACK")
        self.assertEqual(value(killer, "SELECT COUNT(*) FROM killed WHERE id = 2 FOR UPDATE"), 0)

    def test_the_servers_rights_decide(self):
        victim = self.connect()
        other = self.connect(user="kill_other", password="other")
        number = victim.thread_id()
        for statement in (f"KILL {number}", f"KILL QUERY {number}"):
            with self.assertRaises(pymysql.err.MySQLError) as refused:
                rows(other, statement)
            self.assertEqual(refused.exception.args[0], 1095)
            self.assertIn(str(number), refused.exception.args[1], "the id that the client knows")
        self.assertEqual(value(victim, "SELECT 7"), 7)
        admin = self.connect(user="kill_admin", password="admin")
        sleeping = self.sleep(victim, "r")
        rows(admin, f"KILL QUERY {number}")
        self.assert_ended(sleeping)

    def test_ids_of_the_server_are_the_servers(self):
        victim, killer = self.connect(), self.connect()
        self.assertEqual(error_of(rows, killer, "KILL 4000000000"), 1094)
        sleeping = self.sleep(victim, "s", primary=True)
        rows(killer, f"KILL QUERY {self.runs_on('s')[1]}")
        self.assert_ended(sleeping)
        self.assertEqual(value(victim, "SELECT 7"), 7)

    def test_a_pipelined_command_follows_the_answer(self):
        victim, killer = self.connect(), self.connect()
        binary_protocol.command(killer, 3, f"KILL QUERY {victim.thread_id()}".encode())
        binary_protocol.command(killer, 3, b"SELECT 7")
        self.assertTrue(binary_protocol.read(killer).is_ok_packet())
        self.assertEqual(binary_protocol.pipelined_answer(killer).rows, [b"\x017"])


def is_over(db):
    return not db.open or error_of(rows, db, "SELECT 1") in LOST


def outcome(db, statement):
    """"slept N" with SLEEP's answer, or the error number that the statement ended with."""
    found = []
    error = error_of(lambda: found.append(value(db, statement)))
    return error or f"slept {found[0]}"
