"""Prepared statements over several servers: long data and cursors on replicas, and tables that change between two runs."""
import struct

from pymysql.constants import COMMAND, FIELD_TYPE

import binary_protocol
from binary_protocol import CURSOR_READ_ONLY, LAST_ROW_SENT, LONG_DATA, METADATA_CHANGED, statement
from weir_cluster import error_of, proxy_case, rows, value, wait_until


def outcome(work, *arguments, **named):
    """What `work` answers: its rows, or its error number."""
    code = 0
    result = None

    def run():
        nonlocal result
        result = work(*arguments, **named)
    code = error_of(run)
    return code or getattr(result, "rows", None)


def make_numbers(cluster):
    cluster.sql(1, "DROP TABLE IF EXISTS test.numbers", "CREATE TABLE test.numbers (id INT PRIMARY KEY, t LONGBLOB)",
                "INSERT INTO test.numbers VALUES " + ",".join(f"({i}, 'row {i}')" for i in range(100)))


def execute_without_values(one):
    """Too short for a statement with parameters."""
    binary_protocol.simple(one.db, COMMAND.COM_STMT_EXECUTE, struct.pack("<IBI", one.id, 0, 1) + b"\0\1")


class long_data(proxy_case):
    settings = {"proxy": {"workers": 1}, "limits": {"long_data": "1MiB"}}

    @classmethod
    def prepare_servers(cls):
        make_numbers(cls.cluster)

    def test_reads_with_it_run_on_replicas(self):
        db = self.connect()
        read = statement(db, "SELECT @@server_id, LENGTH(?) FROM numbers WHERE id = 1")
        servers = set()

        def read_once():
            read.send_long_data(0, b"123")
            read.send_long_data(0, b"45")
            server, length = read.execute(LONG_DATA).rows[0]
            self.assertEqual(length, 5)
            servers.add(server)
            return servers >= {2, 3}
        wait_until(10, read_once, "both replicas answer")
        self.assertEqual(servers, {2, 3})

    def test_it_survives_the_server_and_a_transaction_elsewhere(self):
        db = self.connect()
        read = statement(db, "SELECT LENGTH(?) FROM numbers WHERE id = 1")
        read.send_long_data(0, b"123")
        rows(db, "BEGIN")
        rows(db, "UPDATE numbers SET t = 'x' WHERE id = 2")
        rows(db, "COMMIT")
        self.cluster.control("kill_server", 3)
        self.addCleanup(self.cluster.control, "wait_caught_up")
        self.addCleanup(self.cluster.control, "start_server", 3)
        self.assertEqual(read.execute(LONG_DATA).rows, [(3,)])
        for _ in range(10):
            read.send_long_data(0, b"1234")
            self.assertEqual(read.execute(LONG_DATA).rows, [(4,)])

    def test_it_ends_and_fails_as_at_one_server(self):
        """Each step through the proxy and straight at the primary."""
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        dialogues = []
        for db in (direct, self.connect()):
            seen = []
            read = statement(db, "SELECT LENGTH(?), ? FROM numbers WHERE id = 1")
            for data, run in (
                    ([(0, b"abc")], (LONG_DATA, 5)), ([], (b"xy", 5)),    # used up by the run
                    ([(0, b"abc")], (7, 5)), ([], "reset"), ([], (b"xy", 5)),    # of another type than sent
                    ([(0, b"abcd")], "cut"), ([], (LONG_DATA, 5)), ([], (b"xy", 5)),    # kept by a run that cannot be read
                    ([(7, b"x")], (b"xy", 5)), ([], (b"xy", 5)), ([(0, b"ab")], (LONG_DATA, 5)),    # no such parameter
                    ([], "reset"), ([], (b"xy", 5)),
                    ([(0, b"ab")], "reset"), ([], (b"xyz", 5)),
                    ([(0, b"")], (LONG_DATA, 5)), ([(0, b"abc")], (None, 5))):
                for parameter, piece in data:
                    read.send_long_data(parameter, piece)
                if run == "reset":
                    seen.append(outcome(read.reset))
                elif run == "cut":
                    seen.append(outcome(execute_without_values, read))
                else:
                    seen.append(outcome(read.execute, *run))
            write = statement(db, "INSERT INTO numbers VALUES (?, ?)")
            write.send_long_data(1, b"one")
            seen.append(outcome(write.execute, 1, LONG_DATA))
            seen.append(outcome(write.execute, 1, b"two"))
            dialogues.append(seen)
        self.assertEqual(dialogues[1], dialogues[0])

    def test_more_than_is_kept_is_refused_until_a_reset(self):
        db = self.connect()
        read = statement(db, "SELECT LENGTH(?)")
        for _ in range(3):
            read.send_long_data(0, b"x" * 500_000)
        for _ in range(2):
            self.assertEqual(error_of(read.execute, LONG_DATA), 1105)
        read.reset()
        read.send_long_data(0, b"x" * 500_000)
        self.assertEqual(read.execute(LONG_DATA).rows, [(500_000,)])

    def test_what_a_server_keeps_of_it_is_nobody_elses(self):
        first, second = self.connect(), self.connect()
        for _ in range(6):
            bad = statement(first, "SELECT LENGTH(?)")
            bad.send_long_data(5, b"x")
            self.assertEqual(error_of(bad.execute, b"abc"), 1210)
            self.assertEqual(statement(second, "SELECT LENGTH(?)").execute(b"abc").rows, [(3,)])


class cursors(proxy_case):
    settings = {"proxy": {"workers": 1}}

    @classmethod
    def prepare_servers(cls):
        make_numbers(cls.cluster)

    def open(self, db, sql="SELECT id, @@server_id FROM numbers WHERE id < 100 ORDER BY id"):
        """(statement, its answer with the first ten rows)"""
        read = statement(db, sql)
        result = read.execute(cursor=CURSOR_READ_ONLY)
        self.assertEqual(result.rows, [])
        read.fetch(result, 10)
        return read, result

    def read_to_the_end(self, read, result):
        while not result.status & LAST_ROW_SENT:
            read.fetch(result, 30)
        self.assertEqual([row[0] for row in result.rows], list(range(100)))
        self.assertEqual(len({row[1] for row in result.rows}), 1)

    def test_rows_come_from_a_replica_while_the_primary_is_written_to(self):
        db = self.connect()
        read, result = self.open(db)
        self.assertIn(result.rows[0][1], (2, 3))
        rows(db, "UPDATE numbers SET t = 'x' WHERE id = 2")
        read.fetch(result, 10)
        rows(db, "BEGIN")
        rows(db, "UPDATE numbers SET t = 'y' WHERE id = 2")
        read.fetch(result, 10)
        self.assertEqual(value(db, "SELECT t FROM numbers WHERE id = 2"), b"y")
        rows(db, "ROLLBACK")
        self.assertEqual(value(db, "SELECT t FROM numbers WHERE id = 2"), b"x")
        self.read_to_the_end(read, result)
        self.assertEqual(error_of(read.fetch, result, 1), 1421)

    def test_its_answers_tell_how_the_sessions_transaction_stands(self):
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        for sql in ("BEGIN", "START TRANSACTION READ ONLY", "SET autocommit = 0"):
            seen = []
            for db in (direct, self.connect()):
                read, result = self.open(db)
                rows(db, sql)
                rows(db, "SELECT /* weir:primary */ id FROM numbers WHERE id = 2")
                read.fetch(result, 1)
                reset = binary_protocol.simple(db, COMMAND.COM_STMT_RESET, struct.pack("<I", read.id)).get_all_data()
                seen.append((result.status, struct.unpack_from("<H", reset, 3)[0]))
                rows(db, "ROLLBACK")
                rows(db, "SET autocommit = 1")
            with self.subTest(sql=sql):
                self.assertEqual(seen[1], seen[0])

    def test_its_reset_counts_no_rows_and_no_warnings(self):
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        seen = []
        for db in (direct, self.connect()):
            read, _ = self.open(db)
            rows(db, "BEGIN")
            rows(db, "SELECT 1 FROM numbers LIMIT 1 FOR UPDATE")
            read.reset()
            seen.append([value(db, "SELECT ROW_COUNT()")])
            self.assertEqual(error_of(rows, db, "SELECT nothing FROM numbers FOR UPDATE"), 1054)
            read.reset()
            seen[-1].append(struct.unpack_from("<H", binary_protocol.simple(db, COMMAND.COM_PING).get_all_data(), 5)[0])
            rows(db, "ROLLBACK")
        self.assertEqual(seen[1], seen[0])

    def test_nobody_else_gets_its_connection(self):
        db = self.connect()
        opened = [self.open(db) for _ in range(3)]
        for _ in range(20):
            other = self.connect()
            self.assertEqual(len(statement(other, "SELECT id, @@server_id FROM numbers WHERE id < 100 ORDER BY id")
                                 .execute().rows), 100)
            other.close()
        for read, result in opened:
            self.read_to_the_end(read, result)

    def test_a_statement_that_had_a_cursor_runs_without_one(self):
        for _ in range(4):
            db = self.connect()
            read, result = self.open(db)
            self.read_to_the_end(read, result)
            for _ in range(4):
                self.assertEqual(len(read.execute().rows), 100)
            read, result = self.open(db)
            self.assertEqual(len(read.execute().rows), 100)
            self.assertEqual(error_of(read.fetch, result, 1), 1421, "the second run has closed it")
            db.close()

    def test_one_of_a_transaction_is_on_the_primary_and_outlives_it(self):
        db = self.connect()
        rows(db, "BEGIN")
        read, result = self.open(db)
        self.assertEqual(result.rows[0][1], 1)
        rows(db, "COMMIT")
        self.assertIn(value(db, "SELECT /* weir:consistency=eventual */ @@server_id FROM numbers LIMIT 1"), (2, 3))
        self.read_to_the_end(read, result)

    def test_it_ends_with_what_ends_it_at_one_server(self):
        def run_again(db, read):
            read.execute()

        def reset(db, read):
            read.reset()

        def reset_connection(db, read):
            binary_protocol.reset_connection(db)

        def close(db, read):
            read.close()
        for end, code in ((run_again, 1421), (reset, 1421), (reset_connection, 1243), (close, 1243)):
            for in_transaction in (False, True):
                with self.subTest(end=end.__name__, in_transaction=in_transaction):
                    db = self.connect()
                    read, result = self.open(db)
                    if in_transaction:
                        rows(db, "BEGIN")
                        rows(db, "SELECT 1 FROM numbers LIMIT 1 FOR UPDATE")
                    end(db, read)
                    self.assertEqual(error_of(read.fetch, result, 1), code)
                    self.assertEqual(value(db, "SELECT 1"), 1)
                    db.close()

    def test_its_servers_death_is_told_to_who_reads_on(self):
        db = self.connect()
        for in_transaction in (False, True):
            read, result = self.open(db)
            lost = result.rows[0][1]
            if in_transaction:
                rows(db, "BEGIN")
                rows(db, "UPDATE numbers SET t = 'z' WHERE id = 2")
            self.cluster.control("kill_server", lost)
            try:
                self.assertEqual(error_of(read.fetch, result, 10), 1158)
                self.assertEqual(error_of(read.fetch, result, 10), 1421)
                if in_transaction:
                    self.assertEqual(value(db, "SELECT t FROM numbers WHERE id = 2"), b"z")
                    rows(db, "COMMIT")
                again, result = self.open(db)
                self.read_to_the_end(again, result)
            finally:
                self.cluster.control("start_server", lost)
                self.cluster.control("wait_caught_up")
            wait_until(20, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "the replica is back")

    def test_it_is_listed_and_ties_the_session_to_nothing(self):
        db = self.connect()
        read, _ = self.open(db)
        self.assertEqual([row[:3] for row in rows(db, "SHOW WEIR PINS")], [("open cursor", "", 1)])
        explained = rows(db, "EXPLAIN ROUTE UPDATE numbers SET t = 'x' WHERE id = 3")
        self.assertEqual([row[1] for row in explained if row[2] == "yes"], ["db1"])
        self.assertIn("open cursors keep connections besides", explained[0][3])
        read.close()
        self.assertEqual(rows(db, "SHOW WEIR PINS"), ())


class changed_tables(proxy_case):
    """ALTER TABLE between two runs: definitions and rows are as a server sends them."""

    changes = (
        "ALTER TABLE changing ADD COLUMN b VARCHAR(10) DEFAULT 'new'", "ALTER TABLE changing MODIFY id BIGINT UNSIGNED",
        "ALTER TABLE changing MODIFY a VARCHAR(40)", "ALTER TABLE changing DROP COLUMN b", "ALTER TABLE changing RENAME COLUMN a TO c",
        "ALTER TABLE changing RENAME COLUMN c TO a", "ALTER TABLE changing ADD COLUMN first INT DEFAULT 7 FIRST", "DROP TABLE changing",
        "CREATE TABLE changing (id INT, a TEXT)")

    def answer_of(self, one, *values):
        """The packets that tell columns and rows, and of both ends whether there are other columns than before; or the error's
        number."""
        one.send_execute(*values)
        packets, flags = [], []

        def read_all():
            packets.append(binary_protocol.read(one.db).get_all_data())
            for _ in range(2):
                while True:
                    packet = binary_protocol.read(one.db)
                    if packet.is_eof_packet():
                        flags.append(struct.unpack("<H", packet.get_all_data()[3:5])[0] & METADATA_CHANGED)
                        break
                    packets.append(packet.get_all_data())
        return error_of(read_all) or (packets, flags)

    def test_answers_are_those_of_one_server(self):
        sql = ("SELECT * FROM changing", "SELECT a, ? FROM changing", "SELECT * FROM changing WHERE id = ? FOR UPDATE", "SELECT id FROM changing")
        self.cluster.sql(1, "DROP TABLE IF EXISTS test.changing", "CREATE TABLE test.changing (id INT, a CHAR(5))",
                         "INSERT INTO test.changing VALUES (1, 'x')")
        self.cluster.caught_up()
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        sessions = [direct, self.connect(), self.connect()]
        prepared = [[statement(db, text) for text in sql] for db in sessions]
        for change in (None, *self.changes):
            if change:
                db = self.cluster.connect(1, database="test")
                rows(db, change)
                db.close()
                self.cluster.caught_up()
            for number, text in enumerate(sql):
                values = (1,) * text.count("?")
                expected = self.answer_of(prepared[0][number], *values)
                for session in (1, 2):
                    for run in range(3):    # on more than one server
                        with self.subTest(change=change, sql=text, run=run):
                            once = expected if run == 0 or isinstance(expected, int) else (expected[0], [0, 0])
                            self.assertEqual(self.answer_of(prepared[session][number], *values), once)


class shared_statements(proxy_case):
    """What one client's statements mean and bind is nothing to another client's of the same text, nor a later setting."""
    settings = {"proxy": {"workers": 1}, "limits": {"backends_per_server": 1}}

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.texts", "CREATE TABLE test.texts (id INT PRIMARY KEY, v VARCHAR(10))",
                        "INSERT INTO test.texts VALUES (1, 'abc'), (2, '0')")
        cls.cluster.caught_up()

    def test_a_text_is_not_compared_as_the_number_of_another_client(self):
        sql = "SELECT id FROM texts WHERE v = ? ORDER BY id"
        numbers, texts = statement(self.connect(), sql), statement(self.connect(), sql)
        for _ in range(8):    # on each server
            self.assertEqual(numbers.execute(0).rows, [(1,), (2,)])
            self.assertEqual(texts.execute(b"abc").rows, [(1,)])
            self.assertEqual(texts.execute(None).rows, [])

    def test_a_user_variable_is_what_it_was_when_the_statement_was_prepared(self):
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        sessions = [direct, self.connect()]
        prepared = [[statement(db, "SELECT @one, @two")] for db in sessions]
        for sql in ("SET @one = 1", "SET @one = 'x'", "SET @two = 1.5", "SET @one = 1.5", "SELECT @two := 7",
                    "INSERT INTO texts SELECT 10, @three FROM texts WHERE id < 0"):
            for db in sessions:
                rows(db, sql)
            for run in range(6):    # on each server
                answers = [[(one.execute().types, one.execute().rows) for one in mine] for mine in prepared]
                with self.subTest(sql=sql, run=run):
                    self.assertEqual(answers[1], answers[0])
            for db, mine in zip(sessions, prepared):
                mine.append(statement(db, f"SELECT @one, @two, @three, '{sql[:6]}'"))

    def test_a_parameter_has_the_collation_that_was_named(self):
        """Of one session and not of the next, on the same connections."""
        def column_of(one):
            as_text = struct.pack("<BBH", 0, 1, FIELD_TYPE.VAR_STRING) + b"\1x"
            binary_protocol.command(one.db, COMMAND.COM_STMT_EXECUTE, struct.pack("<IBI", one.id, 0, 1) + as_text)
            packets = [binary_protocol.read(one.db).get_all_data() for _ in range(3)]
            while not binary_protocol.read(one.db).is_eof_packet():
                pass
            return packets[1]
        direct = [self.cluster.connect(1, database="test", charset="utf8mb4") for _ in range(2)]
        proxied = [self.connect(charset="utf8mb4") for _ in range(2)]
        for db in direct:
            self.addCleanup(db.close)
        for sessions in (direct, proxied):
            rows(sessions[0], "SET NAMES utf8mb4 COLLATE utf8mb4_bin")
        prepared = [[statement(db, "SELECT ?") for db in sessions] for sessions in (direct, proxied)]
        for run in range(6):    # on each server
            with self.subTest(run=run):
                self.assertEqual([column_of(one) for one in prepared[1]], [column_of(one) for one in prepared[0]])

    def test_a_text_means_what_it_meant_when_it_was_prepared(self):
        changes = {"SELECT 1 / 3": "div_precision_increment = 8", "SELECT GROUP_CONCAT(v) FROM texts": "group_concat_max_len = 4",
                   "SELECT WEEK('2024-01-01')": "default_week_format = 3", "SELECT DAYNAME('2024-01-01')": "lc_time_names = 'de_DE'",
                   "SELECT 1 || 2": "sql_mode = 'PIPES_AS_CONCAT'"}
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        for sql, change in changes.items():
            sessions = [direct, self.connect()]
            one, proxied = [statement(db, sql) for db in sessions]
            for db in sessions:
                rows(db, f"SET {change}")
            expected = one.execute().rows
            for _ in range(6):    # on each server
                with self.subTest(sql=sql):
                    self.assertEqual(proxied.execute().rows, expected)
            rows(direct, f"SET {change.split()[0]} = DEFAULT")
