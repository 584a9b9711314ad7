"""A primary and two replicas, two proxies side by side before them, and the counters."""
import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
import weir_cluster    # pylint: disable=wrong-import-position

# The settings that make a proxy keep the promises of judge.PROMISES.
SETTINGS = {mode: {"routing": {"consistency": mode}} for mode in ("eventual", "session", "global")}

OWN_COUNTERS, SHARED_COUNTERS = 16, 4    # shared ones have the higher numbers

# A way to the servers: what people call it, and how to connect.
door = collections.namedtuple("door", "name connect")


class world:
    """`settings`: by mode, as SETTINGS."""

    def __init__(self, flavour, settings):
        self._settings, self._undo, self._proxies = settings, [], []
        self.flavour = flavour
        try:
            self.servers = weir_cluster.cluster.up(flavour)
            self._undo.append(self.servers.down)
            self._make_counters()
            for _ in range(2):
                self._add_proxy()
        except BaseException:
            self.down()
            raise
        self.doors = [door(f"proxy {name}", proxy.connect) for name, proxy in zip("AB", self._proxies)]
        self.primary = door("the primary itself", lambda: self.servers.connect(1, database="test"))

    def _make_counters(self):
        rows = ",".join(f"({counter}, 0)" for counter in range(OWN_COUNTERS + SHARED_COUNTERS))
        self.servers.sql(1, "CREATE TABLE test.counters (id INT PRIMARY KEY, value BIGINT NOT NULL)",
                         f"INSERT INTO test.counters VALUES {rows}")
        self.servers.caught_up()

    def _add_proxy(self):
        # Replicas that lag as far as the faults make them still get reads, so that stale ones are possible.
        proxy = weir_cluster.proxy(self.servers, {"routing": {"max_lag": "30s"}, "log": {"level": "info"}})
        self._undo.append(proxy.remove)
        self._proxies.append(proxy.launch())

    def keep(self, mode):
        """Both proxies keep the promises of this mode when it returns."""
        for proxy in self._proxies:
            proxy.configure(self._settings[mode])
            proxy.reload()

    def value(self, counter):
        """What the primary has."""
        return self.servers.sql(1, f"SELECT value FROM test.counters WHERE id = {counter}")[0][0]

    def down(self):
        while self._undo:
            self._undo.pop()()
