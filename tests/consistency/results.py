"""What happened in a run, kept for the report. Threads only append to its lists, which needs no lock."""
import collections
import time

from faults import FROZEN, KILLED
from judge import PROMISES

# A statement or transaction; `broken`: the promises that it contradicts, whether the mode makes them or not.
sample = collections.namedtuple("sample", "at mode door server seconds broken")
# `snapshot_since`: as session.snapshot_since.
failure = collections.namedtuple("failure", "at mode who door doing error snapshot_since")
LOST_CONNECTION = 2013


def is_stale(read):
    """It breaks what its mode promises."""
    return bool(read.broken & PROMISES[read.mode])


def lost_its_snapshot(failed, faults):
    """A read-only transaction that had shown values which change, and @@server_id, so that it cannot go on elsewhere
    (docs/retries.md); and a replica was killed or frozen in its time."""
    if failed.snapshot_since is None or failed.error.args[:1] != (LOST_CONNECTION,):
        return False
    return any(each.name in (KILLED, FROZEN) and each.began < failed.at and (each.ended or failed.at) >= failed.snapshot_since
               for each in faults)


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

    def failed(self, who, door, doing, error, snapshot_since):
        self.failures.append(failure(time.monotonic(), self.mode, who, door, doing, error, snapshot_since))
