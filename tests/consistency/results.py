"""What happened in a run, kept for the report. Threads only append to its lists, which needs no lock."""
import collections
import time

from judge import PROMISES

# A statement or transaction; `broken`: the promises that it contradicts, whether the mode makes them or not.
sample = collections.namedtuple("sample", "at mode door server seconds broken")
failure = collections.namedtuple("failure", "at mode who door doing error")


def is_stale(read):
    """It breaks what its mode promises."""
    return bool(read.broken & PROMISES[read.mode])


class results:
    """`mode` is that of the current phase; times count from `begun`. `contradictions` has one for each stale read."""

    def __init__(self, mode):
        self.begun, self.mode = time.monotonic(), mode
        self.reads, self.writes, self.failures, self.contradictions = [], [], [], []

    def read(self, operations, found):
        """One read of one or more counters, and the contradictions in it."""
        first = operations[0]
        broken = frozenset(each.promise for each in found)
        self.reads.append(sample(first.answered, self.mode, first.door, first.server, first.answered - first.sent, broken))
        self.contradictions += [each for each in found if each.promise in PROMISES[self.mode]][:1]

    def wrote(self, write):
        self.writes.append(sample(write.answered, self.mode, write.door, write.server, write.answered - write.sent, frozenset()))

    def failed(self, who, door, doing, error):
        self.failures.append(failure(time.monotonic(), self.mode, who, door, doing, error))
