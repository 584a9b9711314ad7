"""Who may come in, and over which transport: accounts that change or cannot be read, TLS, PROXY headers."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile

import pymysql

from weir_cluster import error_of, proxy_case, rows, value, wait_until


class accounts(proxy_case):
    """Changes of accounts on the primary, without a restart."""
    secrets = ("secret", "first word", "second word")

    def login(self, password):
        return error_of(lambda: self.proxy.connect(user="moving", password=password).close())

    def test_a_new_password_and_a_dropped_account_take_effect(self):
        self.cluster.make_account("moving", "first word")
        wait_until(5, lambda: self.login("first word") == 0, "a new account can log in")
        self.assertEqual(self.login("second word"), 1045)
        self.cluster.sql(1, "ALTER USER moving@'%' IDENTIFIED BY 'second word'")
        self.cluster.caught_up()
        wait_until(5, lambda: self.login("second word") == 0, "the new password is accepted")
        wait_until(5, lambda: self.login("first word") == 1045, "the old password is refused")
        self.cluster.sql(1, "DROP USER moving@'%'")
        self.cluster.caught_up()
        wait_until(5, lambda: self.login("second word") == 1045, "the dropped account is refused")


class accounts_that_cannot_be_read(proxy_case):
    """The monitor's account may not see the servers' accounts: a session has the connections that its worker's logins have
    made and no others."""
    flavours = ("mariadb",)
    settings = {"proxy": {"workers": 1}, "monitor": {"user": "blind_monitor", "password": "blind"}}

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "CREATE USER IF NOT EXISTS blind_monitor@'%' IDENTIFIED BY 'blind'",
                        "GRANT BINLOG MONITOR, SLAVE MONITOR, PROCESS ON *.* TO blind_monitor@'%'",
                        "DROP TABLE IF EXISTS test.blind", "CREATE TABLE test.blind (a INT)")
        cls.cluster.caught_up()

    def test_a_lost_connection_costs_its_session_and_no_other(self):
        db, other = self.connect(), self.connect()
        number = value(db, "SELECT id FROM information_schema.processlist WHERE id = CONNECTION_ID()")
        self.cluster.sql(1, f"KILL {number}")
        wait_until(10, lambda: not self.cluster.sql(
            1, f"SELECT 1 FROM information_schema.processlist WHERE id = {number}"), "the connection is gone")
        rows(other, "BEGIN")
        for text in ("SELECT 1", "INSERT INTO blind VALUES (1)", "SELECT 1"):
            self.assertEqual(error_of(rows, db, text), 1045)
            rows(other, "INSERT INTO blind VALUES (2)")
        rows(other, "COMMIT")
        self.assertEqual(value(other, "SELECT COUNT(*) FROM blind"), 3)
        self.assertEqual(value(db, "SELECT COUNT(*) FROM blind"), 3, "over the connection that the other can spare")


class tls(proxy_case):
    """TLS towards clients: required, and certificates exchanged by SIGHUP."""

    @classmethod
    def proxy_settings(cls):
        cls.folder = tempfile.mkdtemp(prefix="weir-files.", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name in ("server-cert.pem", "server-key.pem"):
            shutil.copy(os.path.join(cls.cluster.base, "tls", name), cls.folder)
        return {"tls": {"client": {"mode": "require", "cert": f"{cls.folder}/server-cert.pem",
                                   "key": f"{cls.folder}/server-key.pem"}}}

    def serial(self):
        """The serial number of the certificate that the proxy shows."""
        db = self.proxy.connect(ssl={"ca": self.cluster.env["CA_FILE"]})
        try:
            der = db._sock.getpeercert(binary_form=True)    # pylint: disable=protected-access
        finally:
            db.close()
        shown = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-serial"], input=der, capture_output=True, check=True)
        return shown.stdout

    def test_a_client_without_tls_is_refused_where_it_is_required(self):
        self.assertEqual(error_of(self.proxy.connect, ssl_disabled=True), 3159)
        db = self.connect(ssl={"ca": self.cluster.env["CA_FILE"]})
        self.assertEqual(value(db, "SELECT 1"), 1)

    def test_both_versions_of_tls_are_spoken(self):
        for version in ("-tls1_2", "-tls1_3"):
            ran = subprocess.run(["openssl", "s_client", "-starttls", "mysql", version, "-connect", f"127.0.0.1:{self.proxy.port}"],
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
            self.assertIn(b"Verify", ran.stdout, version)
        ran = subprocess.run(["openssl", "s_client", "-starttls", "mysql", "-tls1_1", "-connect", f"127.0.0.1:{self.proxy.port}"],
                             stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
        self.assertNotEqual(ran.returncode, 0)

    def test_a_new_certificate_is_shown_after_sighup(self):
        before = self.serial()
        held = self.connect(ssl={"ca": self.cluster.env["CA_FILE"]})
        base = os.path.join(self.cluster.base, "tls")
        subprocess.run(["openssl", "x509", "-req", "-in", f"{base}/server.csr", "-days", "30", "-CA", f"{base}/ca.pem", "-CAkey",
                        f"{base}/ca-key.pem", "-set_serial", "4711", "-out", f"{self.folder}/new.pem"], check=True, capture_output=True)
        os.replace(f"{self.folder}/new.pem", f"{self.folder}/server-cert.pem")
        self.proxy.process.send_signal(signal.SIGHUP)
        wait_until(10, lambda: self.serial_now() not in (before, None), "the new certificate is shown")
        self.assertEqual(value(held, "SELECT 1"), 1)

    def serial_now(self):
        """As openssl's client sees it, which checks no names."""
        ran = subprocess.run(f"openssl s_client -starttls mysql -connect 127.0.0.1:{self.proxy.port} </dev/null 2>/dev/null"
                             " | openssl x509 -noout -serial", shell=True, capture_output=True, check=False)
        return ran.stdout or None


class proxy_headers(proxy_case):
    """The PROXY protocol, in front of the proxy."""
    settings = {"proxy_protocol": {"accept_from": ["127.0.0.0/8"]}}

    def greeting_after(self, header):
        with socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10) as connection:
            connection.sendall(header)
            connection.settimeout(5)
            try:
                return connection.recv(4096)
            except (TimeoutError, ConnectionError):
                return b""

    def login_with(self, header):
        connection = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10)
        connection.sendall(header)
        db = pymysql.connections.Connection(user="app", password="app", defer_connect=True, autocommit=True, host="127.0.0.1")
        db.connect(sock=connection)
        self.addCleanup(db.close)
        return db

    def test_a_client_behind_a_header_is_served(self):
        v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes([192, 0, 2, 1, 127, 0, 0, 1]) + b"\x30\x39\x0c\xea"
        for header in (b"PROXY TCP4 192.0.2.1 127.0.0.1 12345 3306\r\n", v2):
            self.assertEqual(value(self.login_with(header), "SELECT 1"), 1)

    def test_a_connection_without_a_header_is_closed(self):
        self.assertNotIn(b"mysql_native_password", self.greeting_after(b"GET / HTTP/1.1\r\n\r\n"))
