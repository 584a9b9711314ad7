"""A MySQL client of a few lines: logs in with mysql_native_password, idles, or reads a large result without looking at
its rows. Its own speed hardly matters: what is measured is the process between it and the server."""

import hashlib
import socket

LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH = 0x1, 0x200, 0x2000, 0x8000, 0x80000
CAPABILITIES = LONG_PASSWORD | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION | PLUGIN_AUTH
METHOD = b'mysql_native_password'


def scramble(password, salt):
    once = hashlib.sha1(password).digest()
    mask = hashlib.sha1(salt + hashlib.sha1(once).digest()).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


class Client:
    """A logged-in connection to 127.0.0.1:port."""

    def __init__(self, port, user=b'app', password=b'app'):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.log_in(user, password)

    def log_in(self, user, password):
        greeting = self.read_packet()
        if greeting[0] != 10:
            raise ConnectionError(greeting[3:].decode(errors='replace'))
        at = greeting.index(b'\0', 1) + 5
        salt = greeting[at:at + 8] + greeting[at + 27:at + 39]
        answer = scramble(password, salt)
        self.write_packet(1, CAPABILITIES.to_bytes(4, 'little') + (1 << 24).to_bytes(4, 'little') + bytes([45]) + bytes(23)
                          + user + b'\0' + bytes([len(answer)]) + answer + METHOD + b'\0')
        reply = self.read_packet()
        if reply[0] == 0xfe:
            method, salt = reply[1:].split(b'\0', 1)
            if method != METHOD:
                raise ConnectionError(f'the server wants {method.decode()}')
            self.write_packet(3, scramble(password, salt[:20]))
            reply = self.read_packet()
        if reply[0] != 0:
            raise ConnectionError(reply[3:].decode(errors='replace'))

    def read_exactly(self, count):
        data = b''
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError('the connection was closed')
            data += piece
        return data

    def read_packet(self):
        return self.read_exactly(int.from_bytes(self.read_exactly(4)[:3], 'little'))

    def write_packet(self, sequence, payload):
        self.socket.sendall(len(payload).to_bytes(3, 'little') + bytes([sequence]) + payload)

    def read_result(self, statement):
        """The number of bytes of the answer to a SELECT, whose rows are skipped."""
        self.write_packet(0, b'\x03' + statement)
        if self.read_packet()[0] in (0x00, 0xff):
            raise ConnectionError(f'no result for {statement.decode()}')
        while not self.is_end(self.read_packet()):   # column definitions
            pass
        total, buffer = 0, bytearray(1 << 20)
        while True:
            size = int.from_bytes(self.read_exactly(4)[:3], 'little')
            if size < 9:
                self.read_exactly(size)
                return total
            total += size + 4
            while size:
                count = self.socket.recv_into(buffer, min(size, len(buffer)))
                if count == 0:
                    raise ConnectionError('the connection was closed')
                size -= count

    @staticmethod
    def is_end(packet):
        return packet[0] == 0xfe and len(packet) < 9

    def close(self):
        self.socket.close()
