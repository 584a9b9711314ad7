"""Who answers what: the rows of the routing table, session state on every server, and reading one's own writes."""
import collections
import decimal
import os
import shutil
import tempfile

from pymysql.constants import CLIENT

from routing_rows import ROWS
from weir_cluster import error_of, proxy_case, rows, value, wait_until
from who_answered import general_logs


def make_tables(servers):
    servers.sql(1, "DROP DATABASE IF EXISTS routing", "CREATE DATABASE routing")
    db = servers.connect(1, database="routing")
    for statement in (
            "CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1,1),(2,2),(3,3)",
            "CREATE TABLE quoted (`for update` INT)", "INSERT INTO quoted VALUES (1)",
            "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY)",
            "CREATE FUNCTION writes_log() RETURNS INT BEGIN INSERT INTO log VALUES (); RETURN 1; END",
            "DROP USER IF EXISTS routing_other", "CREATE USER routing_other IDENTIFIED BY 'x'"):
        db.cursor().execute(statement)
    if servers.flavour == "mariadb":
        db.cursor().execute("CREATE SEQUENCE s")
    db.close()


class routing_table(proxy_case):
    """Every row runs in a session of its own; a server's general log tells where each statement went."""

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)
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

    def run_statement(self, db, sql, mark):
        """The error number that it ends with."""
        sql = self.text_of(sql, mark)

        def work():
            db.query(sql)
            while db._result and db._result.has_next:    # pylint: disable=protected-access
                db.next_result()
        return error_of(work)

    def may_go_to_replica(self, db, sql):
        """A session that has read from the primary stays there until it is known what replicas must have for it."""
        db.query(b"EXPLAIN ROUTE " + self.text_of(sql, ""))
        return db._result.rows[0][0] != "primary"    # pylint: disable=protected-access

    def test_every_statement_goes_where_its_row_says(self):
        for index, (number, flavour, statements) in enumerate(ROWS):
            if flavour not in (None, self.flavour):
                continue
            db = self.proxy.connect(database="routing", client_flag=CLIENT.MULTI_STATEMENTS)
            self.addCleanup(db.close)
            for step, (sql, expected, error) in enumerate(statements):
                with self.subTest(row=number, sql=sql):
                    mark = f"m{index}_{step}_"
                    errors = error if isinstance(error, tuple) else (error,)
                    if expected == {2, 3}:
                        wait_until(10, lambda db=db, sql=sql: self.may_go_to_replica(db, sql), "what was seen before is known")
                    self.assertIn(self.run_statement(db, sql, mark), errors, "the server's error number")
                    if expected is not None:
                        reached = self.logs.servers_of(mark)
                        self.assertTrue(reached and reached <= expected, f"went to {reached}, not to {expected}")
                        self.assertEqual(len(reached), 1, "went to one server only")

    def test_row_11_an_empty_statement_before_a_read_is_answered_as_the_server_does(self):
        direct = self.cluster.connect(1, client_flag=CLIENT.MULTI_STATEMENTS)
        self.addCleanup(direct.close)
        db = self.connect_multi(database="routing")
        self.assertEqual(error_of(db.query, ";SELECT 1"), error_of(direct.query, ";SELECT 1"))


class transactions(proxy_case):
    """What the routing table says of transactions, as a client sees it."""

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)

    def count(self, number):
        return self.cluster.sql(1, f"SELECT COUNT(*) FROM routing.t WHERE id={number}")[0][0]

    def test_row_27_setting_autocommit_commits_what_was_done(self):
        db = self.connect(database="routing", autocommit=None)
        for statement in ("SET autocommit=0", "INSERT INTO t VALUES (270, 1)", "SELECT * FROM t", "SET autocommit=1"):
            rows(db, statement)
        self.assertEqual(self.count(270), 1)

    def test_row_28_a_read_only_transaction_stays_on_one_replica(self):
        def runs_on_a_replica():
            db = self.connect(database="routing")
            rows(db, "START TRANSACTION READ ONLY")
            seen = {value(db, "SELECT @@server_id FROM t LIMIT 1") for _ in range(5)}
            self.assertEqual(len(seen), 1)
            rows(db, "COMMIT")
            return seen <= {2, 3}
        for _ in range(10):    # what was written before is known of replicas by the monitor's next look
            wait_until(10, runs_on_a_replica, "a replica is known to be far enough")

    def test_row_29_a_consistent_snapshot_is_taken_when_it_is_asked_for(self):
        db = self.connect(database="routing")
        rows(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
        self.cluster.sql(1, "INSERT INTO routing.t VALUES (290, 1)")
        self.cluster.caught_up()
        self.assertEqual(value(db, "SELECT COUNT(*) FROM t WHERE id=290"), 0)
        rows(db, "COMMIT")
        self.assertEqual(value(db, "SELECT COUNT(*) FROM t WHERE id=290"), 1)

    def test_row_32_ddl_ends_a_transaction(self):
        db = self.connect(database="routing")
        for statement in ("BEGIN", "INSERT INTO t VALUES (321, 1)", "CREATE TABLE x32 (id INT)", "ROLLBACK", "DROP TABLE x32"):
            rows(db, statement)
        self.assertEqual(self.count(321), 1)
        self.assertEqual(value(db, "SELECT COUNT(*) FROM t WHERE id=321"), 1)

    def test_row_33_rollback_release_closes_the_session(self):
        db = self.connect(database="routing")
        rows(db, "BEGIN")
        rows(db, "INSERT INTO t VALUES (330, 1)")
        error_of(rows, db, "ROLLBACK RELEASE")
        self.assertIn(error_of(rows, db, "SELECT 1"), (2006, 2013))
        self.assertEqual(self.count(330), 0)

    def test_row_35_a_savepoint_without_autocommit_can_be_rolled_back_to(self):
        db = self.connect(database="routing", autocommit=None)
        for statement in ("SET autocommit=0", "SAVEPOINT s", "INSERT INTO t VALUES (350, 1)", "ROLLBACK TO s", "COMMIT"):
            rows(db, statement)
        self.assertEqual(self.count(350), 0)

    def test_row_36_a_locked_table_keeps_others_from_writing_until_unlocked(self):
        holder = self.connect(database="routing")
        other = self.connect(database="routing")
        rows(other, "SET lock_wait_timeout=1")
        rows(holder, "LOCK TABLES t READ")
        self.assertEqual(error_of(rows, other, "UPDATE t SET a=a+1 WHERE id=1"), 1205)
        rows(holder, "SELECT * FROM t")
        rows(holder, "UNLOCK TABLES")
        self.assertEqual(error_of(rows, other, "UPDATE t SET a=a+1 WHERE id=1"), 0)


class session_state(proxy_case):
    """What a client sets holds on whichever server answers."""

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)
        cls.cluster.sql(1, "CREATE DATABASE IF NOT EXISTS routing_two",
                        "CREATE OR REPLACE VIEW routing_two.only_here AS SELECT 2 AS two")

    def answers(self, setting, expression):
        """server -> values of `expression`, over sessions that each ran `setting` first, until both replicas have answered. (A
        variable itself is asked of the primary; what it does to an expression shows on every server.)"""
        seen = collections.defaultdict(set)

        def run_session():
            db = self.proxy.connect(database="routing")
            rows(db, setting)
            for _ in range(4):
                server, answer = rows(db, f"SELECT @@server_id, {expression} FROM t LIMIT 1")[0]
                seen[server].add(answer)
            db.close()
            return set(seen) >= {2, 3}
        wait_until(10, run_session, "both replicas answer")
        return dict(seen)

    def test_what_is_set_holds_on_every_replica(self):
        for setting, expression, expected in (
                ("SET SESSION time_zone = '+05:30'", "CAST(FROM_UNIXTIME(0) AS CHAR)", "1970-01-01 05:30:00"),
                ("SET @@session.group_concat_max_len = 17", "LENGTH((SELECT GROUP_CONCAT(REPEAT('x', 100)) FROM t))", 17),
                ("SET div_precision_increment = 2", "CAST(1/3 AS CHAR)", "0.33"),
                ("SET lc_time_names = 'de_DE'", "DAYNAME('2024-01-01')", "Montag"),
                ("SET sql_mode = 'ANSI_QUOTES'", '"id"', 1),
                ("SET sql_mode = 'PIPES_AS_CONCAT', time_zone = '+00:00'", "'a' || 'b'", "ab"),
                ("SET NAMES latin1", "CHARSET('x')", "latin1"),
                ("SET NAMES utf8mb4 COLLATE utf8mb4_bin", "COLLATION('x')", "utf8mb4_bin"),
                ("SET collation_connection = 'utf8mb4_bin'", "COLLATION('x')", "utf8mb4_bin")):
            with self.subTest(setting=setting):
                self.assertEqual(self.answers(setting, expression), {2: {expected}, 3: {expected}})

    def test_a_wait_timeout_reads_back_as_it_was_set(self):
        db = self.connect(database="routing")
        rows(db, "SET SESSION wait_timeout = 100")
        self.assertEqual(value(db, "SELECT @@wait_timeout"), 100)

    def test_the_schema_holds_on_every_replica(self):
        for change in (lambda db: db.select_db("routing_two"), lambda db: rows(db, "USE `routing_two`")):
            seen = set()

            def run_session(change=change, seen=seen):    # it may stay with the replica that it has read from
                db = self.connect(database="routing")
                change(db)
                seen.update(rows(db, "SELECT @@server_id, DATABASE(), two FROM only_here"))
                return len(seen) == 2
            wait_until(10, run_session, "both replicas answer")
            self.assertEqual(seen, {(2, "routing_two", 2), (3, "routing_two", 2)})

    def test_a_session_that_began_without_a_schema_has_none(self):
        seen = set()

        def run_session():
            seen.update(rows(self.connect(database=None), "SELECT @@server_id, DATABASE() FROM routing.t LIMIT 1"))
            return len(seen) == 2
        wait_until(10, run_session, "both replicas answer")
        self.assertEqual(seen, {(2, None), (3, None)})

    def test_a_variable_that_changes_midway_changes_everywhere(self):
        db = self.connect(database="routing")
        for zone in ("+01:00", "+02:00", "+03:00"):
            rows(db, f"SET time_zone='{zone}'")
            for statement in ("SELECT @@time_zone FROM t LIMIT 1", "SELECT @@time_zone FROM t LIMIT 1 FOR UPDATE"):
                self.assertEqual(value(db, statement), zone)

    def test_counters_of_the_session_count_what_it_reads(self):
        db = self.connect(database="routing")
        rows(db, "FLUSH STATUS")
        for _ in range(3):
            rows(db, "SELECT * FROM t")
        counters = dict(rows(db, "SHOW SESSION STATUS LIKE 'Com_select'"))
        self.assertEqual(counters, {"Com_select": "3"})

    def test_a_global_variable_holds_for_the_session_that_set_it(self):
        direct = self.cluster.sql(1, "SELECT @@global.div_precision_increment")[0][0]
        self.cluster.make_account("routing_admin", "x")
        self.cluster.sql(1, "GRANT ALL PRIVILEGES ON *.* TO routing_admin")
        self.cluster.caught_up()
        db = self.connect(database="routing", user="routing_admin", password="x")
        try:
            rows(db, "SET GLOBAL div_precision_increment = 7")
            self.assertEqual({rows(db, "SELECT @@server_id, @@global.div_precision_increment FROM t LIMIT 1")[0] for _ in range(8)},
                             {(1, 7)})
        finally:
            self.cluster.sql(1, f"SET GLOBAL div_precision_increment = {direct}")

    def test_a_session_that_turns_its_tracking_off_stays_where_it_did(self):
        for setting in ("session_track_system_variables = ''", "session_track_system_variables = DEFAULT",
                        "SESSION session_track_schema = OFF"):
            with self.subTest(setting=setting):
                db = self.connect(database="routing")
                rows(db, f"SET {setting}")
                rows(db, "SET div_precision_increment = 7")
                rows(db, "USE information_schema")
                for _ in range(4):
                    self.assertEqual(rows(db, "SELECT @@server_id, 1/3, DATABASE()"),
                                     ((1, decimal.Decimal("0.3333333"), "information_schema"),))

    def test_a_refused_set_changes_nothing(self):
        db = self.connect(database="routing")
        before = value(db, "SELECT @@sql_mode FROM t LIMIT 1")
        self.assertEqual(error_of(rows, db, "SET sql_mode='NO_SUCH_MODE'"), 1231)
        self.assertEqual(value(db, "SELECT @@sql_mode FROM t LIMIT 1"), before)


class reads_after_writes(proxy_case):
    """A session sees what it wrote, wherever it reads."""
    settings = {"routing": {"primary_reads": "when-no-replica"}}
    rounds = 400

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)

    def run_loop(self, write, read):
        """Reads that missed the write before them, and the servers that answered."""
        stale, servers = 0, collections.Counter()
        for i in range(1000, 1000 + self.rounds):
            write(i)
            server, found = read(i)
            stale += found != 1
            servers[server] += 1
        return stale, servers

    def test_text_statements_see_the_write_before_them(self):
        db = self.connect(database="routing")
        stale, servers = self.run_loop(
            lambda i: rows(db, f"INSERT INTO t VALUES ({i}, 1)"),
            lambda i: rows(db, f"SELECT @@server_id, COUNT(*) FROM t WHERE id={i}")[0])
        self.assertEqual(stale, 0)
        print(f"reads by server: {dict(servers)}")

    def test_transactions_are_seen_after_commit(self):
        db = self.connect(database="routing")

        def write(i):
            db.begin()
            rows(db, f"UPDATE t SET a={i} WHERE id=1")
            db.commit()
        stale, _ = self.run_loop(write, lambda i: rows(db, f"SELECT @@server_id, COUNT(*) FROM t WHERE id=1 AND a={i}")[0])
        self.assertEqual(stale, 0)

    def test_a_table_made_a_moment_ago_can_be_read(self):
        db = self.connect(database="routing")
        for i in range(30):
            rows(db, f"CREATE TABLE n{i} (id INT)")
            self.assertEqual(error_of(rows, db, f"SELECT * FROM n{i}"), 0)
            rows(db, f"DROP TABLE n{i}")
            self.assertEqual(error_of(rows, db, f"SELECT * FROM n{i}"), 1146)

    def test_a_write_is_seen_while_the_replicas_lag(self):
        for n in (2, 3):
            self.cluster.control("lag_replica", n, 1)
            self.addCleanup(self.cluster.control, "lag_replica", n, 0)
        db = self.connect(database="routing")
        for i in range(5000, 5020):
            rows(db, f"INSERT INTO t VALUES ({i}, 1)")
            self.assertEqual(value(db, f"SELECT COUNT(*) FROM t WHERE id={i}"), 1)


class hints(proxy_case):
    """Comments that say where a statement should go."""

    @classmethod
    def prepare_servers(cls):
        make_tables(cls.cluster)

    def test_a_hint_chooses_the_server_of_a_read(self):
        db = self.connect(database="routing")
        for hint, expected in (("primary", {1}), ("replica", {2, 3}), ("server=db2", {2}), ("server=db3", {3})):
            with self.subTest(hint=hint):
                for _ in range(4):
                    self.assertIn(value(db, f"/* weir:{hint} */ SELECT @@server_id FROM t LIMIT 1"), expected)

    def test_a_hint_says_what_a_read_has_to_see(self):
        db = self.connect(database="routing")
        self.addCleanup(self.cluster.caught_up)
        for n in (2, 3):
            self.cluster.control("lag_replica", n, 5)
            self.addCleanup(self.cluster.control, "lag_replica", n, 0)
        wait_until(10, lambda: {value(db, "SELECT @@server_id FROM t LIMIT 1") for _ in range(8)} == {2, 3}, "replicas are well")
        for hint, expected in (("eventual", {2, 3}), ("session", {2, 3}), ("global", {2, 3})):
            with self.subTest("nothing written", hint=hint):
                self.assertIn(value(db, f"/* weir:consistency={hint} */ SELECT @@server_id FROM t LIMIT 1"), expected)
        rows(db, "INSERT INTO t VALUES (9002, 1)")
        self.addCleanup(self.cluster.sql, 1, "DELETE FROM routing.t WHERE id=9002")
        for hint, expected in (("eventual", {2, 3}), ("session", {1}), ("global", {1})):
            with self.subTest("written here", hint=hint):
                self.assertIn(value(db, f"/* weir:consistency={hint} */ SELECT @@server_id FROM t LIMIT 1"), expected)

    def test_a_hint_never_sends_a_write_to_a_replica(self):
        db = self.connect(database="routing")
        for hint in ("replica", "server=db2"):
            self.assertEqual(error_of(rows, db, f"/* weir:{hint} */ INSERT INTO t VALUES (@@server_id + 9000, 1)"), 0)
            self.assertEqual(self.cluster.sql(1, "SELECT COUNT(*) FROM routing.t WHERE id=9001")[0][0], 1)
            rows(db, "DELETE FROM t WHERE id=9001")
