"""pymysql over the compressed protocol (zlib), which it does not speak by itself: its packets are put into frames whose size and
timing a test chooses. Frames are numbered as servers do it, and their numbers are checked."""
import struct
import zlib

import pymysql
from pymysql.constants import CLIENT

FRAME_MAX = 0xFFFFFF


class frames:
    """Stands between a logged-in pymysql connection and its socket."""

    def __init__(self, db):
        # pylint: disable=protected-access
        self.socket, self.stream = db._sock, db._rfile
        db._sock, db._rfile = self, self
        self.size = FRAME_MAX    # of what one frame holds, at most
        self.holds = False    # what is sent waits for send_held()
        self.held = b""
        self.arrived = b""
        self.sequence = 0

    def sendall(self, packet):
        if packet[3] == 0:
            self.sequence = 0    # a command
        for at in range(0, len(packet), self.size):
            inner = packet[at:at + self.size]
            packed = zlib.compress(inner)
            self.send(struct.pack("<I", len(packed))[:3] + bytes([self.sequence]) + struct.pack("<I", len(inner))[:3] + packed)
            self.sequence = (self.sequence + 1) % 256

    def send(self, frame):
        if self.holds:
            self.held += frame
        else:
            self.socket.sendall(frame)

    def send_held(self):
        self.socket.sendall(self.held)
        self.held, self.holds = b"", False

    def read(self, count):
        while len(self.arrived) < count:
            head = self.stream.read(7)
            if len(head) < 7:
                return b""
            length, inner = (int.from_bytes(head[at:at + 3], "little") for at in (0, 4))
            if head[3] != self.sequence:
                raise AssertionError(f"frame {head[3]} came instead of {self.sequence}")
            self.sequence = (head[3] + 1) % 256
            body = self.stream.read(length)
            self.arrived += zlib.decompress(body) if inner else body
        taken, self.arrived = self.arrived[:count], self.arrived[count:]
        return taken

    def expect_answer_to_command_sent_ahead(self):
        self.sequence = 1

    def close(self):
        self.stream.close()
        self.socket.close()

    def __getattr__(self, name):
        return getattr(self.socket, name)


class compressed_connection(pymysql.connections.Connection):
    """`frames` is what lies between."""

    def __init__(self, **options):
        self.frames = None
        super().__init__(client_flag=CLIENT.COMPRESS, **options)

    def _request_authentication(self):
        super()._request_authentication()
        self.frames = frames(self)
