"""Clients that count: half of them write a counter each and read it again, half of them read all counters' rows in turn."""
import collections
import threading
import time

import pymysql

CLIENTS = 16
WRITERS = CLIENTS // 2
SHOWN = 5    # failures and stale reads that a report names


class counters:
    """Runs the clients between __enter__ and __exit__, spread over the proxies.

    A read is sent after a note was made of what was confirmed by then, and is stale if it shows less: for a writer and its
    own counter in modes `session` and `global`, for everyone in `global`. Reads that show less than an earlier one of the
    same session are counted besides.
    """

    def __init__(self, proxies, servers, mode):
        self.mode, self.disturbances = mode, 0
        self.stale, self.failures = [], []
        self._others_behind = self._backwards = 0
        self._proxies = proxies
        self._confirmed = [0] * WRITERS    # each written by one thread
        self._answers = collections.Counter()
        self._seconds = []
        self._ending = threading.Event()
        self._lock = threading.Lock()
        servers.sql(1, "DROP TABLE IF EXISTS test.counters", "CREATE TABLE test.counters (id INT PRIMARY KEY, n INT)",
                    "INSERT INTO test.counters VALUES " + ",".join(f"({i},0)" for i in range(WRITERS)))
        servers.caught_up()
        self._threads = [threading.Thread(target=self._client, args=(i,)) for i in range(CLIENTS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _client(self, number):
        work = self._write_and_read if number < WRITERS else self._read_others
        proxy = self._proxies[number % len(self._proxies)]
        while not self._ending.is_set():
            try:
                db = proxy.connect()
                try:
                    latest = [0] * WRITERS    # of this session
                    while not self._ending.is_set():
                        work(db.cursor(), number, latest)
                        time.sleep(0.005)    # the pace of a client, not a wait for anything
                finally:
                    db.close()
            except (pymysql.err.MySQLError, OSError) as error:
                with self._lock:
                    self.failures.append((number, str(error)))

    def _write_and_read(self, cursor, number, latest):
        cursor.execute(f"UPDATE counters SET n = n + 1 WHERE id = {number}")
        self._confirmed[number] += 1
        self._read(cursor, number, number, latest)

    def _read_others(self, cursor, number, latest):
        for counter in range(WRITERS):
            self._read(cursor, number, counter, latest)

    def _read(self, cursor, number, counter, latest):
        confirmed = self._confirmed[counter]
        begun = time.monotonic()
        cursor.execute(f"SELECT @@server_id, n FROM counters WHERE id = {counter}")
        server, found = cursor.fetchone()
        took = time.monotonic() - begun
        promised = self.mode == "global" or (self.mode == "session" and counter == number)
        with self._lock:
            self._seconds.append(took)
            self._answers[server] += 1
            self._backwards += found < latest[counter]
            if found < confirmed and promised:
                self.stale.append((number, counter, f"confirmed {confirmed}, found {found} on db{server}"))
            elif found < confirmed:
                self._others_behind += 1
        latest[counter] = max(latest[counter], found)

    def is_wrong(self):
        """Also if there was nothing to see."""
        return bool(self.stale or self.failures or not self._seconds or not self.disturbances)

    def report(self):
        ordered = sorted(self._seconds) or [0.0]
        reads = max(len(self._seconds), 1)
        share = sum(count for server, count in self._answers.items() if server != 1) / reads
        lines = [f"{self.mode}: {sum(self._confirmed)} writes, {len(self._seconds)} reads, {share:.1%} of them by replicas; "
                 f"{self.disturbances} disturbances",
                 f"  stale {len(self.stale)}, failed {len(self.failures)}; not promised in this mode: "
                 f"{self._others_behind} reads behind a confirmed write, {self._backwards} behind an earlier read",
                 f"  a read takes {ordered[len(ordered) // 2] * 1000:.2f} ms (median), "
                 f"{ordered[len(ordered) * 99 // 100] * 1000:.2f} ms (99 %)"]
        lines += [f"  stale: {each}" for each in self.stale[:SHOWN]] + [f"  failed: {each}" for each in self.failures[:SHOWN]]
        return "\n".join(lines)
