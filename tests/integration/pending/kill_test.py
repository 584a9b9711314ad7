"""Killing by the id that a session was told in its greeting."""
import time

import binary_protocol
from weir_cluster import error_of, proxy_case, rows, wait_until


class killing(proxy_case):
    """Both the command and the statement mean the session, wherever its statement runs."""

    def test_a_query_can_be_killed_by_the_id_that_the_session_was_given(self):
        sleeper = self.connect()
        number = sleeper.thread_id()
        killer = self.connect()
        binary_protocol.command(sleeper, 3, b"SELECT SLEEP(20)")
        wait_until(5, lambda: any("SLEEP(20)" in str(row) for n in (1, 2, 3) for row in self.cluster.sql(n, "SHOW PROCESSLIST")),
                   "the query runs")
        killer.kill(number)
        begun = time.monotonic()
        error_of(binary_protocol.answer, sleeper, False)
        self.assertLess(time.monotonic() - begun, 5)

    def test_a_kill_statement_names_the_session(self):
        victim = self.connect()
        self.assertEqual(error_of(rows, self.connect(), f"KILL {victim.thread_id()}"), 0)
        self.assertIn(error_of(rows, victim, "SELECT 1"), (1927, 2006, 2013, 3169))
