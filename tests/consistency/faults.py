"""Replicas that lag, stop and return, each in a thread of its own. The primary is left alone."""
import collections
import random
import threading
import time

SQL_THREAD = {"mariadb": ("STOP SLAVE SQL_THREAD", "START SLAVE SQL_THREAD"),
              "mysql": ("STOP REPLICA SQL_THREAD", "START REPLICA SQL_THREAD")}
LAG = 5    # seconds at most

# `ended` is None while it lasts.
fault = collections.namedtuple("fault", "server name began ended")


class replica_faults(threading.Thread):
    """One fault after the other at server `n` until `end`; then it is well again. `problem`: why it could not go on."""

    def __init__(self, servers, n, seed):
        super().__init__(daemon=True)
        self.log, self.problem = [], None
        self._servers, self._n, self.server = servers, n, n
        self._random = random.Random(f"{seed} {n}")
        self._ending = threading.Event()

    def run(self):
        try:
            while not self._ending.is_set():
                # Each kind once before any comes again, so that also a short run has several.
                kinds = [self.stall, self.delay, self.stop_applying, self.stop_replication, self.freeze, self.kill]
                self._random.shuffle(kinds)
                for kind in kinds:
                    if self._ending.wait(self._random.uniform(0.2, 1)):
                        return
                    kind()
        except Exception as problem:    # pylint: disable=broad-except
            self.problem = problem

    def end(self):
        self._ending.set()
        self.join()

    def _last(self, name, seconds):
        """The fault is there for so long, or until the end."""
        self.log.append(fault(self._n, name, time.monotonic(), None))
        self._ending.wait(seconds)

    def _over(self):
        self.log[-1] = self.log[-1]._replace(ended=time.monotonic())

    def _between(self, name, seconds, breaks, mends):
        try:
            breaks()
            self._last(name, seconds)
        finally:
            mends()
        self._over()

    def _control(self, *command):
        return lambda: self._servers.control(*command)

    def _sql(self, statement):
        return lambda: self._servers.sql(self._n, statement)

    def stall(self):
        """It answers and applies nothing, so it lags more and more."""
        db = self._servers.connect(self._n)
        try:
            with db.cursor() as cursor:
                cursor.execute("FLUSH TABLES WITH READ LOCK")
            self._last("applies nothing, by a lock", self._random.uniform(0.5, LAG))
        finally:
            db.close()
        self._over()

    def delay(self):
        """It lags by the same time for a while."""
        seconds = self._random.randint(1, LAG)
        self._between(f"lags {seconds} s", seconds + 1, self._control("lag_replica", self._n, seconds),
                      self._control("lag_replica", self._n, 0))

    def stop_applying(self):
        stop, start = SQL_THREAD[self._servers.flavour]
        self._between("receives and applies nothing", self._random.uniform(0.5, LAG), self._sql(stop), self._sql(start))

    def stop_replication(self):
        self._between("does not replicate", self._random.uniform(0.5, LAG), self._control("stop_replica", self._n),
                      self._control("start_replica", self._n))

    def freeze(self):
        """It keeps its connections and answers nothing."""
        self._between("is frozen", self._random.uniform(0.2, 3), self._control("freeze_server", self._n),
                      self._control("thaw_server", self._n))

    def kill(self):
        self._between("is killed", self._random.uniform(0, 2), self._control("kill_server", self._n),
                      self._control("start_server", self._n))
