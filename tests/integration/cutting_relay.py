"""A TCP relay before a server that breaks a connection at one exact moment of a statement's life."""
import contextlib
import socket
import struct
import threading


def reset(sock):
    """Ends it at once, with RST: whoever writes next is told."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # A close would wait for the thread that is in recv.
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RD)
    with contextlib.suppress(OSError):
        sock.close()


class trap:
    """What is to happen, once: to the connection on which `marker` is sent, whichever relay it goes through.

    `moment`: "part" - while the statement is being sent; "sent" - all of it was sent, and the server got nothing of it;
    "raced" - the server has it, and may have answered or not;
    "running" - the server has it, and the connection is left alone;
    "answered" - the server has answered, and `passed` bytes of the answer are passed on. `then(number)` runs at that
    moment with the relay's number, before the connection breaks.
    """

    def __init__(self, marker, moment, passed=0, then=lambda number: None):
        self.marker, self.moment, self.passed, self.then = marker.encode(), moment, passed, then
        self.sprung = threading.Event()
        self.is_taken = threading.Lock()

    def catches(self, data):
        """True for one who sends the marker: the first."""
        return self.marker in data and self.is_taken.acquire(blocking=False)


class relayed:
    """One connection through the relay."""

    def __init__(self, relay, client, server):
        self.relay, self.client, self.server = relay, client, server
        self.is_of_app = False
        self.trap = None
        self.left = 0
        self.pumps = []

    def start(self):
        self.pumps = [threading.Thread(target=pump, daemon=True) for pump in (self.to_server, self.to_client)]
        for pump in self.pumps:
            pump.start()

    def break_off(self):
        reset(self.client)
        reset(self.server)

    def spring(self):
        self.trap.then(self.relay.number)
        self.break_off()
        self.trap.sprung.set()

    def to_server(self):
        with contextlib.suppress(OSError):
            while data := self.client.recv(1 << 16):
                self.is_of_app = self.is_of_app or b"app\0" in data
                self.trap = self.relay.take_trap(data) or self.trap
                if self.trap and self.trap.moment in ("part", "sent"):
                    return self.spring()
                self.left = self.trap.passed if self.trap else 0
                self.server.sendall(data)
                if self.trap and self.trap.moment == "raced":
                    return self.spring()
                if self.trap and self.trap.moment == "running":
                    self.leave()
        self.break_off()
        return None

    def leave(self):
        taken, self.trap = self.trap, None
        taken.then(self.relay.number)
        taken.sprung.set()

    def to_client(self):
        with contextlib.suppress(OSError):
            while data := self.server.recv(1 << 16):
                if not self.trap or self.trap.moment != "answered":
                    self.client.sendall(data)
                    continue
                passed = data[:self.left]
                self.left -= len(passed)
                self.client.sendall(passed)
                if self.left == 0:
                    return self.spring()
            # The server has ended it in order: what it said before is still to arrive.
            return self.client.shutdown(socket.SHUT_WR)
        self.break_off()
        return None


class cutting_relay:
    """Listens on `port`, which stands for the server of this number at `target`."""

    def __init__(self, number, port, target):
        self.number = number
        self.target = target
        self.trap = None
        self.connections = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                reset(client)
                continue
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made = relayed(self, client, server)
            with self.lock:
                self.connections.append(made)
            made.start()

    def arm(self, what):
        with self.lock:
            self.trap = what

    def take_trap(self, data):
        with self.lock:
            return self.trap if self.trap is not None and self.trap.catches(data) else None

    def break_sessions(self):
        """All connections of the account app, whatever they do."""
        with self.lock:
            connections = list(self.connections)
        for one in connections:
            if not one.is_of_app:
                continue
            one.break_off()
            # Only then is nobody left who holds the socket, and the other side is told.
            for pump in one.pumps:
                pump.join()

    def close(self):
        reset(self.listener)
        with self.lock:
            connections = list(self.connections)
        for one in connections:
            one.break_off()
