"""Seeing why: EXPLAIN ROUTE, SET weir_trace, SHOW WEIR PINS, and the metrics of pins."""
import os
import shutil
import tempfile
import threading

import pymysql
from pymysql.constants import CLIENT

import binary_protocol
from explained_rows import FURTHER
from routing_rows import ROWS
from routing_test import make_tables
from weir_cluster import error_of, proxy_case, rows, wait_until
from who_answered import general_logs

TARGET, SERVER, ELIGIBLE, REASON, LAG, DIGEST, KIND = range(7)


def explain(db, sql):
    return rows(db, b"EXPLAIN ROUTE " + sql if isinstance(sql, bytes) else "EXPLAIN ROUTE " + sql)


class explained_routes(proxy_case):
    """What EXPLAIN ROUTE says is what then happens: every server's general log tells."""
    settings = {"routing": {"causal_wait": "10s"}}    # a replica that may be waited for is, on a slow machine too

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)
        cls.cluster.sql(1, "CREATE PROCEDURE routing.only_reads() SELECT COUNT(*) FROM routing.t")
        cls.logs = general_logs(cls.cluster)
        cls.addClassCleanup(cls.logs.close)
        cls.folder = tempfile.mkdtemp(prefix="weir-files.", dir="/tmp")
        os.chmod(cls.folder, 0o777)
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def text_of(self, sql, mark):
        password = "PASSWORD('x')" if self.flavour == "mariadb" else "'x'"
        if isinstance(sql, str):
            sql = sql.replace("{folder}", self.folder).replace("{password}", password)
            sql = (sql + " /* {mark} */").encode("latin1")
        return sql.replace(b"{mark}", mark.encode())

    def run_statement(self, db, sql):
        def work():
            db.query(sql)
            while db._result and db._result.has_next:    # pylint: disable=protected-access
                db.next_result()
        return error_of(work)

    def explained(self, db, sql):
        """The rows of EXPLAIN ROUTE, as bytes that need not be of the client's character set."""
        def work():
            db.query(b"EXPLAIN ROUTE " + sql)
        self.assertEqual(error_of(work), 0)
        return db._result.rows    # pylint: disable=protected-access

    def explained_once_known(self, db, sql, expected):
        explained = self.explained(db, sql)
        is_known = expected != {2, 3} or explained[0][TARGET] != "primary"
        return explained if is_known and not any("surely has" in row[REASON] for row in explained) else None

    def check_row(self, index, statements, prefix):
        db = self.proxy.connect(database="routing", client_flag=CLIENT.MULTI_STATEMENTS)
        self.addCleanup(db.close)
        for step, (sql, expected, error) in enumerate(statements):
            mark = f"{prefix}{index}_{step}_"
            text = self.text_of(sql, mark)
            # What was written without a GTID, or read on the primary, becomes known a moment later: before that the primary
            # alone has it.
            explained = wait_until(10, lambda text=text, expected=expected: self.explained_once_known(db, text, expected),
                                   "what was written and seen is known")
            self.assertEqual(self.logs.servers_of(mark), set(), "nothing is executed")
            eligible = {int(row[SERVER][2:]) for row in explained if row[ELIGIBLE] == "yes" and row[SERVER]}
            errors = error if isinstance(error, tuple) else (error,)
            self.assertIn(self.run_statement(db, text), errors, "the server's error number")
            reached = self.logs.servers_of(mark)
            if expected is not None:
                self.assertTrue(reached and reached <= expected, f"went to {reached}, not to {expected}")
            if not reached:
                continue    # some statements leave no mark in a log
            self.assertTrue(reached <= eligible, f"went to {reached}, explained as {explained}")
            primary = reached == {1} and eligible == {1}
            self.assertIn(explained[0][TARGET], ("primary", "pinned") if primary else ("replica", "pinned"))

    def test_every_row_of_the_routing_table_goes_where_it_is_explained(self):
        for index, (number, flavour, statements) in enumerate(ROWS):
            if flavour in (None, self.flavour):
                with self.subTest(row=number, sql=statements[-1][0]):
                    self.check_row(index, statements, "x")

    def test_further_statements_go_where_they_are_explained(self):
        for index, (flavour, statements) in enumerate(FURTHER):
            if flavour in (None, self.flavour):
                with self.subTest(sql=statements[-1][0]):
                    self.check_row(index, statements, "y")

    def test_there_is_a_row_for_each_server(self):
        db = self.connect(database="routing")
        found = explain(db, "SELECT a FROM t WHERE id = 5")
        self.assertEqual({row[SERVER] for row in found}, {"db1", "db2", "db3"})
        self.assertEqual({row[TARGET] for row in found}, {"replica"})
        self.assertEqual({row[KIND] for row in found}, {"read"})
        self.assertEqual(len({row[DIGEST] for row in found}), 1)
        self.assertEqual(explain(db, "SELECT a FROM t WHERE id = 6")[0][DIGEST], found[0][DIGEST])
        by_server = {row[SERVER]: row for row in found}
        self.assertEqual(by_server["db1"][ELIGIBLE], "no")
        self.assertIsNone(by_server["db1"][LAG])
        self.assertGreaterEqual(by_server["db2"][LAG], 0)
        self.assertEqual(explain(db, "CREATE TABLE x (a INT)")[0][KIND], "write, ddl")

    def test_nothing_of_the_session_changes(self):
        db = self.connect(database="routing")
        rows(db, "UPDATE t SET a = 1 - a")
        explain(db, "SELECT 1")
        self.assertEqual(rows(db, "SELECT ROW_COUNT()"), ((3,),))
        rows(db, "SELECT CAST('x' AS SIGNED) FROM t LIMIT 1")
        explain(db, "SELECT 1")
        self.assertEqual(rows(db, "SHOW WARNINGS")[0][1], 1292)
        rows(db, "BEGIN")
        self.assertEqual({row[TARGET] for row in explain(db, "SELECT a FROM t")}, {"pinned"})
        self.assertIn("open transaction", explain(db, "SELECT a FROM t")[0][REASON])
        rows(db, "ROLLBACK")

    def test_wrong_forms_have_the_servers_number(self):
        db = self.connect(database="routing")
        self.assertEqual(error_of(explain, db, "FOR SELECT 1"), 1064)
        self.assertEqual(error_of(rows, db, "SHOW WEIR"), 1064)
        self.assertEqual(error_of(rows, db, "EXPLAIN ROUTE"), 1146, "a table of that name, which is not there")

    def test_it_works_prepared(self):
        db = self.connect(database="routing")
        statement = binary_protocol.statement(db, "EXPLAIN ROUTE SELECT a FROM t WHERE id = ?")
        self.assertEqual(statement.parameters, 1)
        for _ in range(2):
            found = statement.execute(7).rows
            self.assertEqual({row[SERVER] for row in found}, {b"db1", b"db2", b"db3"})
            self.assertEqual({row[TARGET] for row in found}, {b"replica"})
        pins = binary_protocol.statement(db, "SHOW WEIR PINS")
        self.assertEqual(pins.execute().rows, [])


class traces(proxy_case):
    """SET weir_trace: SHOW WARNINGS tells where the last statement ran."""

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)

    def note(self, db):
        found = rows(db, "SHOW WARNINGS")
        return found[-1][2] if found and found[-1][0] == "Note" and found[-1][1] == 1003 else ""

    def test_tell_where_a_statement_ran_and_why(self):
        db = self.connect(database="routing")
        rows(db, "SELECT a FROM t")
        self.assertEqual(self.note(db), "")
        rows(db, "SET weir_trace = 1")
        self.assertEqual(rows(db, "SELECT @@weir_trace"), ((1,),))
        server = rows(db, "SELECT @@server_id FROM t LIMIT 1")[0][0]
        self.assertRegex(self.note(db), rf"ran on db{server} \(replica\); wait \d+ us; retries 0; reason: only reads; choice: (balanced|wanted)")
        rows(db, "UPDATE t SET a = a")
        self.assertRegex(self.note(db), r"ran on db1 \(primary\).*reason: is not proven to only read; choice: primary needed")
        self.assertEqual(self.note(db)[:14], "weir: ran on d", "asking again changes nothing")
        rows(db, "CREATE TEMPORARY TABLE held (a INT)")
        rows(db, "SELECT a FROM held")
        self.assertIn("held by: temporary table routing.held, by: CREATE TEMPORARY TABLE held", self.note(db))

    def test_keep_the_servers_own_warnings(self):
        db = self.connect(database="routing")
        rows(db, "SET SESSION weir_trace = 'on'")
        for from_table in ("FROM t LIMIT 1", "FROM t LIMIT 1 FOR UPDATE"):
            rows(db, "SELECT CAST('x' AS SIGNED) " + from_table)
            found = rows(db, "SHOW WARNINGS")
            self.assertEqual([row[0] for row in found], ["Warning", "Note"])
            self.assertEqual(found[0][1], 1292)
            self.assertEqual(rows(db, "SHOW COUNT(*) WARNINGS"), ((1,),), "the note is not counted")
            self.assertEqual(len(rows(db, "SHOW WARNINGS LIMIT 5")), 1)

    def test_end_when_they_are_told_to_and_with_the_session(self):
        db = self.connect(database="routing")
        rows(db, "SET weir_trace = 1")
        rows(db, "SET weir_trace = 0")
        rows(db, "SELECT a FROM t")
        self.assertEqual(self.note(db), "")
        self.assertEqual(error_of(rows, db, "SET weir_trace = 'maybe'"), 1231)
        rows(db, "SET weir_trace = 1")
        binary_protocol.simple(db, 0x1F)    # COM_RESET_CONNECTION
        self.assertEqual(rows(db, "SELECT @@weir_trace"), ((0,),))


class pins(proxy_case):
    """Why a session stays on its connection, by which statement, and for how long."""

    def metric(self, name, cause):
        for line in self.proxy.metrics().splitlines():
            if line.startswith(f'{name}{{cause="{cause}"}} '):
                return float(line.split()[-1])
        return None

    def test_are_listed_with_the_statements_that_made_them(self):
        db = self.connect()
        self.assertEqual(rows(db, "SHOW WEIR PINS"), ())
        rows(db, "CREATE TEMPORARY TABLE kept (a INT)")
        rows(db, "SELECT GET_LOCK('weir_seen', 0)")
        found = rows(db, "SHOW WEIR PINS")
        self.assertEqual([row[:2] for row in found], [("temporary table", "test.kept"), ("named lock", "weir_seen")])
        self.assertEqual(found[0][3], "CREATE TEMPORARY TABLE kept (a INT)")
        rows(db, "DROP TEMPORARY TABLE kept")
        rows(db, "DO RELEASE_LOCK('weir_seen')")
        self.assertEqual(rows(db, "SHOW WEIR PINS"), ())

    def test_are_counted_in_seconds_by_cause(self):
        before = self.metric("weir_pin_seconds_total", "named lock")
        db = self.connect()
        rows(db, "SELECT GET_LOCK('weir_counted', 0)")
        rows(db, "SELECT SLEEP(0.3)")
        self.assertEqual(self.metric("weir_pinned_sessions", "named lock"), 1)
        # A statement is counted once its answer is on the way.
        wait_until(10, lambda: self.metric("weir_pin_seconds_total", "named lock") - before >= 0.3, "the time is counted")
        db.close()
        wait_until(10, lambda: self.metric("weir_pinned_sessions", "named lock") == 0, "the pin ended with its session")


class processlists(proxy_case):
    """SHOW PROCESSLIST has the ids that clients were given, which can be killed."""
    settings = {"proxy": {"workers": 2}}

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("list_other", "other")
        cls.cluster.make_account("list_watcher", "watcher")
        cls.cluster.sql(1, "GRANT PROCESS ON *.* TO list_watcher@'%'", "DROP TABLE IF EXISTS test.listed",
                        "CREATE TABLE test.listed (id INT)", "INSERT INTO test.listed VALUES (1)")

    def listed(self, db, statement="SHOW PROCESSLIST"):
        return {row[0]: row for row in rows(db, statement)}

    def begin(self, db, sql):
        """A statement that goes on in a thread of its own; joined at the end."""
        thread = threading.Thread(target=lambda: thread.ended.append(error_of(rows, db, sql)))
        thread.ended = []
        thread.start()
        self.addCleanup(thread.join, 30)
        return thread

    def test_has_every_session_of_the_user_by_its_id(self):
        sessions = [self.connect() for _ in range(6)]
        for db in sessions[:3]:
            rows(db, "SELECT 1 FROM listed")
        found = self.listed(sessions[0])
        ids = [db.thread_id() for db in sessions]
        self.assertTrue(set(ids) <= set(found), f"{ids} in {sorted(found)}")
        self.assertEqual(found[ids[0]][4], "Query")
        self.assertEqual({found[number][4] for number in ids[1:]}, {"Sleep"})
        self.assertEqual({found[number][1] for number in ids}, {"app"})
        self.assertEqual(found[ids[1]][2].split(":")[0], "127.0.0.1")
        self.assertEqual(set(self.listed(sessions[1], "show full processlist;")) & set(ids), set(ids))

    def test_shows_what_runs_on_a_replica_and_its_id_kills_that(self):
        db, killer = self.connect(), self.connect()
        sleep = self.begin(db, "SELECT SLEEP(30) FROM listed /* listed_here */")
        row = wait_until(10, lambda: self.row_that_runs(killer, "listed_here", "on db"), "it is listed")
        self.assertEqual(row[0], db.thread_id())
        self.assertRegex(row[6], r"^on db[23]$")
        rows(killer, f"KILL {row[0]}")
        sleep.join(20)
        self.assertFalse(sleep.is_alive())

    def row_that_runs(self, db, mark, state=""):
        found = [row for row in rows(db, "SHOW FULL PROCESSLIST") if mark in str(row[7]) and row[6].startswith(state)]
        return found[0] if found else None

    def test_shows_what_runs_on_the_primary_as_the_server_does(self):
        db, killer = self.connect(), self.connect()
        sleep = self.begin(db, "DO SLEEP(30) /* listed_there */")
        row = wait_until(10, lambda: self.row_that_runs(killer, "listed_there"), "it is listed")
        self.assertEqual(row[0], db.thread_id())
        self.assertEqual(row[4], "Query")
        rows(killer, f"KILL QUERY {row[0]}")
        sleep.join(20)
        self.assertFalse(sleep.is_alive())

    def test_shows_others_to_those_who_may_see_them(self):
        other = wait_until(10, lambda: self.log_in("list_other", "other"), "the proxy knows the account")
        watcher = wait_until(10, lambda: self.log_in("list_watcher", "watcher"), "the proxy knows the account")
        self.assertIn(other.thread_id(), self.listed(watcher))
        app = self.connect()
        self.assertEqual({row[1] for row in self.listed(other).values()}, {"list_other"})
        self.assertIn(app.thread_id(), self.listed(watcher))

    def log_in(self, user, password):
        try:
            db = self.proxy.connect(user, password, database=None)
        except pymysql.err.MySQLError:
            return None
        self.addCleanup(db.close)
        return db

    def test_works_prepared(self):
        db = self.connect()
        statement = binary_protocol.statement(db, "SHOW PROCESSLIST")
        for _ in range(2):
            found = statement.execute().rows
            self.assertIn(db.thread_id(), {row[0] for row in found})

    def test_is_what_the_command_of_old_tools_lists(self):
        db = self.connect()
        binary_protocol.command(db, 0x0A)    # COM_PROCESS_INFO
        listed = binary_protocol.answer(db, binary=False).rows
        self.assertTrue(any(str(db.thread_id()).encode() in row for row in listed))
