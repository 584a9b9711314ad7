"""Real servers and a weir-proxy before them, for the integration tests.

A test file holds unittest classes derived from `proxy_case`. All classes of one flavour share a cluster (a primary, db1,
and two replicas), which the ctest fixture starts (cluster_fixture.py); without it a class starts one of its own. Each
class has its own proxy with its own configuration. Whatever a test does to a server it undoes itself; what it waits for
is a condition with a deadline.
"""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import pymysql
from pymysql.constants import CLIENT

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUPPORT = os.path.join(ROOT, "tests", "support")
SERVERS = os.path.join(SUPPORT, "servers.sh")
SKIPPED = 77    # ctest's SKIP_RETURN_CODE, and what servers.sh answers if MySQL cannot be had


def wait_until(seconds, condition, what):
    """The first true value of `condition()`; an AssertionError that names `what` after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def binary():
    return os.environ.get("WEIR_PROXY", os.path.join(ROOT, "build", "release", "bin", "weir-proxy"))


def reserve_ports(count, folder):
    """Ports that nobody else gets as long as `folder` exists."""
    script = f'source "{SUPPORT}/free_ports.sh" && reserve_ports {count} "{folder}"'
    return [int(line) for line in subprocess.check_output(["bash", "-c", script], text=True).split()]


class cluster:
    """A running cluster, by its folder."""

    def __init__(self, base):
        self.base = base
        with open(os.path.join(base, "cluster.env"), encoding="utf-8") as lines:
            self.env = dict(re.findall(r"^(\w+)='([^']*)'$", lines.read(), re.MULTILINE))
        self.flavour = self.env["FLAVOR"]
        self.ports = [int(port) for port in self.env["PORTS"].split()]
        self.sockets = self.env["SOCKETS"].split()

    @staticmethod
    def up(flavour, *options):
        """A new cluster; unittest.SkipTest if the flavour cannot be had. `options`: of `servers.sh up`."""
        which = ["--mysql"] if flavour == "mysql" else []
        ran = subprocess.run([SERVERS, "up", *which, *options], stdout=subprocess.PIPE, text=True, check=False)
        if ran.returncode == SKIPPED:
            raise unittest.SkipTest(f"{flavour} cannot be had")
        if ran.returncode != 0:
            raise RuntimeError(f"{flavour} servers did not start")
        return cluster(os.path.dirname(ran.stdout.split()[-1]))

    def down(self):
        subprocess.run([SERVERS, "down", self.base], check=True)

    def control(self, *command):
        """A function of server_control.sh, such as "stop_server", 2."""
        return subprocess.check_output([SERVERS, "run", self.base, *map(str, command)], text=True)

    def connect(self, n, **options):
        """Straight to server n, as root."""
        return pymysql.connect(unix_socket=self.sockets[n - 1], user="root", autocommit=True, **options)

    def sql(self, n, *statements):
        """Runs statements at server n as root; the rows of the last one."""
        db = self.connect(n)
        try:
            with db.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall()
        finally:
            db.close()

    def client_tls(self, mode="allow"):
        """Settings of `tls.client` with the cluster's certificate."""
        folder = os.path.join(self.base, "tls")
        return {"mode": mode, "cert": f"{folder}/server-cert.pem", "key": f"{folder}/server-key.pem"}

    def set_options(self, options):
        """Options of all servers, beside the usual ones, from their next start on."""
        file = os.path.join(self.base, "cluster.env")
        with open(file, encoding="utf-8") as lines:
            text = lines.read()
        with open(file, "w", encoding="utf-8") as lines:
            lines.write(re.sub(r"^EXTRA_OPTIONS='[^']*'$", f"EXTRA_OPTIONS='{options}'", text, flags=re.MULTILINE))

    def caught_up(self):
        self.control("wait_caught_up")

    def pid(self, n):
        with open(os.path.join(self.base, f"db{n}", "pid"), encoding="utf-8") as file:
            return int(file.read())

    def make_account(self, name, password, plugin=None):
        """An account with all rights on schema test, on every server when this returns."""
        how = f"IDENTIFIED BY '{password}'"
        if plugin and self.flavour == "mysql":
            how = f"IDENTIFIED WITH {plugin} BY '{password}'"
        self.sql(1, f"DROP USER IF EXISTS `{name}`@'%'", f"CREATE USER `{name}`@'%' {how}",
                 f"GRANT ALL PRIVILEGES ON test.* TO `{name}`@'%'")
        self.caught_up()


class proxy:
    """A weir-proxy process before a cluster. `settings` is merged over a configuration that suits tests."""

    def __init__(self, servers, settings=None):
        self.servers = servers
        self.folder = tempfile.mkdtemp(prefix="weir-it.", dir="/tmp")
        self.port, self.metrics_port = reserve_ports(2, self.folder)
        self.file = os.path.join(self.folder, "proxy.yaml")
        self.log_file = os.path.join(self.folder, "proxy.log")
        self.settings = {
            "proxy": {"listen": f"127.0.0.1:{self.port}", "workers": 2, "drain_timeout": "5s"},
            "servers": [{"name": f"db{i + 1}", "address": f"127.0.0.1:{port}"} for i, port in enumerate(servers.ports)],
            "monitor": {"user": "weir_monitor", "password": "secret", "interval": "200ms", "accounts_interval": "500ms"},
            "routing": {"max_lag": "2s", "primary_reads": "when-no-replica"},
            "metrics": {"listen": f"127.0.0.1:{self.metrics_port}"},
            "log": {"level": "debug"},
        }
        self.process = None
        self.configure(settings or {})

    def configure(self, settings):
        """Merges `settings` in and writes the file; JSON is YAML."""
        for section, values in settings.items():
            if isinstance(values, dict):
                self.settings.setdefault(section, {}).update(values)
            else:
                self.settings[section] = values
        with open(self.file, "w", encoding="utf-8") as file:
            json.dump(self.settings, file, indent=1)

    def launch(self):
        """Starts the process and returns when it serves and knows every server."""
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen([binary(), self.file], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until(60, self._is_ready, "the proxy knows its servers\n" + self.log()[-2000:])
        except AssertionError:
            self.kill()
            raise
        return self

    def _is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError("the proxy ended:\n" + self.log()[-2000:])
        return self.up_servers() == {f"db{i + 1}" for i in range(len(self.servers.ports))}

    def up_servers(self):
        """Names of the servers that the monitor reaches and knows the role of."""
        try:
            found = re.findall(r'^weir_server_up\{server="(\w+)",role="(primary|replica)"\} 1', self.metrics(), re.MULTILINE)
        except OSError:
            return set()
        return {name for name, _ in found}

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    def get(self, path):
        """(status, body) of the metrics endpoint."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self):
        return self.get("/metrics")[1]

    def metric(self, name):
        """The sum of all samples of a metric."""
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", self.metrics(), re.MULTILINE))

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def connect(self, user="app", password="app", database="test", **options):
        """pymysql through the proxy, autocommit on, unless said otherwise."""
        options = {"autocommit": True, "connect_timeout": 10, "read_timeout": 60, **options}
        return pymysql.connect(host="127.0.0.1", port=self.port, user=user, password=password, database=database, **options)

    def reload(self):
        """SIGHUP; returns when it says that it is done or why not."""
        before = self.log().count("reloaded")
        self.process.send_signal(signal.SIGHUP)
        wait_until(10, lambda: self.log().count("reloaded") > before, "a message about the reload")

    def terminate(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the proxy did not end within 30 s of SIGTERM") from None

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def remove(self):
        """Ends what is left of it and removes its folder."""
        self.kill()
        subprocess.run(["bash", "-c", f'source "{SUPPORT}/free_ports.sh" && release_ports "{self.folder}"'], check=False)
        subprocess.run(["rm", "-rf", self.folder], check=True)


def rows(db, statement, arguments=None):
    with db.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def value(db, statement, arguments=None):
    return rows(db, statement, arguments)[0][0]


def error_of(work, *arguments, **named):
    """The server error number that `work` ends with; 0 if it does not."""
    try:
        work(*arguments, **named)
    except pymysql.err.MySQLError as error:
        return error.args[0]
    return 0


class proxy_case(unittest.TestCase):
    """A class of cases with one proxy. `settings` is its configuration; `prepare_servers` runs before the proxy starts.

    When the class ends the proxy is drained: it has to end with 0, and may not have logged a password.
    """
    settings = {}
    flavours = ("mariadb", "mysql")
    secrets = ("secret",)

    @classmethod
    def prepare_servers(cls):
        """For derived classes: accounts and tables, made before the proxy starts."""

    @classmethod
    def setUpClass(cls):
        cls.flavour = os.environ.get("WEIR_FLAVOR", "mariadb")
        if cls.flavour not in cls.flavours:
            raise unittest.SkipTest(f"not for {cls.flavour}")
        base = os.environ.get("WEIR_CLUSTER", "")
        cls.cluster = cluster(base) if base else cluster.up(cls.flavour)
        if not base:
            cls.addClassCleanup(cls.cluster.down)
        cls.prepare_servers()
        cls.cluster.caught_up()
        cls.proxy = proxy(cls.cluster, cls.proxy_settings())
        cls.addClassCleanup(cls.proxy.remove)
        cls.proxy.launch()
        cls.addClassCleanup(cls._end_proxy)

    @classmethod
    def proxy_settings(cls):
        return cls.settings

    @classmethod
    def _end_proxy(cls):
        code = cls.proxy.terminate() if cls.proxy.process.poll() is None else cls.proxy.process.returncode
        log = cls.proxy.log()
        if code != 0:
            raise AssertionError(f"the proxy ended with {code}:\n{log[-4000:]}")
        for secret in cls.secrets:
            if secret in log:
                raise AssertionError("a password is in the proxy's log")

    def connect(self, *arguments, **options):
        """A connection through the proxy that is closed when the case ends."""
        db = self.proxy.connect(*arguments, **options)
        self.addCleanup(lambda: db.close() if db.open else None)
        return db

    def shell(self, text, *options):
        """What the servers' own shell prints for statements through the proxy."""
        key = ["--get-server-public-key"] if self.flavour == "mysql" else []
        ran = subprocess.run([self.cluster.env["CLIENT"], "--no-defaults", "-h127.0.0.1", f"-P{self.proxy.port}", "-uapp", *key,
                              *options, "-e", text],
                             env={**os.environ, "MYSQL_PWD": "app"}, capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def connect_multi(self, **options):
        return self.connect(client_flag=CLIENT.MULTI_STATEMENTS, **options)

