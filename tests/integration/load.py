"""Clients that read and write all the time, each in its thread, and a table of who answered in which second."""
import collections
import threading
import time

import pymysql


class load:
    """`readers` sessions that read, `writers` that write and read what they wrote. Every failure is kept with its time."""

    def __init__(self, proxy, readers=4, writers=2):
        self.failures, self.stale = [], []
        self._proxy = proxy
        self._begun = time.monotonic()
        self._answers = collections.Counter()    # (second, what, server)
        self._rounds = collections.Counter()     # of a thread, by its work and number
        self._events = []
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._guard, args=(self._read, i)) for i in range(readers)]
        self._threads += [threading.Thread(target=self._guard, args=(self._write, i)) for i in range(writers)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def note(self, text):
        """An event for the table."""
        self._events.append((time.monotonic() - self._begun, text))

    def readers_since(self, begin):
        """Servers that answered reads in a full second after `begin` (of now()); empty before it is over."""
        second = int(begin - self._begun) + 1
        with self._lock:
            if self.now() - self._begun < second + 1:
                return set()
            return {server for (at, what, server), _ in self._answers.items() if what == "read" and at == second}

    def rounds(self):
        """How often each thread has done its work so far."""
        with self._lock:
            return dict(self._rounds)

    @staticmethod
    def now():
        return time.monotonic()

    def _count(self, what, server):
        with self._lock:
            self._answers[int(time.monotonic() - self._begun), what, server] += 1

    def _guard(self, work, number):
        db = self._proxy.connect(database="load_test")
        try:
            while not self._ending.is_set():
                try:
                    work(db.cursor(), number)
                    with self._lock:
                        self._rounds[work.__name__, number] += 1
                except pymysql.err.MySQLError as error:
                    self.failures.append((round(time.monotonic() - self._begun, 2), work.__name__, str(error)))
                    db = self._proxy.connect(database="load_test")
                time.sleep(0.002)
        finally:
            db.close()

    def _read(self, cursor, number):
        cursor.execute(f"SELECT @@server_id, id FROM t WHERE id = {number}")
        self._count("read", cursor.fetchone()[0])

    def _write(self, cursor, number):
        cursor.execute(f"UPDATE t SET a = a + 1 WHERE id = {100 + number}")
        cursor.execute(f"SELECT @@server_id, a FROM t WHERE id = {100 + number} FOR UPDATE")
        server, wrote = cursor.fetchone()
        self._count("write", server)
        cursor.execute(f"SELECT @@server_id, a FROM t WHERE id = {100 + number}")
        server, found = cursor.fetchone()
        self._count("read after write", server)
        if found != wrote:
            self.stale.append((number, wrote, found, server))

    def table(self):
        """Markdown: a line a second, with the events beside it."""
        lines = ["| second | reads db1 | reads db2 | reads db3 | writes db1 | event |", "|---|---|---|---|---|---|"]
        for second in range(max((at for at, _, _ in self._answers), default=0) + 1):
            reads = [self._answers[second, "read", n] + self._answers[second, "read after write", n] for n in (1, 2, 3)]
            events = "; ".join(text for at, text in self._events if int(at) == second)
            lines.append(f"| {second} | {reads[0]} | {reads[1]} | {reads[2]} | {self._answers[second, 'write', 1]} | {events} |")
        return "\n".join(lines) + "\n"
