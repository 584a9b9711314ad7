"""What a read may not show, decided from what was confirmed and read before. No clock, no connection.

Counters only grow, so of two values the lower one is the older one.
"""
import collections
import threading

OWN_WRITES, MONOTONIC, CONFIRMED_WRITES = "own writes", "monotonic", "confirmed writes"
# What each `routing.consistency` promises.
PROMISES = {
    "eventual": frozenset(),
    "session": frozenset((OWN_WRITES, MONOTONIC)),
    "global": frozenset((OWN_WRITES, MONOTONIC, CONFIRMED_WRITES)),
}

# One counter in one statement. `did`: "wrote" or "read"; `how`: words for people; `server`: who answered; times by a clock
# that all clients share.
operation = collections.namedtuple("operation", "session door did how counter value server sent answered")
# `read` shows less than `earlier`, which `promise` says it has to show.
contradiction = collections.namedtuple("contradiction", "promise earlier read")


def keep_highest(floors, what):
    if what.counter not in floors or floors[what.counter].value < what.value:
        floors[what.counter] = what


class confirmed_writes:
    """The latest confirmed write of each counter, whoever made it."""

    def __init__(self):
        self._lock, self._latest = threading.Lock(), {}

    def publish(self, write):
        """To be called after the server's OK has come, and before the client goes on."""
        with self._lock:
            keep_highest(self._latest, write)

    def so_far(self):
        with self._lock:
            return dict(self._latest)


class session_judge:
    """Knows what one session was told."""

    def __init__(self):
        self._wrote, self._read = {}, {}

    def wrote(self, write):
        keep_highest(self._wrote, write)

    def judge(self, read, confirmed):
        """What `read` contradicts, at most once for each promise. `confirmed`: what was confirmed before it was sent."""
        found = []
        for promise, floors in ((OWN_WRITES, self._wrote), (MONOTONIC, self._read), (CONFIRMED_WRITES, confirmed)):
            earlier = floors.get(read.counter)
            if earlier and read.value < earlier.value:
                found.append(contradiction(promise, earlier, read))
        keep_highest(self._read, read)
        return found
