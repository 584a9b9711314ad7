"""A lean client of the MySQL protocol: packets and whole answers as bytes, nothing interpreted that need not be.

Thousands of statements a second are compared, so an answer stays the list of its packets; answers.py reads them when they
must be understood.
"""
import socket
import struct

import login

# Capabilities by the names that scripts use for them. FIXED are always asked for.
FIXED = 0x00000004 | 0x00000008 | 0x00000200 | 0x00002000 | 0x00008000 | 0x00020000 | 0x00040000 | 0x00080000
OPTIONAL = {
    "found_rows": 1 << 1,
    "ignore_space": 1 << 8,
    "multi_statements": 1 << 16,
    "session_track": 1 << 23,
    "deprecate_eof": 1 << 24,
    "query_attributes": 1 << 27,
}
# MariaDB's own, in the four bytes that MySQL leaves empty; a client that asks for one does not set CLIENT_MYSQL (bit 0).
MARIADB = {"extended_metadata": 1 << 3, "cache_metadata": 1 << 4}
CLIENT_MYSQL = 1


def options_offered(greeting):
    """The names of OPTIONAL and MARIADB that a server's greeting offers."""
    end = greeting.index(0, 1)
    low, high = struct.unpack_from("<H3xH", greeting, end + 14)
    own = 0 if low & CLIENT_MYSQL else struct.unpack_from("<I", greeting, end + 28)[0]
    return ({name for name, bit in OPTIONAL.items() if (low | high << 16) & bit}
            | {name for name, bit in MARIADB.items() if own & bit})

COM_QUIT, COM_INIT_DB, COM_QUERY, COM_PING, COM_CHANGE_USER = 0x01, 0x02, 0x03, 0x0E, 0x11
COM_STMT_PREPARE, COM_STMT_EXECUTE, COM_STMT_SEND_LONG_DATA, COM_STMT_CLOSE = 0x16, 0x17, 0x18, 0x19
COM_STMT_RESET, COM_SET_OPTION, COM_STMT_FETCH, COM_RESET_CONNECTION = 0x1A, 0x1B, 0x1C, 0x1F

CURSOR_EXISTS, MORE_RESULTS = 0x40, 0x08
COLLATION = 45    # utf8mb4_general_ci, known to both flavours


class lost_connection(Exception):
    """The server closed it."""


class protocol_error(Exception):
    """The bytes that came cannot be what a server sends."""


class link:
    """One connection. `greeting_id` and `offered` are from the greeting; `method` and `salt` are those of the last login."""

    def __init__(self, port, user, password, schema, options, timeout):
        self.options = frozenset(options)
        self._buffer, self._at, self._sequence = b"", 0, 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.has_eof = "deprecate_eof" not in self.options
        self.has_metadata_flag = "cache_metadata" in self.options
        self.login_answer = self._log_in(user, password, schema)

    def close(self):
        self.socket.close()

    # Packets

    def send_packet(self, payload):
        header = struct.pack("<I", len(payload) | self._sequence << 24)
        self._sequence = (self._sequence + 1) & 0xFF
        self.socket.sendall(header + payload)

    def command(self, payload):
        self._sequence = 0
        self.send_packet(payload)

    def read_packet(self):
        payload = b""
        while True:
            while len(self._buffer) - self._at < 4:
                self._receive()
            header = int.from_bytes(self._buffer[self._at:self._at + 4], "little")
            size = header & 0xFFFFFF
            if header >> 24 != self._sequence:
                raise protocol_error(f"packet {header >> 24} came instead of {self._sequence}")
            self._sequence = (self._sequence + 1) & 0xFF
            begin = self._at + 4
            while len(self._buffer) < begin + size:
                self._receive()
                begin = self._at + 4
            self._at = begin + size
            payload += self._buffer[begin:begin + size]
            if size < 0xFFFFFF:
                return payload

    def _receive(self):
        more = self.socket.recv(65536)
        if not more:
            raise lost_connection()
        self._buffer = self._buffer[self._at:] + more
        self._at = 0

    # Logins

    def _log_in(self, user, password, schema):
        greeting = self.read_packet()
        if greeting[0] == 0xFF:
            self.greeting_id = 0
            return greeting
        end = greeting.index(0, 1)
        self.greeting_id = struct.unpack_from("<I", greeting, end + 1)[0]
        self.offered = options_offered(greeting)
        self.salt = greeting[end + 5:end + 13] + greeting[end + 32:end + 44]
        self.method = greeting[end + 45:].split(b"\0")[0]
        own = sum(MARIADB.get(name, 0) for name in self.options)
        asked = FIXED | (0 if own else CLIENT_MYSQL) | sum(OPTIONAL.get(name, 0) for name in self.options)
        answer = login.proof(self.method, password.encode(), self.salt)
        self.send_packet(struct.pack("<IIB19xI", asked, 1 << 24, COLLATION, own) + user.encode() + b"\0"
                         + bytes([len(answer)]) + answer + schema.encode() + b"\0" + self.method + b"\0")
        return login.prove(self, password.encode())

    def change_user(self, user, password, schema):
        answer = login.proof(self.method, password.encode(), self.salt)
        self.command(bytes([COM_CHANGE_USER]) + user.encode() + b"\0" + bytes([len(answer)]) + answer
                     + schema.encode() + b"\0" + struct.pack("<H", COLLATION) + self.method + b"\0")
        return [login.prove(self, password.encode())]

    # Answers, as lists of packets

    def results(self):
        """The answer to a statement: one result or several."""
        packets, more = [], True
        while more:
            more = self._one_result(packets)
        return packets

    def _one_result(self, packets):
        """Appends a result; whether another follows."""
        packet = self.read_packet()
        packets.append(packet)
        first = packet[0]
        if first == 0xFF:
            return False
        if first == 0x00:
            return status_of_ok(packet) & MORE_RESULTS
        if first == 0xFB:
            self.send_packet(b"")    # no file is ever sent
            return self._one_result(packets)
        count, at = length_encoded(packet, 0)
        if not self.has_metadata_flag or packet[at]:
            packets.extend(self.read_packet() for _ in range(count))
        if self.has_eof:
            packet = self.read_packet()
            packets.append(packet)
            if packet[0] == 0xFF:
                return False
            if status_of_eof(packet) & CURSOR_EXISTS:
                return status_of_eof(packet) & MORE_RESULTS
        return self.rows(packets)

    def rows(self, packets):
        """Appends rows and what ends them; whether another result follows."""
        while True:
            packet = self.read_packet()
            packets.append(packet)
            first = packet[0]
            if first == 0xFF:
                return False
            if first == 0xFE and len(packet) < 0xFFFFFF:
                if not self.has_eof:
                    return status_of_ok(packet) & MORE_RESULTS
                if len(packet) < 9:
                    return status_of_eof(packet) & MORE_RESULTS

    def prepared(self):
        """The answer to COM_STMT_PREPARE."""
        head = self.read_packet()
        packets = [head]
        if head[0] == 0xFF:
            return packets
        columns, parameters = struct.unpack_from("<HH", head, 5)
        for count in (parameters, columns):
            packets.extend(self.read_packet() for _ in range(count + 1 if count and self.has_eof else count))
        return packets


def length_encoded(data, at):
    """(integer, where it ends)"""
    first = data[at]
    if first < 0xFB:
        return first, at + 1
    width = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first)
    if not width:
        raise protocol_error("no length-encoded integer")
    return int.from_bytes(data[at + 1:at + 1 + width], "little"), at + 1 + width


def encode_length(size):
    if size < 251:
        return bytes([size])
    return b"\xfc" + struct.pack("<H", size) if size < 65536 else b"\xfe" + struct.pack("<Q", size)


def status_of_ok(packet):
    _, at = length_encoded(packet, 1)
    _, at = length_encoded(packet, at)
    return struct.unpack_from("<H", packet, at)[0]


def status_of_eof(packet):
    return struct.unpack_from("<H", packet, 3)[0]
