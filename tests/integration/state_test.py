"""State of a session that no variable holds: its role, and what it may ask about statements and servers."""
import threading

import binary_protocol
import pymysql
from pymysql.constants import CLIENT

from weir_cluster import error_of, proxy_case, rows, value, wait_until

RESET_CONNECTION = 0x1F
ACCOUNT = "state_user"
PASSWORD = "state"
ROLES = ("state_reader", "state_writer", "state-`quoted")
ANOTHER = "state_another"


def drop_accounts(cluster):
    cluster.sql(1, f"DROP USER IF EXISTS {ACCOUNT}, {ANOTHER}", *(f"DROP ROLE IF EXISTS {quoted(name)}" for name in ROLES))


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


class roles(proxy_case):
    """The account itself may read nothing of schema roles; its roles may."""
    settings = {"proxy": {"workers": 1}}

    @classmethod
    def prepare_servers(cls):
        drop_accounts(cls.cluster)
        cls.addClassCleanup(drop_accounts, cls.cluster)
        default = "FOR" if cls.cluster.flavour == "mariadb" else "TO"
        cls.cluster.sql(
            1, f"CREATE USER {ACCOUNT} IDENTIFIED BY '{PASSWORD}'", *(f"CREATE ROLE {quoted(name)}" for name in ROLES),
            *(f"GRANT {quoted(name)} TO {ACCOUNT}" for name in ROLES), "DROP DATABASE IF EXISTS roles", "CREATE DATABASE roles",
            "CREATE TABLE roles.t (a INT)", "INSERT INTO roles.t VALUES (1)", "CREATE TABLE roles.u (a INT)",
            "GRANT SELECT ON roles.t TO state_reader", "GRANT SELECT, INSERT ON roles.u TO state_writer",
            f"GRANT SELECT ON roles.u TO {quoted(ROLES[2])}", f"SET DEFAULT ROLE state_writer {default} {ACCOUNT}",
            f"GRANT CREATE ON test.* TO {ACCOUNT}")

    def log_in(self):
        return self.connect(ACCOUNT, PASSWORD)

    def reads(self, db, table, denied=False):
        """A read that has to end with the same on whatever server."""
        error = error_of(rows, db, f"SELECT a FROM roles.{table}")
        self.assertEqual(error, 1142 if denied else 0)

    def held_by(self, db):
        return [row[0] for row in rows(db, "SHOW WEIR PINS")]

    def reads_on_both_replicas(self, db):
        def both():
            return {value(db, "SELECT @@server_id FROM roles.t LIMIT 1") for _ in range(8)} >= {2, 3}
        wait_until(10, both, "both replicas have answered")

    def test_a_role_holds_on_every_server_and_pins_nothing(self):
        db = self.log_in()
        self.reads(db, "t", denied=True)
        self.reads(db, "u")
        rows(db, "SET ROLE state_reader")
        self.assertEqual(self.held_by(db), [])
        self.reads_on_both_replicas(db)
        for _ in range(10):
            self.reads(db, "t")
            self.reads(db, "u", denied=True)
        rows(db, "SET ROLE NONE")
        for _ in range(10):
            self.reads(db, "t", denied=True)
            self.reads(db, "u", denied=True)

    def test_sessions_on_the_same_connections_keep_their_own_roles(self):
        first, second, third = self.log_in(), self.log_in(), self.log_in()
        rows(first, "SET ROLE state_reader")
        rows(third, "SET ROLE NONE")
        for _ in range(30):
            self.reads(first, "t")
            self.reads(second, "t", denied=True)
            self.reads(second, "u")
            self.reads(third, "u", denied=True)
            self.reads(first, "u", denied=True)

    def test_a_new_session_has_its_default_role(self):
        db = self.log_in()
        rows(db, "SET ROLE state_reader")
        self.reads_on_both_replicas(db)
        db.close()
        for _ in range(4):
            another = self.log_in()
            for _ in range(6):
                self.reads(another, "t", denied=True)
                self.reads(another, "u")
            another.close()

    def test_a_refused_role_changes_nothing(self):
        db = self.log_in()
        rows(db, "SET ROLE state_reader")
        refused = 1959 if self.flavour == "mariadb" else 3530
        self.assertEqual(error_of(rows, db, "SET ROLE nobody_has_it"), refused)
        self.assertEqual(self.held_by(db), [])
        for _ in range(6):
            self.reads(db, "t")
            self.reads(db, "u", denied=True)

    def test_names_are_read_as_the_server_reads_them(self):
        names = ["`state_reader`", "'state_reader'", '"state_reader"', "/* c */ state_reader -- end"]
        if self.flavour == "mysql":
            names += ["state_reader@'%'", "`state_reader`@`%`", "'state_reader' , state_writer"]
        for name in names:
            with self.subTest(name=name):
                db = self.log_in()
                rows(db, f"SET ROLE {name}")
                for _ in range(6):
                    self.reads(db, "t")
                self.assertEqual(self.held_by(db), [])
        db = self.log_in()
        rows(db, f"SET ROLE {quoted(ROLES[2])}")
        for _ in range(6):
            self.reads(db, "u")
            self.reads(db, "t", denied=True)

    def test_words_for_several_roles_mean_those_of_the_moment(self):
        knows_words = self.flavour == "mysql"    # MariaDB: a syntax error, and the login's role stays
        for words, may_read in (("ALL", "tu"), ("DEFAULT", "u"), ("ALL EXCEPT state_writer, `state-``quoted`", "t")):
            with self.subTest(words=words):
                db = self.log_in()
                self.assertEqual(error_of(rows, db, f"SET ROLE {words}"), 0 if knows_words else 1064)
                may_read = may_read if knows_words else "u"
                for _ in range(6):
                    for table in "tu":
                        self.reads(db, table, denied=table not in may_read)
                self.assertEqual(self.held_by(db), [])

    def test_what_a_session_may_ask_about_a_statement_is_there_after_its_role_was_asked_for(self):
        db = self.log_in()
        rows(db, "SELECT a FROM roles.u")
        words = "ALL" if self.flavour == "mysql" else "'state_reader'"
        rows(db, f"SET ROLE {words}")
        self.assertEqual(value(db, "SELECT ROW_COUNT()"), 0)
        self.assertEqual(rows(db, "SHOW WARNINGS"), ())

    def test_a_reset_of_the_connection_leaves_the_role(self):
        direct = pymysql.connect(unix_socket=self.cluster.sockets[0], user=ACCOUNT, password=PASSWORD, autocommit=True)
        self.addCleanup(direct.close)
        through = self.log_in()
        for db in (direct, through):
            rows(db, "SET ROLE state_reader")
            db._execute_command(RESET_CONNECTION, b"")    # pylint: disable=protected-access
            db._read_ok_packet()    # pylint: disable=protected-access
        self.assertEqual(value(through, "SELECT CURRENT_ROLE()"), value(direct, "SELECT CURRENT_ROLE()"))
        for _ in range(6):
            self.reads(through, "t")

    def test_a_role_within_several_statements_counts(self):
        db = self.connect(ACCOUNT, PASSWORD, client_flag=CLIENT.MULTI_STATEMENTS)
        db.query("SELECT 1; SET ROLE state_reader")
        while db.next_result():
            pass
        for _ in range(6):
            self.reads(db, "t")
            self.reads(db, "u", denied=True)
        self.assertNotIn("role", self.held_by(db))

    def test_a_replica_that_does_not_know_the_role_yet_is_passed_over(self):
        self.cluster.control("stop_replica", 2)
        self.cluster.control("stop_replica", 3)
        try:
            self.cluster.sql(1, "DROP ROLE IF EXISTS state_new", "CREATE ROLE state_new", f"GRANT state_new TO {ACCOUNT}",
                             "GRANT SELECT ON roles.t TO state_new")
            db = self.log_in()
            rows(db, "SET ROLE state_new")
            for _ in range(6):
                self.reads(db, "t")
        finally:
            self.cluster.control("start_replica", 2)
            self.cluster.control("start_replica", 3)
            self.cluster.sql(1, "DROP ROLE state_new")
            self.cluster.caught_up()


class roles_of_former_users(proxy_case):
    """One connection per server, so that a login has to take over that of the account before. MariaDB lets the role of the
    former user go on."""
    settings = {"proxy": {"workers": 1}, "limits": {"backends_per_server": 1}}

    @classmethod
    def prepare_servers(cls):
        drop_accounts(cls.cluster)
        cls.addClassCleanup(drop_accounts, cls.cluster)
        cls.cluster.sql(
            1, f"CREATE USER {ACCOUNT} IDENTIFIED BY '{PASSWORD}'", f"CREATE USER {ANOTHER} IDENTIFIED BY '{PASSWORD}'",
            "CREATE ROLE state_reader", f"GRANT state_reader TO {ACCOUNT}", "DROP DATABASE IF EXISTS roles", "CREATE DATABASE roles",
            "CREATE TABLE roles.t (a INT)", "GRANT SELECT ON roles.t TO state_reader",
            f"GRANT CREATE ON test.* TO {ACCOUNT}, {ANOTHER}")
        cls.cluster.caught_up()

    def has_reached_nothing(self):
        """Who comes after, on the primary and on whatever replica."""
        db = self.connect(ANOTHER, PASSWORD)
        for _ in range(6):
            self.assertEqual(error_of(rows, db, "SELECT a FROM roles.t"), 1142)
        self.assertEqual(error_of(rows, db, "INSERT INTO roles.t SELECT a FROM roles.t"), 1142)
        self.assertIn(value(db, "SELECT CURRENT_ROLE()"), (None, "NONE"))
        db.close()

    def test_a_role_that_was_set(self):
        for _ in range(3):
            db = self.connect(ACCOUNT, PASSWORD)
            rows(db, "SET ROLE state_reader")
            for statement in ("SELECT a FROM roles.t", "BEGIN", "SELECT a FROM roles.t FOR UPDATE", "ROLLBACK"):
                error_of(rows, db, statement)
            self.assertEqual(rows(db, "SELECT a FROM roles.t"), ())
            db.close()
            self.has_reached_nothing()

    def test_the_role_of_a_login(self):
        default = "FOR" if self.flavour == "mariadb" else "TO"
        self.cluster.sql(1, f"SET DEFAULT ROLE state_reader {default} {ACCOUNT}")
        self.cluster.caught_up()
        for _ in range(3):
            db = self.connect(ACCOUNT, PASSWORD)
            for _ in range(6):
                self.assertEqual(rows(db, "SELECT a FROM roles.t"), ())
            db.close()
            self.has_reached_nothing()


class servers_of_a_session(proxy_case):
    """What a session asks about its server, its position and its connections fits together."""
    settings = {"proxy": {"workers": 1}, "routing": {"consistency": "session", "max_lag": "20s"}}

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.state", "CREATE TABLE test.state (a INT PRIMARY KEY)",
                        "INSERT INTO test.state VALUES (1)")

    def position(self):
        """Of the primary: all that was written there."""
        name = "gtid_binlog_pos" if self.flavour == "mariadb" else "gtid_executed"
        return self.cluster.sql(1, f"SELECT @@global.{name}")[0][0].replace("\n", "")

    def test_row_48_who_is_idle_for_its_wait_timeout_is_disconnected(self):
        patient, idle = self.connect(), self.connect()
        rows(patient, "SET wait_timeout = 100")
        rows(idle, "SET wait_timeout = 1")
        idle._sock.settimeout(20)
        said = idle._rfile.read()    # until it is closed
        idle._force_close()
        self.assertEqual(said[5:7], (4031).to_bytes(2, "little") if self.flavour == "mysql" else b"")
        self.assertEqual(value(patient, "SELECT @@wait_timeout"), 100)

    def test_row_53_the_server_that_says_its_name_stays_the_same(self):
        db = self.connect()
        name = "@@hostname" if self.flavour == "mariadb" else "@@server_uuid"
        others, named = set(), set()

        def has_met_both():
            named.add(value(db, f"SELECT CONCAT(@@server_id, LEFT({name}, 0))"))
            others.add(value(db, "SELECT @@server_id"))
            return others >= {2, 3}
        wait_until(20, has_met_both, "other reads take turns")
        self.assertEqual(len(named), 1)

    def test_row_55_who_waits_for_a_position_finds_it(self):
        waits = "MASTER_GTID_WAIT" if self.flavour == "mariadb" else "WAIT_FOR_EXECUTED_GTID_SET"
        db = self.connect()
        self.assertEqual(value(db, "SELECT COUNT(*) FROM state"), 1)
        for n in (2, 3):
            self.cluster.control("lag_replica", n, 1)
            self.addCleanup(self.cluster.control, "lag_replica", n, 0)
        self.addCleanup(self.cluster.sql, 1, "DELETE FROM test.state WHERE a > 1")
        for index, ask in enumerate((f"SELECT {waits}('{{}}', 1)", f"DO {waits}('{{}}', 1)", f"SET @waited = {waits}('{{}}', 1)")):
            with self.subTest(ask=ask):
                wait_until(20, lambda: value(db, "SELECT MAX(a) FROM state WHERE @@server_id > 1") is not None, "a replica reads")
                self.cluster.sql(1, f"INSERT INTO test.state VALUES ({index + 2})")
                rows(db, ask.format(self.position()))
                self.assertEqual(value(db, "SELECT COUNT(*) FROM state"), index + 2)

    def test_row_52_a_session_finds_its_connection_in_the_servers_list(self):
        db = self.connect()
        for text in ("SELECT id FROM information_schema.processlist WHERE id = CONNECTION_ID()",
                     "SELECT COUNT(*), MAX(user) FROM information_schema.PROCESSLIST WHERE id <> CONNECTION_ID() AND user = 'app'"
                     " AND info LIKE '%PROCESSLIST%'"):
            with self.subTest(text=text):
                found = rows(db, text)
                prepared = binary_protocol.statement(db, text).execute().rows
                self.assertEqual(len(found), 1)
                self.assertEqual(len(prepared), 1)
                if "COUNT" in text:
                    self.assertEqual(found[0][0], 0)

    def test_row_52_an_id_from_the_servers_list_can_be_killed(self):
        victim, killer = self.connect(), self.connect()
        find = ("SELECT id FROM information_schema.processlist WHERE info LIKE '%list_victim%' AND command = 'Query'"
                " AND id <> CONNECTION_ID()")
        thread = threading.Thread(target=lambda: thread.ended.append(
            error_of(rows, victim, "SELECT SLEEP(100) FROM state FOR UPDATE /* list_victim */")))
        thread.ended = []
        thread.start()
        found = wait_until(10, lambda: rows(killer, find), "the statement runs")
        rows(killer, f"KILL QUERY {found[0][0]}")
        thread.join(20)
        self.assertIn(thread.ended, ([0], [1317]))
        self.assertEqual(value(victim, "SELECT 7"), 7)

    def test_a_schema_that_is_dropped_is_nobodys_any_more(self):
        for index, how in enumerate(("DROP DATABASE state_dropped", "DROP SCHEMA IF EXISTS `state_dropped`") * 3):
            with self.subTest(how=how):
                self.cluster.sql(1, "DROP DATABASE IF EXISTS state_dropped", "CREATE DATABASE state_dropped",
                                 "CREATE TABLE state_dropped.t (a INT)")
                db = self.connect(database="test")
                rows(db, "USE state_dropped")
                for _ in range(6):
                    self.assertEqual(value(db, "SELECT DATABASE() FROM test.state LEFT JOIN t ON 1 LIMIT 1"),
                                     "state_dropped")
                rows(db, how)
                for _ in range(6):
                    self.assertIsNone(value(db, "SELECT DATABASE()"))
                    self.assertEqual(error_of(rows, db, "SELECT * FROM t"), 1046)
                self.assertEqual(error_of(rows, db, f"CREATE TABLE t{index} (a INT)"), 1046)
                rows(db, "USE test")
                self.assertEqual(value(db, "SELECT DATABASE()"), "test")


class transactions_that_move(proxy_case):
    """Read-only transactions that have read on a replica, and have to go on at the primary."""
    settings = {"proxy": {"workers": 1}}
    BEGIN = "START TRANSACTION READ ONLY"
    READ = "SELECT a, b FROM test.moving ORDER BY a"
    LEAVING = "SELECT GET_LOCK('moving', 1)"
    SERVER = "SELECT @@server_id"

    def setUp(self):
        self.cluster.sql(1, "CREATE OR REPLACE TABLE test.moving (a INT PRIMARY KEY, b INT)" if self.flavour == "mariadb" else
                         "DROP TABLE IF EXISTS test.moving", "CREATE TABLE IF NOT EXISTS test.moving (a INT PRIMARY KEY, b INT)",
                         "INSERT INTO test.moving VALUES (1, 10), (2, 20)")
        self.cluster.caught_up()

    def begun(self, *before, begin=BEGIN):
        """A session whose transaction has read, on a replica."""
        db = self.connect()
        for statement in (*before, begin):
            rows(db, statement)
        self.assertEqual(rows(db, self.READ), ((1, 10), (2, 20)))
        self.assertIn(value(db, self.SERVER), (2, 3))
        return db

    def change(self):
        self.cluster.sql(1, "UPDATE test.moving SET b = 21 WHERE a = 2")

    def is_on_primary(self, db):
        self.assertEqual(value(db, self.SERVER), 1)

    def test_what_has_not_changed_is_read_again_there(self):
        db = self.begun()
        prepared = binary_protocol.statement(db, "SELECT b FROM test.moving WHERE a = ?")
        self.assertEqual(prepared.execute(2).rows, [(20,)])
        self.assertEqual(value(db, self.LEAVING), 1)
        self.change()
        self.assertEqual(rows(db, self.READ), ((1, 10), (2, 20)))
        self.assertEqual(prepared.execute(2).rows, [(20,)])
        self.is_on_primary(db)
        rows(db, "COMMIT")
        self.assertEqual(rows(db, self.READ), ((1, 10), (2, 21)))

    def test_what_has_changed_ends_the_transaction_and_the_next_one_begins_there(self):
        db = self.begun()
        self.change()
        self.assertEqual(error_of(rows, db, self.LEAVING), 1213)
        self.cluster.caught_up()
        rows(db, self.BEGIN)
        self.is_on_primary(db)
        self.assertEqual(value(db, self.LEAVING), 1)
        self.assertEqual(rows(db, self.READ), ((1, 10), (2, 21)))
        rows(db, "COMMIT")
        rows(db, "SELECT RELEASE_LOCK('moving')")

        def is_on_replica():
            rows(db, self.BEGIN)
            server = value(db, self.SERVER)
            rows(db, "COMMIT")
            return server in (2, 3)
        wait_until(5, is_on_replica, "a replica is known to have what may have been written")

    def test_one_that_sees_what_is_committed_goes_on_with_that(self):
        isolation = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
        for before in (isolation, isolation.replace("SET", "SET SESSION")):
            with self.subTest(before=before):
                db = self.begun(before + ", READ ONLY", begin=self.BEGIN)
                self.change()
                self.assertEqual(value(db, self.LEAVING), 1)
                self.assertEqual(rows(db, self.READ), ((1, 10), (2, 21)))
                db.close()
                self.setUp()

    def test_what_touches_no_table_need_not_come_out_the_same(self):
        db = self.begun()
        rows(db, "SELECT NOW(6), CONNECTION_ID()")
        rows(db, "SAVEPOINT a")
        rows(db, "SET @x = 1")
        self.assertEqual(error_of(rows, db, "INSERT INTO test.moving VALUES (3, 30)"), 1792)
        self.assertEqual(value(db, self.LEAVING), 1)
        self.assertEqual(rows(db, self.READ), ((1, 10), (2, 20)))
        self.is_on_primary(db)

    def test_one_that_a_set_has_ended_leaves_that_it_reads_only(self):
        direct = self.cluster.connect(1)
        self.addCleanup(direct.close)
        seen = []
        for db in (direct, self.connect()):
            seen.append([])
            for statement in (self.BEGIN, "SET autocommit = 0", "SET autocommit = 1", "INSERT INTO test.moving VALUES (3, 30)",
                              "DO 1", "INSERT INTO test.moving VALUES (3, 30)", self.READ, "DELETE FROM test.moving WHERE a > 2",
                              self.BEGIN, "SET autocommit = 0", "COMMIT", "INSERT INTO test.moving VALUES (4, 40)", "ROLLBACK",
                              self.READ, "SET autocommit = 1"):
                seen[-1].append((statement, error_of(rows, db, statement), db.server_status))
        self.assertEqual(seen[1], seen[0])

    def test_what_cannot_be_read_again_is_not_gone_on_from(self):
        db = self.begun()
        statement = binary_protocol.statement(db, "SELECT a FROM test.moving WHERE b > ?")
        statement.send_long_data(0, b"1")
        self.assertEqual(len(statement.execute(binary_protocol.LONG_DATA).rows), 2)
        self.assertEqual(error_of(rows, db, self.LEAVING), 1213)
        rows(db, self.BEGIN)
        self.is_on_primary(db)


class diagnostics(proxy_case):
    """GET DIAGNOSTICS behind a read that ran on a replica says what it says on one server."""
    settings = {"proxy": {"workers": 1}, "routing": {"consistency": "eventual"}}
    WARNS = "SELECT CAST('x' AS SIGNED), CAST('y' AS SIGNED), @@server_id FROM diagnosed LIMIT 1"

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.diagnosed", "CREATE TABLE test.diagnosed (a INT PRIMARY KEY)",
                        "INSERT INTO test.diagnosed VALUES (1)")

    def answers(self, db, read):
        """What a client sees of a conversation about the conditions of a read."""
        seen = [error_of(rows, db, read)]
        rows(db, "GET DIAGNOSTICS @n = NUMBER, @r = ROW_COUNT")
        rows(db, "GET CURRENT DIAGNOSTICS CONDITION 1 @s = RETURNED_SQLSTATE, @e = MYSQL_ERRNO, @m = MESSAGE_TEXT,"
                 " @c = CLASS_ORIGIN, @t = TABLE_NAME")
        if seen == [0]:
            rows(db, "GET DIAGNOSTICS CONDITION 2 @second = MESSAGE_TEXT")
        seen.append(rows(db, "SHOW WARNINGS"))
        for _ in range(4):
            seen.append(rows(db, "SELECT @n, @r, @s, @e, @m, @c, @t, @second FROM diagnosed"))
            seen.append(rows(db, "SELECT CHARSET(@m), COLLATION(@m), COERCIBILITY(@m), CHARSET(@n), @n + 1, CONCAT(@m, '!')"))
        return seen

    def test_what_it_fills_is_the_sessions_on_every_server(self):
        for read in (self.WARNS, "SELECT (SELECT 1 UNION SELECT 2), @@server_id FROM diagnosed"):
            with self.subTest(read=read):
                direct = self.cluster.connect(2, database="test")
                self.addCleanup(direct.close)
                db = self.connect()
                wait_until(10, lambda db=db: value(db, "SELECT @@server_id") > 1, "replicas take reads")
                seen, wanted = self.answers(db, read), self.answers(direct, read)
                self.assertEqual(seen, wanted)
                self.assertEqual(rows(db, "SHOW WEIR PINS"), ())

    # MariaDB begins a session with what a former connection has left in the same memory.
    FORGETTING = "SELECT a FROM diagnosed WHERE a < 0"

    ABOUT_THE_LAST = (
        ("SELECT CAST('x' AS SIGNED) FROM diagnosed", "BEGIN", "SHOW WARNINGS", "SELECT @@warning_count", "ROLLBACK"),
        ("SELECT CAST('x' AS SIGNED) FROM diagnosed", "DO 1", "SHOW COUNT(*) WARNINGS", "SHOW WARNINGS"),
        ("SELECT CAST('x' AS SIGNED)", "PREPARE one FROM 'SELECT 1'", "SHOW WARNINGS", "EXECUTE one", "SHOW COUNT(*) WARNINGS",
         "DEALLOCATE PREPARE one"),
        ("PREPARE one FROM 'SELECT ROW_COUNT()'", "SELECT a FROM diagnosed", "EXECUTE one", "SHOW WARNINGS", "EXECUTE one", "EXECUTE one",
         "DEALLOCATE PREPARE one"),
        ("SHOW ERRORS", "GET DIAGNOSTICS @n = NUMBER, @r = ROW_COUNT", "SELECT @n, @r"),
        ("SHOW ERRORS", "GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO", "SELECT ROW_COUNT(), @@error_count, @@warning_count"),
        ("SELECT CAST('x' AS SIGNED) FROM diagnosed", "GET DIAGNOSTICS @n = NUMBER", "SELECT @n", "SHOW WARNINGS"),
        ("SELECT CAST('x' AS SIGNED) FROM diagnosed", "SELECT @p := 1", "GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO", "SELECT @e",
         "SHOW COUNT(*) WARNINGS"),
        ("SELECT CAST('x' AS SIGNED) FROM diagnosed", "SHOW PRIVILEGES", "SHOW COUNT(*) WARNINGS", "SHOW WARNINGS"),
        ("SELECT a FROM diagnosed WHERE a < 0 FOR UPDATE", "SELECT a FROM diagnosed", "DELETE FROM diagnosed WHERE a > 99",
         "SELECT FOUND_ROWS()"),
        ("SELECT a FROM diagnosed WHERE a < 0", "UPDATE diagnosed SET a = a", "SELECT FOUND_ROWS()", "DO 1", "SELECT FOUND_ROWS()"),
    )

    def test_what_is_asked_about_a_statement_is_of_the_last_one(self):
        for texts in self.ABOUT_THE_LAST:
            with self.subTest(texts=texts):
                direct = self.cluster.connect(1, database="test")
                self.addCleanup(direct.close)
                rows(direct, self.FORGETTING)
                self.assertEqual(*([rows(db, text) for text in texts] for db in (self.connect(), direct)))

    def test_what_is_executed_at_once_asks_about_the_last_one(self):
        form = "EXECUTE IMMEDIATE '{}'" if self.flavour == "mariadb" else "{}"    # which MySQL does not have
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        for question in ("SELECT ROW_COUNT(), @@warning_count", "SELECT FOUND_ROWS()", "SHOW WARNINGS"):
            texts = ("SELECT CAST('x' AS SIGNED) FROM diagnosed", form.format(question))
            with self.subTest(question=question):
                self.assertEqual(*([rows(db, text) for text in texts] for db in (self.connect(), direct)))

    def test_what_is_no_statement_leaves_the_conditions_of_the_last_one(self):
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        seen = []
        for db in (self.connect(), direct):
            rows(db, "SELECT CAST('x' AS SIGNED) FROM diagnosed")
            db.ping(reconnect=False)
            db.select_db("test")
            seen.append(rows(db, "SHOW WARNINGS"))
        self.assertEqual(*seen)

    def test_a_read_without_conditions_has_none(self):
        db = self.connect()
        self.assertEqual(error_of(rows, db, "SELECT * FROM no_such_table"), 1146)
        rows(db, "SELECT a FROM diagnosed")
        rows(db, "GET DIAGNOSTICS @n = NUMBER, @r = ROW_COUNT")
        self.assertEqual(rows(db, "SELECT @n, @r"), ((0, -1),))

    def test_a_write_comes_before_the_variables_are_asked_for(self):
        db = self.connect()
        rows(db, self.WARNS)
        rows(db, "GET DIAGNOSTICS CONDITION 1 @e = MYSQL_ERRNO")
        rows(db, "REPLACE INTO diagnosed VALUES (@e)")
        self.addCleanup(self.cluster.sql, 1, "DELETE FROM test.diagnosed WHERE a > 1")
        self.assertEqual(self.cluster.sql(1, "SELECT MAX(a) FROM test.diagnosed"), ((1292,),))
