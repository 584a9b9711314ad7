"""Replicas that lag, stop and return, each in a thread of its own. The primary is left alone."""
import collections
import random
import threading
import time

SQL_THREAD = {"mariadb": ("STOP SLAVE SQL_THREAD", "START SLAVE SQL_THREAD"),
              "mysql": ("STOP REPLICA SQL_THREAD", "START REPLICA SQL_THREAD")}
LAG = 5    # seconds at most
KILLED, FROZEN = "is killed", "is frozen"

# `ended` is None while it lasts.
fault = collections.namedtuple("fault", "server name began ended")


class replica_faults(threading.Thread):
    """One fault after the other at server `n` until `end`; then it is well again. `problem`: why it could not go on."""

    def __init__(self, servers, n, seed):
        super().__init__(daemon=True)
        self.log, self.problem = [], None
        self._servers, self.server = servers, n
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

    def _fault(self, name, seconds, breaks, mends):
        """For so long, or until the end. It is in the log before it begins and until it is over."""
        self.log.append(fault(self.server, name, time.monotonic(), None))
        try:
            breaks()
            self._ending.wait(seconds)
        finally:
            mends()
        self.log[-1] = self.log[-1]._replace(ended=time.monotonic())

    def _control(self, *command):
        return lambda: self._servers.control(*command)

    def _sql(self, statement):
        return lambda: self._servers.sql(self.server, statement)

    def stall(self):
        """It answers and applies nothing, so it lags more and more."""
        db = self._servers.connect(self.server)
        self._fault("applies nothing, by a lock", self._random.uniform(0.5, LAG), lambda: db.query("FLUSH TABLES WITH READ LOCK"),
                    db.close)

    def delay(self):
        """It lags by the same time for a while."""
        seconds = self._random.randint(1, LAG)
        self._fault(f"lags {seconds} s", seconds + 1, self._control("lag_replica", self.server, seconds),
                    self._control("lag_replica", self.server, 0))

    def stop_applying(self):
        stop, start = SQL_THREAD[self._servers.flavour]
        self._fault("receives and applies nothing", self._random.uniform(0.5, LAG), self._sql(stop), self._sql(start))

    def stop_replication(self):
        self._fault("does not replicate", self._random.uniform(0.5, LAG), self._control("stop_replica", self.server),
                    self._control("start_replica", self.server))

    def freeze(self):
        """It keeps its connections and answers nothing."""
        self._fault(FROZEN, self._random.uniform(0.2, 3), self._control("freeze_server", self.server),
                    self._control("thaw_server", self.server))

    def kill(self):
        self._fault(KILLED, self._random.uniform(0, 2), self._control("kill_server", self.server),
                    self._control("start_server", self.server))
