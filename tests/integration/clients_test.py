"""Clients of every kind, each with an account of its own and no user list: they log in, and their work comes out right."""
import functools
import json
import os
import shutil
import subprocess

from weir_cluster import SUPPORT, proxy_case

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients")
PASSWORD = "hidden word of a client"

WANTED = {
    "select": 42, "prepared": ["one", "two"], "utf8mb4": "ä→🌊", "rolled_back": 0, "committed": 1,
}


@functools.lru_cache
def support(function):
    """What a function of tests/support/clients.sh or mysql_suite.sh prints."""
    parts = " && ".join(f'source "{SUPPORT}/{part}.sh"' for part in ("progress", "cache", "install", "mysql_suite", "clients"))
    return subprocess.check_output(["bash", "-c", f"{parts} && {function}"], text=True).strip()


def node(script):
    return ["node", os.path.join(HERE, script)], {"NODE_PATH": os.path.join(support("node_clients"), "node_modules")}


def shell(program, *options):
    return [os.path.join(HERE, "shell.sh"), program, "--no-defaults", *options], {}


KINDS = {
    "perl_dbd_mariadb": lambda tls: (["perl", os.path.join(HERE, "perl_dbd_mariadb.pl")], {}),
    "node_mysql2": lambda tls: node("node_mysql2.js"),
    "node_mariadb": lambda tls: node("node_mariadb.js"),
    "php_mysqli": lambda tls: (["php", os.path.join(HERE, "php_mysqli.php")], {}),
    "php_pdo": lambda tls: (["php", os.path.join(HERE, "php_pdo.php")], {}),
    "python_pymysql": lambda tls: (["/usr/bin/python3", os.path.join(HERE, "python_pymysql.py")], {}),
    "go_driver": lambda tls: ([os.path.join(support("go_client"), "go_driver")], {}),
    "mariadb_shell": lambda tls: shell("mariadb", *([f"--ssl-ca={tls}", "--ssl-verify-server-cert"] if tls else ["--skip-ssl"])),
    "mysql_shell": lambda tls: shell(
        support("mysql_program mysql"),
        *([f"--ssl-ca={tls}", "--ssl-mode=VERIFY_IDENTITY"] if tls else ["--ssl-mode=DISABLED", "--get-server-public-key"])),
}
if os.environ.get("WEIR_FLAVOR") == "mariadb":
    del KINDS["mysql_shell"]    # MySQL's shell of today has no mysql_native_password, which MariaDB's accounts use


class client_cases:
    """What every kind of client has to manage. Derived classes say with which kind of login; each kind of client is a case
    of theirs, made by `with_cases`."""
    plugin = None
    tls = False
    secrets = ("secret", PASSWORD)

    @classmethod
    def proxy_settings(cls):
        return {"tls": {"client": cls.cluster.client_tls("require" if cls.tls else "disabled")}}

    @classmethod
    def user(cls, kind):
        return kind + ("_tls" if cls.tls else "_plain")

    @classmethod
    def prepare_servers(cls):
        for kind in KINDS:
            cls.cluster.make_account(cls.user(kind), PASSWORD, cls.plugin)
            cls.cluster.sql(1, f"DROP TABLE IF EXISTS test.{cls.user(kind)}",
                            f"CREATE TABLE test.{cls.user(kind)} (id INT PRIMARY KEY, name VARCHAR(100)) CHARSET utf8mb4",
                            f"INSERT INTO test.{cls.user(kind)} VALUES (1, 'one'), (2, 'two')")

    def run_client(self, kind, **changes):
        """What the client saw. `changes`: other values of its environment, such as user="nobody"."""
        tls = self.cluster.env["CA_FILE"] if self.tls else ""
        command, environment = KINDS[kind](tls)
        for needed in (environment.get("NODE_PATH"), command[1] if kind == "mysql_shell" else command[0]):
            if needed and not os.path.exists(needed) and not shutil.which(needed):
                self.skipTest(f"{needed} cannot be had")
        given = {"HOST": "127.0.0.1", "PORT": self.proxy.port, "USER": self.user(kind), "PASSWORD": PASSWORD,
                 "SCHEMA": "test", "TABLE": self.user(kind), "TLS_CA": tls}
        given.update({key.upper(): value for key, value in changes.items()})
        environment = {**os.environ, "LC_ALL": "C.UTF-8", **environment}
        environment.update({f"WEIR_{key}": str(value) for key, value in given.items()})
        ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
                             check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        try:
            return json.loads(ran.stdout)
        except json.JSONDecodeError:
            self.fail(f"{kind} answered {ran.stdout!r} and said {ran.stderr}")


def with_cases(derived):
    """Adds a case per kind of client and claim. How errors are worded does not depend on TLS: once is enough."""
    def works(kind):
        return lambda self: self.assertEqual(self.run_client(kind), WANTED)

    def errors(kind):
        def case(self):
            self.assertEqual(self.run_client(kind, password="wrong"), {"error": 1045})
            self.assertEqual(self.run_client(kind, user="nobody"), {"error": 1045})
            # Without a right that reaches beyond its own schema the account is told 1044, not 1049.
            self.assertEqual(self.run_client(kind, schema="nowhere"), {"error": 1044})
        return case
    for kind in KINDS:
        setattr(derived, f"test_{kind}_works", works(kind))
        if derived.tls:
            continue
        setattr(derived, f"test_{kind}_is_told_the_servers_errors", errors(kind))
    return derived


@with_cases
class clients_without_tls(client_cases, proxy_case):
    """On MySQL by caching_sha2_password and the proxy's RSA key."""
    plugin = "caching_sha2_password"


@with_cases
class clients_with_tls(client_cases, proxy_case):
    """The proxy requires TLS, and the clients that can verify its certificate."""
    plugin = "caching_sha2_password"
    tls = True
