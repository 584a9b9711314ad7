"""A client's session: reads and writes of counters in several forms, each judged as soon as it is answered."""
import time

from binary_protocol import statement
from judge import operation, session_judge
from world import OWN_COUNTERS, SHARED_COUNTERS

ONE = "SELECT @@server_id, id, value FROM counters WHERE id = "
ALL = "SELECT @@server_id, id, value FROM counters"
ADD = "UPDATE counters SET value = value + 1 WHERE id = "


class unexpected(Exception):
    """An answer that no server gives."""


class session:
    """`confirmed` is shared by all clients; `results` gets what happened. `doing`: what a failure happened at;
    `snapshot_since`: when the transaction began that had shown something by then, if it was in one."""

    def __init__(self, name, door, confirmed, results):
        self.name, self._door = name, door
        self._confirmed, self._results = confirmed, results
        self._judge = session_judge()
        self.doing, self.snapshot_since = "", None
        self._statements = {}
        self._db = door.connect()

    def close(self):
        if self._db.open:
            self._db.close()

    def _text(self, sql):
        with self._db.cursor() as cursor:
            affected = cursor.execute(sql)
            return cursor.fetchall() if cursor.description else affected

    def _prepared(self, sql, counter):
        if sql not in self._statements:
            self._statements[sql] = statement(self._db, sql + "?")
        return self._statements[sql].execute(counter).rows

    def read_text(self, counter):
        self._read("a text", 1, lambda: self._text(f"{ONE}{counter}"))

    def read_all(self, _):
        self._read("a text", OWN_COUNTERS + SHARED_COUNTERS, lambda: self._text(ALL))

    def read_prepared(self, counter):
        self._read("a prepared statement", 1, lambda: self._prepared(ONE, counter))

    def read_transaction(self, counter):
        """Two reads of one snapshot, which is no older than the START."""
        def transaction():
            began = time.monotonic()
            self._text("START TRANSACTION READ ONLY")
            rows = list(self._text(f"{ONE}{counter}"))
            self.snapshot_since = began
            rows += self._prepared(ONE, counter)
            self._text("COMMIT")
            self.snapshot_since = None
            return rows
        self._read("a read-only transaction", 2, transaction)

    def _read(self, how, count, work):
        """`count`: how many rows have to come."""
        self.doing = f"a read by {how}"
        confirmed, sent = self._confirmed.so_far(), time.monotonic()
        rows = work()
        answered = time.monotonic()
        if len(rows) != count:
            raise unexpected(f"{len(rows)} rows in place of {count} by {how}")
        reads = [operation(self.name, self._door.name, "read", how, counter, value, server, sent, answered)
                 for server, counter, value in rows]
        self._results.read(reads, [found for read in reads for found in self._judge.judge(read, confirmed)])

    def add_text(self, counter, value):
        """The counter's next value is `value`, as nobody else writes it."""
        self._write("a text", counter, value, lambda: self._text(f"{ADD}{counter}"))

    def add_prepared(self, counter, value):
        def execute():
            self._prepared(ADD, counter)
            return 1    # an OK, whose count of rows binary_protocol does not keep
        self._write("a prepared statement", counter, value, execute)

    def add_transaction(self, counter, value):
        def transaction():
            self._text("BEGIN")
            affected = self._text(f"{ADD}{counter}")
            self._text("COMMIT")
            return affected
        self._write("a transaction", counter, value, transaction)

    def raise_shared(self, counter, value):
        """To `value`, if it is one less: whoever comes first has it."""
        self._write("a conditional update", counter, value, lambda: self._text(
            f"UPDATE counters SET value = {value} WHERE id = {counter} AND value = {value - 1}"), may_fail=True)

    def _write(self, how, counter, value, work, may_fail=False):
        self.doing = f"a write by {how}"
        sent = time.monotonic()
        affected = work()
        answered = time.monotonic()
        if affected != 1:
            if not may_fail:
                raise unexpected(f"{affected} rows written by {how}")
            return
        write = operation(self.name, self._door.name, "wrote", how, counter, value, 1, sent, answered)
        self._confirmed.publish(write)
        self._judge.wrote(write)
        self._results.wrote(write)
