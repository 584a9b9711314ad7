"""Functions and views by what their bodies do (rows 13 and 14), and changes to them that count at once."""
import itertools

from weir_cluster import error_of, proxy_case, rows, value, wait_until
from who_answered import general_logs

READING = "CREATE FUNCTION {name}(n INT) RETURNS INT READS SQL DATA {body}"
COUNTS = ("BEGIN DECLARE found INT DEFAULT 0; SELECT COUNT(*) INTO found FROM t WHERE id <= n; "
          "IF found > 2 THEN SET found = 2; END IF; RETURN found; END")
WRITES = "BEGIN INSERT INTO log VALUES (); RETURN 1; END"


def make_definitions(servers):
    servers.sql(1, "SET GLOBAL log_bin_trust_function_creators = 1", "DROP DATABASE IF EXISTS defined",
                "CREATE DATABASE defined")
    db = servers.connect(1, database="defined")
    with db.cursor() as cursor:
        for statement in (
                "CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1,1),(2,2),(3,3)",
                "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY)",
                READING.format(name="counts", body=COUNTS),
                READING.format(name="counts_twice", body="RETURN counts(n) + defined.counts(n)"),
                f"CREATE FUNCTION writes(n INT) RETURNS INT MODIFIES SQL DATA {WRITES}",
                "CREATE FUNCTION writes_deeply(n INT) RETURNS INT MODIFIES SQL DATA RETURN counts(n) + writes(n)",
                "CREATE FUNCTION whose(n INT) RETURNS INT READS SQL DATA RETURN CONNECTION_ID()",
                "CREATE FUNCTION last_id(n INT) RETURNS INT READS SQL DATA RETURN LAST_INSERT_ID()",
                "CREATE FUNCTION variable(n INT) RETURNS INT READS SQL DATA RETURN @a",
                "CREATE VIEW plain AS SELECT id, CONCAT(UPPER('x'), a) AS a FROM t WHERE id IN (1, 2) AND a LIKE '%'",
                "CREATE VIEW joined AS SELECT x.id, CASE WHEN y.a > 1 THEN CAST(y.a AS CHAR) END AS a "
                "FROM t AS x LEFT JOIN (SELECT id, MAX(a) AS a FROM t GROUP BY id) AS y ON x.id = y.id "
                "UNION SELECT 9, DATE_FORMAT(NOW(), '%Y')",
                "CREATE VIEW counting AS SELECT counts(id) AS a FROM plain",
                "CREATE VIEW writing AS SELECT writes(1) AS a",
                "CREATE VIEW writing_deeply AS SELECT a FROM writing",
                "CREATE VIEW of_a_connection AS SELECT CONNECTION_ID() AS a",
                "CREATE PROCEDURE makes_a_view() CREATE OR REPLACE VIEW counting AS SELECT writes(1) AS a"):
            cursor.execute(statement)
    db.close()


class definitions_case(proxy_case):
    """Which server a statement was sent to, by the servers' general logs."""
    settings = {"monitor": {"catalog_interval": "200ms"}}

    @classmethod
    def prepare_servers(cls):
        make_definitions(cls.cluster)
        cls.grant_monitor(cls.monitor_rights())
        cls.logs = general_logs(cls.cluster)
        cls.addClassCleanup(cls.logs.close)
        cls.marks = (f"d{number}_" for number in itertools.count())

    @classmethod
    def monitor_rights(cls):
        """What the monitor's account may do besides what it has in every cluster: rights and their scope."""
        return "SELECT, SHOW VIEW" + (", SHOW_ROUTINE" if cls.flavour == "mysql" else ""), "*.*"

    @classmethod
    def grant_monitor(cls, rights):
        cls.cluster.sql(1, "GRANT {} ON {} TO weir_monitor@'%'".format(*rights))
        cls.addClassCleanup(cls.cluster.sql, 1, "REVOKE {} ON {} FROM weir_monitor@'%'".format(*rights))

    def target(self, db, sql, errors=(0,)):
        mark = next(self.marks)
        self.assertIn(error_of(rows, db, f"{sql} /* {mark} */"), errors)
        reached = self.logs.servers_of(mark)
        self.assertTrue(reached, "no server was asked")
        return "replica" if reached <= {2, 3} else "primary" if reached == {1} else reached

    def wait_for_replica(self, sql):
        """The replicas get the statement, and so what it names is known and has been applied there."""
        self.cluster.caught_up()
        db = self.connect(database="defined")
        wait_until(20, lambda: self.target(db, sql) == "replica", f"a replica for {sql}")


class bodies(definitions_case):
    """Rows 13 and 14 as the servers' own texts of bodies and views have it."""

    def test_reads_go_to_a_replica_and_anything_else_to_the_primary(self):
        self.wait_for_replica("SELECT counts(1)")
        for sql, expected in (
                ("SELECT counts(3)", "replica"),
                ("SELECT `counts` (3), defined.counts(1) FROM t", "replica"),
                ("SELECT counts_twice(2)", "replica"),
                ("SELECT * FROM t WHERE counts(id) = 1", "replica"),
                ("SELECT writes(1)", "primary"),
                ("SELECT counts(writes(1))", "primary"),
                ("SELECT writes_deeply(1)", "primary"),
                ("SELECT whose(1)", "primary"),
                ("SELECT last_id(1)", "primary"),
                ("SELECT * FROM t", "replica"),
                ("SELECT * FROM plain", "replica"),
                ("SELECT * FROM joined", "replica"),
                ("SELECT * FROM counting", "replica"),
                ("SELECT * FROM writing", "primary"),
                ("SELECT * FROM t, defined.`writing` AS w", "primary"),
                ("SELECT * FROM writing_deeply", "primary"),
                ("SELECT * FROM of_a_connection", "primary")):
            with self.subTest(sql=sql):
                db = self.connect(database="defined")
                self.assertEqual(self.target(db, sql), expected)

    def test_names_without_a_schema_belong_to_the_current_one(self):
        self.wait_for_replica("SELECT counts(1)")
        db = self.connect(database="test")
        self.assertEqual(self.target(db, "SELECT defined.counts(1)"), "replica")
        self.assertEqual(self.target(db, "SELECT counts(1)", (1305,)), "primary")

    def test_what_writes_writes_once(self):
        self.wait_for_replica("SELECT counts(1)")
        db = self.connect(database="defined")
        before = self.cluster.sql(1, "SELECT COUNT(*) FROM defined.log")[0][0]
        for sql in ("SELECT writes(1)", "SELECT * FROM writing"):
            self.assertEqual(value(db, sql), 1)
        self.assertEqual(self.cluster.sql(1, "SELECT COUNT(*) FROM defined.log")[0][0], before + 2)


class changes(definitions_case):
    """A change that was made through the proxy counts for the next statement of any session."""

    def replace_function(self, db, body):
        if self.flavour == "mariadb":
            rows(db, f"CREATE OR REPLACE FUNCTION changing(n INT) RETURNS INT READS SQL DATA {body}")
        else:
            rows(db, "DROP FUNCTION IF EXISTS changing")
            rows(db, f"CREATE FUNCTION changing(n INT) RETURNS INT READS SQL DATA {body}")

    def test_a_function_that_now_writes(self):
        writer = self.connect(database="defined")
        other = self.connect(database="defined")
        for _ in range(5):
            self.replace_function(writer, COUNTS)
            self.wait_for_replica("SELECT changing(1)")
            self.replace_function(writer, WRITES)
            self.assertEqual(self.target(other, "SELECT changing(1)"), "primary")
            self.assertEqual(self.target(writer, "SELECT changing(1)"), "primary")

    def test_a_table_that_is_now_a_view_that_writes(self):
        writer = self.connect(database="defined")
        other = self.connect(database="defined")
        for _ in range(5):
            rows(writer, "CREATE OR REPLACE VIEW changed AS SELECT a FROM t")
            self.wait_for_replica("SELECT * FROM changed")
            rows(writer, "CREATE OR REPLACE VIEW changed AS SELECT writes(1) AS a")
            self.assertEqual(self.target(other, "SELECT * FROM changed"), "primary")
            third = self.connect(database="defined")
            self.assertEqual(self.target(third, "SELECT * FROM t"), "replica", "no other table")
            rows(writer, "DROP VIEW changed")

    def test_a_view_that_a_procedure_changed(self):
        db = self.connect(database="defined")
        self.wait_for_replica("SELECT * FROM counting")
        rows(db, "CALL makes_a_view()")
        self.assertEqual(self.target(db, "SELECT * FROM counting"), "primary")
        rows(db, "CREATE OR REPLACE VIEW counting AS SELECT counts(id) AS a FROM plain")
        self.wait_for_replica("SELECT * FROM counting")

    def test_a_view_on_a_function_that_now_writes(self):
        db = self.connect(database="defined")
        self.replace_function(db, COUNTS)
        rows(db, "CREATE OR REPLACE VIEW on_changing AS SELECT changing(id) AS a FROM t")
        self.wait_for_replica("SELECT * FROM on_changing")
        self.replace_function(db, WRITES)
        self.assertEqual(self.target(db, "SELECT * FROM on_changing"), "primary")

    def test_several_statements_in_one_text(self):
        self.connect(database="defined")
        db = self.connect_multi(database="defined")
        rows(db, "CREATE OR REPLACE VIEW two AS SELECT a FROM t")
        self.wait_for_replica("SELECT * FROM two")
        error_of(self.run_all, db, "SELECT 1; CREATE OR REPLACE VIEW two AS SELECT writes(1) AS a")
        self.assertEqual(self.target(db, "SELECT * FROM two"), "primary")

    @staticmethod
    def run_all(db, sql):
        db.query(sql)
        while db._result and db._result.has_next:    # pylint: disable=protected-access
            db.next_result()

    def test_a_change_around_the_proxy_is_known_by_time_and_harmless_before(self):
        writer = self.connect(database="defined")
        self.replace_function(writer, COUNTS)
        self.wait_for_replica("SELECT changing(1)")
        direct = self.cluster.connect(1, database="defined")
        self.addCleanup(direct.close)
        self.replace_function(direct, WRITES)
        self.cluster.caught_up()
        db = self.connect(database="defined")
        self.assertEqual(value(db, "SELECT changing(1)"), 1)
        wait_until(20, lambda: self.target(db, "SELECT changing(1)") == "primary", "the change is known")


class without_a_catalog(definitions_case):
    """With the readings turned off stored functions belong to the primary, and views are taken for tables."""
    settings = {"monitor": {"catalog_interval": "0s"}}

    def test_nothing_is_proven(self):
        db = self.connect(database="defined")
        self.assertEqual(self.target(db, "SELECT counts(1)"), "primary")
        db = self.connect(database="defined")
        self.assertEqual(self.target(db, "SELECT * FROM plain"), "replica")


class bodies_that_are_hidden(definitions_case):
    """What the monitor's account may not read is not proven."""

    @classmethod
    def monitor_rights(cls):
        return "EXECUTE, SHOW VIEW", "defined.*"

    def test_they_belong_to_the_primary(self):
        wait_until(20, lambda: "definitions are read" in self.proxy.log(), "the definitions are read")
        for sql, expected in (("SELECT counts(1)", "primary"), ("SELECT * FROM plain", "primary"),
                              ("SELECT * FROM t", "replica")):
            with self.subTest(sql=sql):
                self.assertEqual(self.target(self.connect(database="defined"), sql), expected)
        self.assertIn("taken for tables", self.proxy.log())


class what_routines_leave(definitions_case):
    """Sessions that take turns on a worker's connections: what a routine or a trigger left stays with its session."""
    settings = {"monitor": {"catalog_interval": "200ms"}, "proxy": {"workers": 1}, "limits": {"backends_per_server": 4}}

    @classmethod
    def prepare_servers(cls):
        super().prepare_servers()
        cls.cluster.sql(1, "USE defined",
                        "CREATE TRIGGER noting BEFORE INSERT ON log FOR EACH ROW SET @noted = COALESCE(@noted, 0) + 1",
                        "CREATE PROCEDURE makes() CREATE TEMPORARY TABLE made (a INT)",
                        "CREATE PROCEDURE passes() BEGIN CREATE TEMPORARY TABLE passing (a INT); "
                        "DROP TEMPORARY TABLE passing; END")
        cls.cluster.caught_up()

    def sessions(self):
        return [self.connect(database="defined") for _ in range(2)]

    def test_a_variable_of_a_trigger_is_its_sessions(self):
        one, other = self.sessions()
        for _ in range(3):
            rows(one, "INSERT INTO log VALUES ()")
        rows(other, "INSERT INTO log VALUES ()")
        self.assertEqual((value(one, "SELECT @noted"), value(other, "SELECT @noted")), (3, 1))

    def test_a_temporary_table_of_a_procedure_is_its_sessions_until_it_is_dropped(self):
        one, other = self.sessions()
        rows(one, "CALL makes()")
        self.assertEqual(error_of(rows, other, "SELECT * FROM made"), 1146)
        self.assertEqual(rows(one, "SELECT * FROM made"), ())
        rows(one, "DROP TEMPORARY TABLE made")
        rows(one, "CALL passes()")

    def test_what_does_more_than_to_read_leaves_a_replica_untouched(self):
        before = [self.written(number) for number in (2, 3)]
        db = self.connect(database="defined")
        for statement in ("FLUSH TABLES t", "ANALYZE TABLE t", "SELECT * FROM t LOCK IN SHARE MODE"):
            rows(db, "START TRANSACTION READ ONLY")
            rows(db, "SELECT * FROM t")
            rows(db, statement)
            rows(db, "ROLLBACK")
        self.cluster.caught_up()
        self.assertEqual([self.written(number) for number in (2, 3)], before)

    def written(self, number):
        """The transactions that a replica has made itself."""
        if self.flavour == "mysql":
            own, executed = self.cluster.sql(number, "SELECT @@server_uuid, @@GLOBAL.gtid_executed")[0]
            return own in executed
        own, executed = self.cluster.sql(number, "SELECT @@server_id, @@gtid_binlog_state")[0]
        return any(gtid.split("-")[1] == str(own) for gtid in executed.split(","))
