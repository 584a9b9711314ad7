"""The compressed protocol, by the shells and by frames that are cut and timed on purpose."""
import socket

from pymysql.constants import CLIENT

import binary_protocol
from binary_protocol import statement
from compressed_client import compressed_connection
from weir_cluster import error_of, proxy_case, value

MIB = 1 << 20


class compression_cases:
    """The shells' compressed protocol."""

    def run_shell(self, option):
        return self.shell("SHOW STATUS LIKE 'no such'; SELECT LENGTH(REPEAT('c', 1000000)); SELECT REPEAT('c', 1000000)",
                          "--batch", "--skip-column-names", option).split()

    def offers(self, bit):
        with socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10) as connection:
            greeting = connection.recv(4096)
        at = greeting.index(b"\0", 5) + 1 + 4 + 8 + 1
        low, high = greeting[at:at + 2], greeting[at + 5:at + 7]
        return bool(int.from_bytes(low + high, "little") & bit)

    def check(self, bit, option):
        if not self.offers(bit):
            self.skipTest("the proxy does not offer this compression yet")
        self.assertEqual(self.run_shell(option), ["1000000", "c" * 1000000])


class zlib_compression(compression_cases, proxy_case):
    """Of every version."""

    def test_the_shell_gets_right_answers(self):
        self.check(CLIENT.COMPRESS, "--compression-algorithms=zlib" if self.flavour == "mysql" else "--compress")


class compressed_conversations(proxy_case):
    """Frames as clients may cut and time them."""
    secrets = ("secret", "other word")

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("squeezed", "other word")

    @classmethod
    def proxy_settings(cls):
        return {"tls": {"client": cls.cluster.client_tls()}}

    def connect_compressed(self, **options):
        db = compressed_connection(host="127.0.0.1", port=self.proxy.port, user="app", password="app", database="test",
                                   autocommit=True, connect_timeout=10, read_timeout=20, **options)
        self.addCleanup(lambda: db.close() if db.open else None)
        return db

    def test_a_statement_in_many_frames_arrives_whole(self):
        db = self.connect_compressed()
        db.frames.size = 1000
        self.assertEqual(value(db, f"SELECT LENGTH('{'x' * 400000}')"), 400000)
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_a_statement_of_over_16_mib_arrives_whole(self):
        db = self.connect_compressed(max_allowed_packet=64 * MIB)
        for size in (17 * MIB, 40 * MIB):
            db.frames.holds = True
            # pylint: disable=protected-access
            db._execute_command(3, f"SELECT LENGTH('{'x' * size}')")
            db.frames.send_held()
            db._read_query_result()
            self.assertEqual(db._result.rows, ((size,),))

    def test_commands_that_are_sent_ahead_begin_their_frames_anew(self):
        db = self.connect_compressed()
        read = statement(db, "SELECT 1")
        db.frames.holds = True
        read.close()
        binary_protocol.command(db, 3, b"SELECT 2")
        db.frames.send_held()
        self.assertEqual(binary_protocol.pipelined_answer(db).rows, [b"\x012"])

    def test_answers_to_commands_that_are_sent_ahead_begin_their_frames_anew(self):
        db = self.connect_compressed()
        db.frames.holds = True
        for i in range(5):
            binary_protocol.command(db, 3, f"SELECT {i}".encode())
        db.frames.send_held()
        for i in range(5):
            db.frames.expect_answer_to_command_sent_ahead()
            self.assertEqual(binary_protocol.pipelined_answer(db).rows, [b"\x01" + str(i).encode()])

    def test_change_user_is_compressed_too(self):
        db = self.connect_compressed(ssl={"ca": self.cluster.env["CA_FILE"]})
        for size in (db.frames.size, 10):
            db.frames.size = size
            binary_protocol.change_user(db, "squeezed", "other word", "test")
            self.assertEqual(value(db, "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)"), "squeezed")

    def test_a_refused_change_of_users_is_compressed_too(self):
        db = self.connect_compressed(ssl={"ca": self.cluster.env["CA_FILE"]})
        self.assertEqual(error_of(binary_protocol.change_user, db, "squeezed", "wrong", "test"), 1045)


class zstd_compression(compression_cases, proxy_case):
    """MariaDB's shell of this version has none."""
    flavours = ("mysql",)

    def test_the_shell_gets_right_answers(self):
        self.check(1 << 26, "--compression-algorithms=zstd")
