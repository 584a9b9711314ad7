"""What goes over the wire: large packets and results, uploads, several results, prepared statements, sessions' ends."""
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time


import pymysql

import binary_protocol
from binary_protocol import CURSOR_READ_ONLY, LAST_ROW_SENT, LONG_DATA, statement
from weir_cluster import error_of, proxy_case, rows, value, wait_until

MIB = 1 << 20


class large_packets(proxy_case):
    """More than one frame of 16 MiB in either direction, and results that do not fit into memory."""

    def test_a_statement_of_over_16_mib_arrives_whole(self):
        db = self.connect(max_allowed_packet=64 * MIB)
        for size in (16 * MIB - 40, 17 * MIB, 40 * MIB):
            text = "x" * size
            self.assertEqual(value(db, f"SELECT LENGTH('{text}')"), size)

    def test_frames_at_the_very_limit_arrive_whole(self):
        db = self.connect(max_allowed_packet=64 * MIB)
        frame = 0xFFFFFF
        head = len("\x03SELECT LENGTH('')")
        for size in (frame - 1, frame, frame + 1, 2 * frame):
            self.assertEqual(value(db, f"SELECT LENGTH('{'y' * (size - head)}')"), size - head)

    def test_a_value_of_over_16_mib_comes_back_whole(self):
        db = self.connect()
        for size in (16 * MIB, 17 * MIB, 33 * MIB):
            answer = value(db, f"SELECT REPEAT('z', {size})")
            self.assertEqual((len(answer), answer.strip("z")), (size, ""))
            self.assertEqual(value(db, "SELECT 1"), 1)

    def test_a_statement_above_the_limit_ends_its_session_only(self):
        db = self.connect()
        text = "x" * (65 * MIB)
        self.assertNotEqual(error_of(rows, db, f"SELECT LENGTH('{text}')"), 0)
        self.assertEqual(value(self.connect(), "SELECT 1"), 1)

    def test_a_slow_reader_of_a_large_result_costs_no_memory(self):
        db = self.connect(cursorclass=pymysql.cursors.SSCursor)
        before = self.proxy.resident_kib()
        numbers = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
        many = f"SELECT REPEAT('r', 65536) FROM ({numbers}) a, ({numbers}) b, ({numbers}) c, ({numbers}) d, ({numbers}) e"
        count, highest = 0, 0
        with db.cursor() as cursor:
            cursor.execute(many)
            for _ in cursor:
                count += 1
                if count in (1, 200, 500):    # lets the server run ahead as far as it can
                    self.let_it_fill_up(before)
                highest = max(highest, self.proxy.resident_kib())
        self.assertEqual(count, 1024)
        self.assertLess(highest - before, 8 * 1024, "KiB of growth")

    def let_it_fill_up(self, before):
        """Half a second in which nothing is read, while the memory must stay as it was."""
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            self.assertLess(self.proxy.resident_kib() - before, 8 * 1024, "KiB of growth")
            time.sleep(0.05)


class uploads(proxy_case):
    """LOAD DATA LOCAL INFILE."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.loaded", "CREATE TABLE test.loaded (id INT PRIMARY KEY, t TEXT)")

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="weir-files.", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = os.path.join(self.folder, "rows.txt")
        with open(self.file, "w", encoding="utf-8") as file:
            file.writelines(f"{i}\t{'t' * 100}\n" for i in range(100000))

    def load(self, db):
        return rows(db, f"LOAD DATA LOCAL INFILE '{self.file}' INTO TABLE loaded")

    def test_a_file_is_streamed_from_the_client(self):
        db = self.connect(local_infile=True)
        rows(db, "DELETE FROM loaded")
        before = self.proxy.resident_kib()
        self.load(db)
        self.assertLess(self.proxy.resident_kib() - before, 8 * 1024)
        self.assertEqual(rows(db, "SELECT COUNT(*), MAX(id) FROM loaded"), ((100000, 99999),))

    def test_a_client_that_did_not_allow_it_is_refused_and_goes_on(self):
        db = self.connect(local_infile=False)
        self.assertIn(error_of(self.load, db), (1148, 3948, 4166))
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_a_file_that_is_not_there_leaves_the_session_usable(self):
        db = self.connect(local_infile=True)
        self.assertNotEqual(error_of(rows, db, "LOAD DATA LOCAL INFILE '/nowhere' INTO TABLE loaded"), 0)
        self.assertEqual(value(db, "SELECT 1"), 1)


class several_results(proxy_case):
    """Multi-statements and procedures with several results."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP PROCEDURE IF EXISTS test.three",
                        "CREATE PROCEDURE test.three() BEGIN SELECT 1; SELECT 2 UNION SELECT 3; SELECT @@server_id; END")

    def results(self, db, sql):
        out = []
        with db.cursor() as cursor:
            cursor.execute(sql)
            out.append(cursor.fetchall())
            while cursor.nextset():
                out.append(cursor.fetchall())
        return out

    def test_several_statements_give_several_results(self):
        db = self.connect_multi()
        self.assertEqual(self.results(db, "SELECT 1; SET @x = 5; SELECT @x, 2"), [((1,),), (), ((5, 2),)])

    def test_an_error_in_the_middle_ends_the_results_there(self):
        db = self.connect_multi()
        with db.cursor() as cursor:
            cursor.execute("SELECT 1; SELECT * FROM no_such_table; SELECT 3")
            self.assertEqual(error_of(cursor.nextset), 1146)
        self.assertEqual(value(db, "SELECT 4"), 4)

    def test_several_statements_are_refused_to_who_did_not_ask_for_them(self):
        db = self.connect()
        self.assertEqual(error_of(rows, db, "SELECT 1; SELECT 2"), 1064)

    def test_a_procedure_gives_all_its_results(self):
        db = self.connect()
        self.assertEqual(self.results(db, "CALL three()"), [((1,),), ((2,), (3,)), ((1,),), ()])

    def test_commands_sent_without_waiting_are_answered_in_order(self):
        db = self.connect()
        for i in range(20):
            binary_protocol.command(db, 3, f"SELECT {i}".encode())
        for i in range(20):
            result = binary_protocol.pipelined_answer(db)
            self.assertEqual(result.rows, [bytes([len(str(i))]) + str(i).encode()])


class prepared_statements(proxy_case):
    """The binary protocol, by packets of our own."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.numbers", "CREATE TABLE test.numbers (id INT PRIMARY KEY, t LONGBLOB)",
                        "INSERT INTO test.numbers VALUES " + ",".join(f"({i}, 'row {i}')" for i in range(100)))

    def test_a_read_goes_to_replicas_and_a_write_to_the_primary(self):
        db = self.connect()
        read = statement(db, "SELECT @@server_id, id FROM numbers WHERE id = ?")
        servers = set()

        def read_once():
            server, found = read.execute(7).rows[0]
            self.assertEqual(found, 7)
            servers.add(server)
            return servers >= {2, 3}
        wait_until(10, read_once, "both replicas answer")
        self.assertEqual(servers, {2, 3})
        locking = statement(db, "SELECT @@server_id FROM numbers WHERE id = ? FOR UPDATE")
        self.assertEqual(locking.execute(7).rows, [(1,)])

    def test_an_executed_write_is_seen_by_an_executed_read(self):
        db = self.connect()
        write = statement(db, "REPLACE INTO numbers VALUES (?, ?)")
        read = statement(db, "SELECT t FROM numbers WHERE id = ?")
        for i in range(200):
            write.execute(1000, b"%d" % i)
            self.assertEqual(read.execute(1000).rows, [(b"%d" % i,)])

    def test_conditions_of_a_prepared_statement_are_shown_by_one(self):
        for sql, shown in (
                ("SELECT CAST('a' AS SIGNED)", [1292]), ("SELECT id FROM numbers WHERE id = 'x1'", [1292]),
                ("INSERT INTO numbers VALUES (1, 'x')", [1062])):
            with self.subTest(sql=sql):
                db = self.connect()
                self.assertIn(error_of(statement(db, sql).execute), (0, *shown))
                if self.flavour == "mariadb":    # MySQL cannot prepare it
                    showing = statement(db, "SHOW WARNINGS")
                    for _ in range(2):
                        self.assertEqual([row[1] for row in showing.execute().rows], shown)
                self.assertEqual(rows(db, "SHOW COUNT(*) WARNINGS"), ((len(shown),),))

    def test_conditions_of_preparing_are_shown(self):
        deprecated = "SELECT 1 INTO @x FROM numbers WHERE id = 1 FOR UPDATE" if self.flavour == "mysql" else "CREATE TABLE year (a YEAR(2))"
        direct = self.cluster.connect(1, database="test")
        self.addCleanup(direct.close)
        seen = []
        for db in (direct, self.connect()):
            statement(db, deprecated)
            seen.append(rows(db, "SHOW WARNINGS"))
        self.assertEqual(seen[1], seen[0])
        if self.flavour == "mariadb":
            self.assertEqual(seen[0][0][1], 1287)

    def test_null_and_empty_parameters_arrive_as_they_are(self):
        db = self.connect()
        read = statement(db, "SELECT ? IS NULL, LENGTH(?), ?")
        self.assertEqual(read.execute(None, b"", -5).rows, [(1, 0, -5)])

    def test_a_cursor_hands_out_rows_bit_by_bit(self):
        db = self.connect()
        read = statement(db, "SELECT id FROM numbers WHERE id < 100 ORDER BY id")
        result = read.execute(cursor=CURSOR_READ_ONLY)
        self.assertEqual(result.rows, [])
        sizes = []
        while not result.status & LAST_ROW_SENT:
            read.fetch(result, 30)
            sizes.append(len(result.rows))
        self.assertEqual([row[0] for row in result.rows], list(range(100)))
        self.assertEqual(sizes[:3], [30, 60, 90])
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_an_open_cursor_survives_other_statements_and_ends_with_reset(self):
        db = self.connect()
        read = statement(db, "SELECT id FROM numbers WHERE id < 100 ORDER BY id")
        result = read.execute(cursor=CURSOR_READ_ONLY)
        read.fetch(result, 10)
        self.assertEqual(value(db, "SELECT 5 FROM numbers LIMIT 1"), 5)
        rows(db, "DO 0")
        read.fetch(result, 10)
        self.assertEqual([row[0] for row in result.rows], list(range(20)))
        read.reset()
        self.assertNotEqual(error_of(read.fetch, result, 10), 0)
        self.assertEqual(len(read.execute().rows), 100)

    def test_long_data_is_put_together_and_taken_once(self):
        db = self.connect(max_allowed_packet=64 * MIB)
        write = statement(db, "REPLACE INTO numbers VALUES (?, ?)")
        for _ in range(5):
            write.send_long_data(1, b"l" * 4 * MIB)
        write.execute(2000, LONG_DATA)
        self.assertEqual(value(db, "SELECT LENGTH(t) FROM numbers WHERE id = 2000"), 20 * MIB)
        read = statement(db, "SELECT LENGTH(?)")
        read.send_long_data(0, b"12345")
        self.assertEqual(read.execute(LONG_DATA).rows, [(5,)])
        rows(db, "DELETE FROM numbers WHERE id = 2000")

    def test_closed_and_unknown_statements_are_refused_by_number(self):
        db = self.connect()
        read = statement(db, "SELECT 1")
        read.close()
        self.assertEqual(error_of(read.execute), 1243)
        self.assertEqual(error_of(statement, db, "SELECT * FROM no_such_table"), 1146)
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_a_statement_lives_on_when_its_replica_does_not(self):
        db = self.connect()
        read = statement(db, "SELECT @@server_id, id FROM numbers WHERE id = ?")
        for _ in range(4):
            read.execute(1)
        self.cluster.control("kill_server", 3)
        self.addCleanup(self.cluster.control, "wait_caught_up")
        self.addCleanup(self.cluster.control, "start_server", 3)
        for _ in range(10):
            self.assertEqual(read.execute(1).rows[0][1], 1)


class session_commands(proxy_case):
    """COM_CHANGE_USER, COM_RESET_CONNECTION and smaller ones."""
    secrets = ("secret", "hidden word")

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("changed", "hidden word")

    @classmethod
    def proxy_settings(cls):
        return {"tls": {"client": cls.cluster.client_tls()}}

    def connect_tls(self):
        return self.connect(ssl={"ca": self.cluster.env["CA_FILE"]})

    def test_change_user_changes_the_user_and_clears_the_session(self):
        db = self.connect_tls()
        rows(db, "SET @x = 1, sql_mode = 'ANSI_QUOTES'")
        binary_protocol.change_user(db, "changed", "hidden word", "test")
        self.assertEqual(value(db, "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)"), "changed")
        self.assertIsNone(value(db, "SELECT @x"))
        self.assertNotIn("ANSI_QUOTES", value(db, "SELECT @@sql_mode"))

    def test_change_user_with_a_wrong_password_is_refused(self):
        db = self.connect_tls()
        rows(db, "SET @x = 1, sql_mode = 'ANSI_QUOTES'")
        self.assertEqual(error_of(binary_protocol.change_user, db, "changed", "wrong", "test"), 1045)
        if self.flavour == "mysql":
            self.assertIn(error_of(rows, db, "SELECT 1"), (2006, 2013), "MySQL ends the session")
            return
        self.assertNotEqual(value(db, "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)"), "changed")
        self.assertIsNone(value(db, "SELECT @x"))
        self.assertNotIn("ANSI_QUOTES", value(db, "SELECT @@sql_mode"))
        for _ in range(2):
            self.assertEqual(error_of(binary_protocol.change_user, db, "changed", "wrong", "test"), 1045)
        self.assertEqual(error_of(binary_protocol.change_user, db, "changed", "hidden word", "test"), 1047)
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_reset_connection_clears_variables_statements_and_transaction(self):
        db = self.connect()
        read = statement(db, "SELECT 1")
        rows(db, "SET @x = 1, time_zone = '+05:00'")
        rows(db, "CREATE TEMPORARY TABLE passing (id INT)")
        rows(db, "BEGIN")
        binary_protocol.reset_connection(db)
        self.assertIsNone(value(db, "SELECT @x"))
        self.assertNotEqual(value(db, "SELECT @@time_zone"), "+05:00")
        self.assertEqual(error_of(rows, db, "SELECT * FROM passing"), 1146)
        self.assertEqual(error_of(read.execute), 1243)
        self.assertEqual(value(db, "SELECT DATABASE()"), "test")

    def test_ping_statistics_and_select_db_are_answered(self):
        db = self.connect()
        db.ping(reconnect=False)
        db.select_db("mysql")
        self.assertEqual(value(db, "SELECT DATABASE()"), "mysql")
        self.assertEqual(error_of(db.select_db, "nowhere"), 1049)
        binary_protocol.command(db, 9)
        self.assertIn(b"Uptime", db._read_packet().get_all_data())    # pylint: disable=protected-access


class endings(proxy_case):
    """Clients that vanish and servers that die in the middle of a result."""

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.big", "CREATE TABLE test.big (id INT PRIMARY KEY)",
                        "INSERT INTO test.big VALUES " + ",".join(f"({i})" for i in range(300)))

    def begin_result(self, db, where=""):
        """Asks for 300 MB, and reads no more than the beginning."""
        binary_protocol.command(db, 3, f"SELECT @@server_id, REPEAT('r', 1000000) FROM big {where}".encode())
        db._read_packet()    # pylint: disable=protected-access

    def in_use(self):
        return self.proxy.metric("weir_backend_in_use")

    def test_a_client_that_vanishes_mid_result_leaves_nothing_behind(self):
        for _ in range(5):
            db = self.proxy.connect()
            self.begin_result(db)
            db._force_close()    # pylint: disable=protected-access
        wait_until(10, lambda: self.in_use() == 0 and self.proxy.metric("weir_sessions") == 0, "sessions have ended")
        self.assertEqual(value(self.connect(), "SELECT 1"), 1)

    def test_a_client_that_vanishes_while_its_statement_waits_leaves_nothing_behind(self):
        holder = self.connect()
        rows(holder, "SELECT GET_LOCK('left', 1)")
        db = self.proxy.connect()
        binary_protocol.command(db, 3, b"SELECT GET_LOCK('left', 3600)")
        wait_until(10, lambda: self.in_use() == 2, "the statement is under way")
        db._force_close()    # pylint: disable=protected-access
        wait_until(10, lambda: self.in_use() == 1, "the session has ended")

    def test_a_client_that_resets_its_connection_is_forgotten(self):
        db = self.proxy.connect()
        self.begin_result(db)
        db._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")    # pylint: disable=protected-access
        db._force_close()    # pylint: disable=protected-access
        wait_until(10, lambda: self.in_use() == 0, "sessions have ended")

    def test_a_client_that_stops_sending_with_its_last_command_is_answered_and_forgotten(self):
        """The end arrives in one segment with the command: no event of its own tells of it."""
        db = self.connect()
        statement = b"\x03SELECT 1"
        # pylint: disable=protected-access
        db._sock.sendall(struct.pack("<I", len(statement)) + statement, socket.MSG_MORE)
        db._sock.shutdown(socket.SHUT_WR)
        self.assertEqual(binary_protocol.pipelined_answer(db).rows, [b"\x011"])
        wait_until(10, lambda: self.proxy.metric("weir_sessions") == 0, "the session has ended")

    def test_a_server_killed_mid_result_ends_that_statement_only(self):
        db = self.connect()
        other = self.connect()
        self.begin_result(db, "/* weir:server=db3 */")
        self.cluster.control("kill_server", 3)
        self.addCleanup(wait_until, 20, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "db3 is back")
        self.addCleanup(self.cluster.control, "start_server", 3)

        def read_on():
            for _ in range(310):
                binary_protocol.read(db)
        self.assertIn(error_of(read_on), (1158, 1159, 1160, 1161, 2006, 2013))
        for _ in range(10):
            self.assertEqual(value(other, "SELECT COUNT(*) FROM big"), 300)


class binary_log(proxy_case):
    """A binary log is read through the proxy, from the primary."""

    def program(self):
        if self.flavour == "mariadb":
            return ["mariadb-binlog", "--no-defaults"]
        return [os.path.join(os.path.dirname(self.cluster.env["CLIENT"]), "mysqlbinlog"), "--no-defaults",
                "--get-server-public-key"]

    def test_the_binlog_program_reads_what_was_written(self):
        db = self.connect()
        rows(db, "CREATE TABLE IF NOT EXISTS logged (id INT)")
        status = "SHOW BINARY LOG STATUS" if self.flavour == "mysql" else "SHOW MASTER STATUS"
        file, position = self.cluster.sql(1, status)[0][:2]
        rows(db, "DROP TABLE logged")
        arguments = ["--read-from-remote-server", "--host=127.0.0.1", f"--port={self.proxy.port}", "--user=repl", "--password=repl",
                     "--protocol=tcp", f"--start-position={position}", file]
        ran = subprocess.run(self.program() + arguments, capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("DROP TABLE", ran.stdout)
        self.assertEqual(value(db, "SELECT 1"), 1)
