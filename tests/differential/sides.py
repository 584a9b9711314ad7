"""The two sides of a comparison: the servers, the proxy, and a process for each side that runs scripts there."""
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
import link    # pylint: disable=wrong-import-position
import weir_cluster    # pylint: disable=wrong-import-position
import world    # pylint: disable=wrong-import-position
from runner import TIMEOUT, runner    # pylint: disable=wrong-import-position

ACCOUNTS = ("CREATE USER reader@'%' IDENTIFIED BY 'reader'", "GRANT SELECT ON weir_fuzz.* TO reader@'%'")
# What routines leave on a connection is known by their bodies.
CATALOG_RIGHTS = {"mariadb": "SELECT, SHOW VIEW", "mysql": "SELECT, SHOW VIEW, SHOW_ROUTINE"}
ROOM = 8 << 30    # bytes; long runs write long binary logs
# Two sessions of a script that lock each other out shall not stop it for long.
SHORT_WAITS = ("SET GLOBAL innodb_lock_wait_timeout = 1", "SET GLOBAL lock_wait_timeout = 1")


def fast_folder():
    """In memory if there is room: much of a script's time is the making of tables."""
    room = shutil.disk_usage("/dev/shm").free if os.path.isdir("/dev/shm") else 0
    return "/dev/shm" if room > ROOM else "/tmp"


class servers:
    """One server by itself; a primary and two replicas with a weir-proxy before them. `limit`: limits.backends_per_server."""

    def __init__(self, flavour, limit):
        self.flavour, self._undo = flavour, []
        try:
            self.lone = self._up("--replicas", "0")
            self.replicated = self._up()
            self.proxy = weir_cluster.proxy(self.replicated, {
                "proxy": {"workers": 1},
                "monitor": {"interval": "50ms", "catalog_interval": "1s"},
                "routing": {"max_lag": "10s"},
                "limits": {"backends_per_server": limit},
                "log": {"level": "warning"},
            })
            self._undo.append(self.proxy.remove)
            self.proxy.launch()
        except BaseException:
            self.down()
            raise

    def _up(self, *options):
        base = tempfile.mkdtemp(prefix=f"weir-{self.flavour}.", dir=fast_folder())
        made = weir_cluster.cluster.up(self.flavour, *options, "--base", base)
        self._undo.append(made.down)
        made.sql(1, *ACCOUNTS, *SHORT_WAITS, f"GRANT {CATALOG_RIGHTS[self.flavour]} ON *.* TO weir_monitor@'%'")
        return made

    def down(self):
        while self._undo:
            self._undo.pop()()

    def reads_on_replicas(self):
        """How many SELECTs the replicas have answered."""
        return sum(int(self.replicated.sql(n, "SHOW GLOBAL STATUS LIKE 'Com_select'")[0][1]) for n in (2, 3))


class side:
    """A process that runs scripts; `start` and `outcomes` let several work at once."""

    def __init__(self, port, make_world):
        context = multiprocessing.get_context("fork")
        self._pipe, inner = context.Pipe()
        self._process = context.Process(target=serve, args=(inner, port, make_world), daemon=True)
        self._process.start()
        inner.close()

    def start(self, script):
        self._pipe.send(script)

    def outcomes(self):
        found = self._pipe.recv()
        if isinstance(found, str):
            raise RuntimeError(found)
        return found

    def close(self):
        self._pipe.send(None)
        self._process.join(TIMEOUT)


def serve(pipe, port, make_world):
    """The process: scripts in, outcomes out, None ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)    # the parent says when it is over
    runs = runner(port, make_world())
    while script := pipe.recv():
        try:
            pipe.send(runs.run(script))
        except Exception:    # pylint: disable=broad-except
            pipe.send(traceback.format_exc())


def offered_at(port):
    probe = link.link(port, "app", "app", "", (), TIMEOUT)
    probe.close()
    return probe.offered


class both_sides:
    """Runs a script on both sides at once. `offered`: the capabilities of either side."""

    def __init__(self, made, is_global):
        self.offered = [offered_at(port) for port in (made.lone.ports[0], made.proxy.port)]
        self.direct = side(made.lone.ports[0], lambda: world.lone_server(made.lone.sockets[0]))
        self.proxied = side(made.proxy.port, lambda: world.replicated_servers(
            made.flavour, made.replicated.sockets, is_global))

    def start(self, script):
        self.direct.start(script)
        self.proxied.start(script)

    def outcomes(self):
        return self.direct.outcomes(), self.proxied.outcomes()

    def run(self, script):
        self.start(script)
        return self.outcomes()

    def close(self):
        self.direct.close()
        self.proxied.close()
