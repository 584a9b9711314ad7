"""Clients at work, each in its thread: those of one phase, in which the proxies keep one mode's promises."""
import random
import threading

from session import session
from world import OWN_COUNTERS, SHARED_COUNTERS

WRITERS, READERS = OWN_COUNTERS, 16
DIRECT = 2    # writers that go around the proxies, and so only write
PACE = 0.01   # seconds a client rests at most, as it has its own work too


class client(threading.Thread):
    """Works until `ending`; after an error with a new session, from which nothing of the old one is asked. An error is whatever
    the client library raises, also at bytes that it does not understand."""

    def __init__(self, name, seed, door, phase):
        super().__init__(daemon=True)
        self.name = name
        self._door, self._phase = door, phase
        self._random = random.Random(f"{seed} {name}")
        self._sessions = 0

    def run(self):
        while not self._phase.ending.is_set():
            try:
                current = self._login()
            except Exception as error:    # pylint: disable=broad-except
                self._failed("a login", error, None)
                continue
            try:
                self._use(current)
            except Exception as error:    # pylint: disable=broad-except
                self._failed(current.doing, error, current.snapshot_since)
            finally:
                current.close()

    def _failed(self, doing, error, snapshot_since):
        self._phase.results.failed(self.name, self._door.name, doing, error, snapshot_since)
        self._phase.ending.wait(0.1)

    def _login(self):
        self._sessions += 1
        again = f", session {self._sessions}" if self._sessions > 1 else ""
        return session(self.name + again, self._door, self._phase.confirmed, self._phase.results)

    def _use(self, current):
        self.prepare()
        while not self._phase.ending.is_set():
            self.work(current)
            self._phase.ending.wait(self._random.uniform(0, PACE))

    def prepare(self):
        """For derived classes: before the work of a session."""

    def work(self, current):
        """For derived classes: a round."""
        raise NotImplementedError

    def read(self, current, counter):
        how = self._random.choice((current.read_text, current.read_prepared, current.read_transaction, current.read_all))
        how(counter)


class reader(client):
    def work(self, current):
        self.read(current, self._random.randrange(OWN_COUNTERS + SHARED_COUNTERS))


class writer(client):
    """Has a counter of its own, takes part in the shared ones, and reads what it has written."""

    def __init__(self, counter, seed, door, phase, reads=True):
        super().__init__(f"writer {counter}", seed, door, phase)
        self._own, self._value, self._reads = counter, 0, reads

    def prepare(self):
        self._value = self._phase.value(self._own)

    def work(self, current):
        written = self._own
        if self._random.random() < 0.3:
            written = OWN_COUNTERS + self._random.randrange(SHARED_COUNTERS)
            latest = self._phase.confirmed.so_far().get(written)
            current.raise_shared(written, latest.value + 1 if latest else 1)
        else:
            how = self._random.choice((current.add_text, current.add_prepared, current.add_transaction))
            how(self._own, self._value + 1)
            self._value += 1
        if self._reads:
            self.read(current, written)


class phase:
    """Clients by turns at either proxy, from __enter__ to __exit__. `value`: a counter's value at the primary."""

    def __init__(self, world, seed, confirmed, results):
        self.confirmed, self.results, self.value = confirmed, results, world.value
        self.ending = threading.Event()
        doors = world.doors
        self._clients = [writer(i, seed, doors[i % 2], self) for i in range(WRITERS - DIRECT)]
        self._clients += [writer(i, seed, world.primary, self, reads=False) for i in range(WRITERS - DIRECT, WRITERS)]
        self._clients += [reader(f"reader {i}", seed, doors[i % 2], self) for i in range(READERS)]

    def __enter__(self):
        for each in self._clients:
            each.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for each in self._clients:
            each.join()
