"""Unix sockets on both sides, and the address by which servers know a client."""
import os
import socket

import pymysql

from weir_cluster import error_of, proxy, proxy_case, rows, value, wait_until


def hosts_of(servers, n, user="app"):
    """Where the connections of a user come from, as server n says."""
    return [row[2] for row in servers.sql(n, "SHOW PROCESSLIST") if row[1] == user]


def wait_for_replicas(running):
    wait_until(10, lambda: running.metrics().count("weir_server_lag_seconds{") == 2, "both replicas are measured")


class unix_sockets(proxy_case):
    """Each case has a proxy of its own."""

    def one_proxy(self, **settings):
        made = proxy(self.cluster, settings)
        self.addCleanup(made.remove)
        return made

    def use(self, db):
        """A write, and a read of it."""
        self.addCleanup(db.close)
        rows(db, "CREATE TEMPORARY TABLE local_to_db (id INT)")
        rows(db, "INSERT INTO local_to_db VALUES (7)")
        self.assertEqual(value(db, "SELECT id FROM local_to_db"), 7)

    def test_clients_come_by_tcp_and_by_a_unix_socket(self):
        served = self.one_proxy()
        path = os.path.join(served.folder, "client.sock")
        served.configure({"proxy": {"listen": [f"127.0.0.1:{served.port}", f"unix:{path}"]}})
        served.launch()
        wait_for_replicas(served)
        for _ in range(4):    # the workers take turns
            db = pymysql.connect(unix_socket=path, user="app", password="app", database="test", autocommit=True)
            self.assertIn(value(db, "SELECT @@server_id"), (2, 3))
            self.use(db)
        self.use(served.connect())
        with self.assertRaises(pymysql.err.OperationalError) as refused:
            pymysql.connect(unix_socket=path, user="app", password="wrong")
        self.assertEqual(refused.exception.args[0], 1045)

    def test_a_unix_socket_is_removed_and_can_be_taken_again(self):
        for _ in range(2):
            served = self.one_proxy()
            path = os.path.join(self.proxy.folder, "again.sock")
            served.configure({"proxy": {"listen": [f"127.0.0.1:{served.port}", f"unix:{path}"]}})
            served.launch()
            self.assertTrue(os.path.exists(path))
            self.assertEqual(served.terminate(), 0)
            self.assertFalse(os.path.exists(path))

    def test_a_socket_that_a_killed_process_left_is_taken_over(self):
        path = os.path.join(self.proxy.folder, "left.sock")
        for last in (False, True):
            served = self.one_proxy()
            served.configure({"proxy": {"listen": [f"127.0.0.1:{served.port}", f"unix:{path}"]}})
            served.launch()
            if last:
                self.use(pymysql.connect(unix_socket=path, user="app", password="app", database="test", autocommit=True))
            else:
                served.kill()

    def test_servers_are_reached_by_unix_sockets(self):
        served = self.one_proxy(servers=[{"name": f"db{n}", "address": f"unix:{path}"}
                                         for n, path in enumerate(self.cluster.sockets, 1)])
        served.launch()
        wait_for_replicas(served)
        db = served.connect()
        wait_until(10, lambda: {value(db, "SELECT @@server_id") for _ in range(6)} == {2, 3}, "both replicas answer")
        self.use(db)
        for n in (1, 2, 3):
            self.assertEqual(hosts_of(self.cluster, n), ["localhost"])


class sent_proxy_headers(proxy_case):
    """servers[].send_proxy_protocol: servers see the client's own address."""
    flavours = ("mariadb",)    # MySQL's servers do not read such headers
    settings = {"proxy_protocol": {"accept_from": ["127.0.0.9/32"]}, "timeouts": {"idle_backend": "1s"}}

    @classmethod
    def prepare_servers(cls):
        for n in (1, 2, 3):
            cls.cluster.sql(n, "SET GLOBAL proxy_protocol_networks = '127.0.0.0/8'")
        cls.addClassCleanup(cls.believe_nobody)

    @classmethod
    def believe_nobody(cls):
        for n in (1, 2, 3):
            cls.cluster.sql(n, "SET GLOBAL proxy_protocol_networks = ''")

    @classmethod
    def proxy_settings(cls):
        servers = [{"name": f"db{n}", "address": f"127.0.0.1:{port}", "send_proxy_protocol": True}
                   for n, port in enumerate(cls.cluster.ports, 1)]
        return {**cls.settings, "servers": servers}

    def log_in_from(self, address, header=b""):
        """A session, and the address that its client has."""
        connection = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10, source_address=(address, 0))
        connection.sendall(header)
        db = pymysql.connect(host="127.0.0.1", user="app", password="app", database="test", autocommit=True, defer_connect=True)
        port = connection.getsockname()[1]
        db.connect(sock=connection)
        self.addCleanup(lambda: db.close() if db.open else None)
        return db, f"{address}:{port}"

    def expect_seen_as(self, db, expected):
        wait_for_replicas(self.proxy)
        # A session may stay with one replica until it is known how far the other is.
        answering = set()
        wait_until(10, lambda: answering.add(value(db, "SELECT @@server_id")) or answering == {2, 3}, "both replicas have answered")
        for n in (1, 2, 3):
            self.assertEqual(hosts_of(self.cluster, n), [expected])
        db.close()
        wait_until(10, lambda: not any(hosts_of(self.cluster, n) for n in (1, 2, 3)), "the session is over")

    def test_the_clients_address_is_in_the_process_list(self):
        self.expect_seen_as(*self.log_in_from("127.0.0.7"))

    def test_the_address_of_a_header_before_us_is_passed_on(self):
        db, _ = self.log_in_from("127.0.0.9", b"PROXY TCP4 192.0.2.1 127.0.0.1 12345 3306\r\n")
        self.expect_seen_as(db, "192.0.2.1:12345")

    def test_accounts_are_judged_by_the_clients_address(self):
        self.cluster.sql(1, "DROP USER IF EXISTS from_seven@127.0.0.7", "CREATE USER from_seven@127.0.0.7 IDENTIFIED BY 'seven'")
        self.cluster.caught_up()

        def log_in(address):
            connection = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10, source_address=(address, 0))
            self.addCleanup(connection.close)
            pymysql.connect(host="127.0.0.1", user="from_seven", password="seven", defer_connect=True).connect(sock=connection)
        self.assertEqual(error_of(log_in, "127.0.0.8"), 1045)
        self.assertEqual(error_of(log_in, "127.0.0.7"), 0)
