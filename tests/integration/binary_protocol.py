"""Commands that pymysql does not offer, over a connection that pymysql has logged in: prepared statements with cursors, long
data, COM_CHANGE_USER, COM_RESET_CONNECTION. (pymysql's own reading and writing of packets is used.)"""
import hashlib
import struct

from pymysql.constants import COMMAND, FIELD_TYPE

NO_CURSOR, CURSOR_READ_ONLY = 0, 1
LAST_ROW_SENT, CURSOR_EXISTS, MORE_RESULTS, METADATA_CHANGED = 0x80, 0x40, 0x08, 0x400


def command(db, code, payload=b""):
    """Sends a command whose answer is read elsewhere."""
    db._next_seq_id = 0    # pylint: disable=protected-access
    db.write_packet(bytes([code]) + payload)


def simple(db, code, payload=b""):
    """A command that is answered by one packet; the server's error is raised."""
    command(db, code, payload)
    return read(db)


def read(db):
    packet = db._read_packet()    # pylint: disable=protected-access
    packet.check_error()
    return packet


def pipelined_answer(db):
    """The text result of the next of several commands that were sent at once: sequence numbers begin anew."""
    db._next_seq_id = 1    # pylint: disable=protected-access
    return answer(db, binary=False)


class answer:
    """A result: its rows, the status flags at its end. `columns` is 0 for an OK."""

    def __init__(self, db, binary=True):
        first = read(db)
        self.rows, self.status, self.types = [], 0, []
        if first.is_ok_packet():
            self.columns = 0
            return
        self.columns = first.read_length_encoded_integer()
        for _ in range(self.columns):
            self.types.append(type_of_column(read(db)))
        self.status = struct.unpack("<H", read(db).get_all_data()[3:5])[0]
        if not self.status & CURSOR_EXISTS:
            self.read_rows(db, binary)

    def read_rows(self, db, binary=True):
        """Until the EOF packet, whose status flags are kept."""
        while True:
            packet = read(db)
            if packet.is_eof_packet():
                self.status = struct.unpack("<H", packet.get_all_data()[3:5])[0]
                return
            self.rows.append(binary_row(packet.get_all_data(), self.types) if binary else packet.get_all_data())


def type_of_column(packet):
    for _ in range(6):
        packet.read_length_coded_string()
    packet.advance(1 + 2 + 4)
    return packet.read_uint8()


def binary_row(data, types):
    """A row of integers, and of strings as bytes."""
    bitmap_size = (len(types) + 9) // 8
    bitmap, at, out = int.from_bytes(data[1:1 + bitmap_size], "little"), 1 + bitmap_size, []
    integers = {FIELD_TYPE.TINY: "<b", FIELD_TYPE.SHORT: "<h", FIELD_TYPE.LONG: "<i", FIELD_TYPE.LONGLONG: "<q"}
    for index, kind in enumerate(types):
        if bitmap >> (index + 2) & 1:
            out.append(None)
        elif kind in integers:
            out.append(struct.unpack_from(integers[kind], data, at)[0])
            at += struct.calcsize(integers[kind])
        else:
            text, at = length_encoded(data, at)
            out.append(text)
    return tuple(out)


def length_encoded(data, at):
    """(bytes, where they end)"""
    first = data[at]
    width = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0)
    size = int.from_bytes(data[at + 1:at + 1 + width], "little") if width else first
    begin = at + 1 + width
    return data[begin:begin + size], begin + size


def encode_length(size):
    if size < 251:
        return bytes([size])
    return b"\xfe" + struct.pack("<Q", size)


class statement:
    """A server-side prepared statement."""

    def __init__(self, db, sql):
        self.db = db
        head = simple(db, COMMAND.COM_STMT_PREPARE, sql.encode()).get_all_data()
        self.id, columns, self.parameters = struct.unpack_from("<IHH", head, 1)
        for count in (self.parameters, columns):
            for _ in range(count + 1 if count else 0):
                read(db)

    def execute(self, *values, cursor=NO_CURSOR):
        """An `answer`. Integers are sent as LONGLONG, bytes as BLOB; LONG_DATA stands for a value sent before."""
        self.send_execute(*values, cursor=cursor)
        return answer(self.db)

    def send_execute(self, *values, cursor=NO_CURSOR):
        payload = struct.pack("<IBI", self.id, cursor, 1)
        if values:
            nulls = sum(1 << i for i, value in enumerate(values) if value is None)
            payload += nulls.to_bytes((len(values) + 7) // 8, "little") + b"\x01"
            data = b""
            for value in values:
                kind = FIELD_TYPE.LONGLONG if isinstance(value, int) else FIELD_TYPE.BLOB
                payload += struct.pack("<H", kind)
                if isinstance(value, int):
                    data += struct.pack("<q", value)
                elif isinstance(value, bytes):
                    data += encode_length(len(value)) + value
            payload += data
        command(self.db, COMMAND.COM_STMT_EXECUTE, payload)

    def send_long_data(self, parameter, data):
        """Has no answer."""
        command(self.db, COMMAND.COM_STMT_SEND_LONG_DATA, struct.pack("<IH", self.id, parameter) + data)

    def fetch(self, result, count):
        """The next rows of a cursor, appended to `result`."""
        command(self.db, COMMAND.COM_STMT_FETCH, struct.pack("<II", self.id, count))
        result.read_rows(self.db)

    def reset(self):
        simple(self.db, COMMAND.COM_STMT_RESET, struct.pack("<I", self.id))

    def close(self):
        """Has no answer."""
        command(self.db, COMMAND.COM_STMT_CLOSE, struct.pack("<I", self.id))


LONG_DATA = object()
COM_RESET_CONNECTION = 0x1F


def reset_connection(db):
    simple(db, COM_RESET_CONNECTION)


def native_scramble(password, salt):
    first = hashlib.sha1(password.encode()).digest()
    second = hashlib.sha1(salt + hashlib.sha1(first).digest()).digest()
    return bytes(a ^ b for a, b in zip(first, second))


def sha2_scramble(password, salt):
    first = hashlib.sha256(password.encode()).digest()
    second = hashlib.sha256(hashlib.sha256(first).digest() + salt).digest()
    return bytes(a ^ b for a, b in zip(first, second))


def change_user(db, user, password, schema):
    """COM_CHANGE_USER; the server's error is raised. The session must have a secure transport, or the account a method that
    needs none, as for the full exchange of caching_sha2_password the password is sent as it is."""
    scramble = native_scramble(password, db.salt[:20])
    payload = user.encode() + b"\0" + bytes([len(scramble)]) + scramble + schema.encode() + b"\0"
    payload += struct.pack("<H", 45) + b"mysql_native_password\0"
    payload += b"\0"    # no connect attributes
    packet = simple(db, COMMAND.COM_CHANGE_USER, payload)
    while not packet.is_ok_packet():
        data = packet.get_all_data()
        if data[0] == 0xFE:
            plugin, salt = data[1:].split(b"\0", 1)
            scramble = {b"mysql_native_password": native_scramble, b"caching_sha2_password": sha2_scramble}[plugin]
            db.write_packet(scramble(password, salt[:20]))
        elif data[:2] == b"\x01\x04":
            db.write_packet(password.encode() + b"\0")
        packet = read(db)
