"""What an operator does: checks a configuration, reloads it, drains the proxy, and looks at its metrics and its log."""
import json
import os
import signal
import struct
import subprocess
import tempfile
import threading
import time

import binary_protocol
from weir_cluster import binary, error_of, proxy, proxy_case, rows, value, wait_until


class checking(proxy_case):
    """weir-proxy --check"""

    def check(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
            file.write(text)
        self.addCleanup(os.remove, file.name)
        return subprocess.run([binary(), "--check", file.name], capture_output=True, text=True, check=False, timeout=10)

    def test_a_right_configuration_is_accepted_and_nothing_starts(self):
        ran = subprocess.run([binary(), "--check", self.proxy.file], capture_output=True, text=True, check=False, timeout=10)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_every_error_is_named_with_its_line(self):
        ran = self.check("proxy:\n  listen: 127.0.0.1\n  worker: 2\nservers:\n  - {name: db1, address: '127.0.0.1:1'}\n"
                         "monitor: {user: m, password: hidden, interval: 5}\n")
        self.assertEqual(ran.returncode, 2)
        for part in (":2:", "listen", ":3:", "worker", ":6:", "interval"):
            self.assertIn(part, ran.stderr)
        self.assertNotIn("hidden", ran.stderr)


class reloading(proxy_case):
    """SIGHUP"""

    def test_a_reload_keeps_sessions_and_takes_new_settings(self):
        db = self.connect()
        rows(db, "BEGIN")
        rows(db, "SET @x = 1")
        self.proxy.configure({"limits": {"clients_per_user": 1}})
        self.proxy.process.send_signal(signal.SIGHUP)

        def is_limited():
            return error_of(lambda: self.proxy.connect().close()) == 1203
        wait_until(10, is_limited, "the new limit holds")
        self.assertEqual(value(db, "SELECT @x"), 1)
        rows(db, "COMMIT")
        self.proxy.configure({"limits": {"clients_per_user": 0}})
        self.proxy.process.send_signal(signal.SIGHUP)
        wait_until(10, lambda: not is_limited(), "the limit is lifted")

    def test_a_server_that_is_taken_out_gets_no_more_reads(self):
        everyone = self.proxy.settings["servers"]
        db = self.connect()
        self.proxy.configure({"servers": everyone[:2]})
        self.proxy.process.send_signal(signal.SIGHUP)
        self.addCleanup(self.put_back, everyone)
        wait_until(10, lambda: 'server="db3"' not in self.proxy.metrics(), "db3 is gone from the metrics")
        seen = {value(db, "SELECT @@server_id FROM information_schema.tables LIMIT 1") for _ in range(20)}
        self.assertNotIn(3, seen)

    def put_back(self, everyone):
        self.proxy.configure({"servers": everyone})
        self.proxy.process.send_signal(signal.SIGHUP)
        wait_until(10, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "all servers are back")

    def test_a_wrong_configuration_changes_nothing(self):
        db = self.connect()
        with open(self.proxy.file, "w", encoding="utf-8") as file:
            file.write("proxy: [")
        self.addCleanup(self.proxy.configure, {})
        self.proxy.process.send_signal(signal.SIGHUP)
        wait_until(10, lambda: "not reloaded" in self.proxy.log(), "the refusal is in the log")
        self.assertEqual(value(db, "SELECT 1"), 1)
        self.assertEqual(value(self.connect(), "SELECT 1"), 1)

    def test_what_needs_a_restart_is_named(self):
        self.proxy.configure({"proxy": {"workers": 1}})
        self.addCleanup(self.proxy.configure, {"proxy": {"workers": 2}})
        for time_named in (1, 2):
            self.proxy.reload()
            self.assertEqual(self.proxy.log().count("proxy.workers"), time_named, "each reload names it")


class draining(proxy_case):
    """SIGTERM. Each case has a proxy of its own."""

    def one_proxy(self, **settings):
        made = proxy(self.cluster, settings)
        self.addCleanup(made.remove)
        return made.launch()

    def test_a_running_statement_and_a_transaction_may_end(self):
        ending = self.one_proxy(proxy={"drain_timeout": "20s"})
        busy, transaction, idle = (ending.connect() for _ in range(3))
        rows(transaction, "BEGIN")
        found = []
        thread = threading.Thread(target=lambda: found.append(value(busy, "SELECT SLEEP(1.5)")))
        thread.start()
        wait_until(5, lambda: any("SLEEP(1.5)" in str(row) for n in (1, 2, 3) for row in self.cluster.sql(n, "SHOW PROCESSLIST")),
                   "the statement runs")
        ending.process.send_signal(signal.SIGTERM)
        wait_until(5, lambda: error_of(lambda: ending.connect(connect_timeout=2).close()) != 0, "nobody new is let in")
        self.assertNotEqual(error_of(rows, idle, "SELECT 1"), 0)
        self.assertEqual(value(transaction, "SELECT 7"), 7)
        rows(transaction, "COMMIT")
        thread.join()
        self.assertEqual(found, [0])
        self.assertEqual(ending.process.wait(timeout=10), 0)

    def test_it_ends_when_the_time_is_over(self):
        ending = self.one_proxy(proxy={"drain_timeout": "1s"})
        db = ending.connect()
        rows(db, "BEGIN")
        begun = time.monotonic()
        self.assertEqual(ending.terminate(), 0)
        self.assertLess(time.monotonic() - begun, 6)

    def test_a_second_signal_ends_it_at_once(self):
        ending = self.one_proxy(proxy={"drain_timeout": "1m"})
        db = ending.connect()
        rows(db, "BEGIN")
        ending.process.send_signal(signal.SIGTERM)
        wait_until(5, lambda: error_of(lambda: ending.connect(connect_timeout=2).close()) != 0, "it drains")
        ending.process.send_signal(signal.SIGTERM)
        ending.process.wait(timeout=5)


class metrics(proxy_case):
    """The page for Prometheus, and the answer to a load balancer's question."""

    def counted(self, role):
        page = self.proxy.metrics()
        return sum(int(line.rsplit(" ", 1)[1]) for line in page.splitlines()
                   if line.startswith("weir_statement_seconds_count") and f'role="{role}"' in line and 'command="query"' in line)

    def test_statements_are_counted_by_server_role_and_command(self):
        db = self.connect()
        self.cluster.sql(1, "CREATE TABLE IF NOT EXISTS test.counted (id INT)")
        self.cluster.caught_up()
        wait_until(10, lambda: self.proxy.metrics().count("weir_server_lag_seconds{") == 2, "both replicas are measured")
        before = {role: self.counted(role) for role in ("primary", "replica")}
        for _ in range(10):
            rows(db, "SELECT * FROM counted")
        for _ in range(5):
            rows(db, "DELETE FROM counted")
        # A statement is counted a moment after its answer is sent.
        wait_until(5, lambda: self.counted("primary") - before["primary"] >= 5, "all are counted")
        self.assertEqual(self.counted("replica") - before["replica"], 10)
        self.assertEqual(self.counted("primary") - before["primary"], 5)

    def test_commands_sent_ahead_are_counted_one_by_one(self):
        db = self.connect()
        texts = [f"SELECT {i} FROM DUAL FOR UPDATE".encode() for i in range(10)]
        before = self.counted("primary")
        # pylint: disable=protected-access
        db._sock.sendall(b"".join(struct.pack("<I", len(text) + 1) + b"\x03" + text for text in texts))
        for i in range(10):
            self.assertEqual(binary_protocol.pipelined_answer(db).rows, [b"\x01" + str(i).encode()])
        wait_until(5, lambda: self.counted("primary") - before == 10, "each is counted")

    def test_lag_and_sessions_are_shown(self):
        page = self.proxy.metrics()
        for name in ('weir_server_lag_seconds{server="db2"}', 'weir_server_up{server="db1",role="primary"} 1', "weir_sessions{"):
            self.assertIn(name, page)
        # Sessions of earlier cases end on their own time.
        wait_until(5, lambda: self.proxy.metric("weir_sessions") == 0, "no session is left")
        self.connect()
        wait_until(5, lambda: self.proxy.metric("weir_sessions") == 1, "the session is counted")

    def test_the_health_page_says_whether_there_is_a_primary(self):
        self.assertEqual(self.proxy.get("/healthz")[0], 200)
        self.cluster.control("freeze_server", 1)
        try:
            wait_until(15, lambda: self.proxy.get("/healthz")[0] == 503, "it is said that there is no primary")
        finally:
            self.cluster.control("thaw_server", 1)
        wait_until(15, lambda: self.proxy.get("/healthz")[0] == 200, "it is well again")

    def test_other_pages_are_not_found(self):
        self.assertEqual(self.proxy.get("/nothing")[0], 404)


class digests(proxy_case):
    """The statistics by statement."""

    def of(self, table):
        """{text: row} of the statements about a table of its own, so that cases do not meet."""
        status, body = self.proxy.get("/digests?top=1000000")
        self.assertEqual(status, 200)
        return {row["text"]: row for row in json.loads(body)["digests"] if table in row["text"]}

    def test_statements_are_counted_by_their_form(self):
        self.cluster.sql(1, "CREATE TABLE IF NOT EXISTS test.digested (id INT, name TEXT)")
        self.cluster.caught_up()
        db = self.connect()
        for i in range(3):
            rows(db, f"/* {i} */ insert INTO digested VALUES ({i}, 'a'), (-{i}, NULL)")
        # A read that waits for the write would be the primary's.
        self.cluster.caught_up()
        reader = self.connect()
        for i in range(4):
            rows(reader, f"SELECT * FROM digested WHERE id = {i} OR id = 1")
        self.assertEqual(error_of(lambda: rows(db, "INSERT INTO digested VALUES (5, 6, 7)")), 1136)
        wait_until(5, lambda: sum(row["count"] for row in self.of("digested").values()) == 8, "all are counted")
        found = self.of("digested")
        insert = found["INSERT INTO digested VALUES (...), ..."]
        self.assertEqual((insert["count"], insert["errors"], insert["rows"]), (3, 0, 0))
        self.assertEqual(insert["answered_by"], {"replica": 0, "primary": 3, "pinned": 0, "proxy": 0})
        self.assertEqual((insert["schema"], len(insert["digest"])), ("test", 16))
        select = found["SELECT * FROM digested WHERE id = ? OR id = ?"]
        self.assertEqual((select["count"], select["rows"], select["answered_by"]["replica"]), (4, 7, 4))
        self.assertGreater(select["bytes"], 100)
        self.assertGreaterEqual(select["time_us"], select["p50_us"])
        wrong = found["INSERT INTO digested VALUES (...)"]
        self.assertEqual((wrong["count"], wrong["errors"]), (1, 1))

    def test_prepared_statements_are_counted_where_they_run(self):
        db = self.connect()
        statement = binary_protocol.statement(db, "SELECT 'a', ? AS digest_of_prepared")
        for number in range(2):
            self.assertEqual(len(statement.execute(number).rows), 1)
        text = "SELECT ?, ... AS digest_of_prepared"
        wait_until(5, lambda: self.of("digest_of_prepared").get(text, {}).get("count") == 2, "both are counted")
        self.assertEqual(self.of("digest_of_prepared")[text]["rows"], 2)

    def test_the_cause_of_a_pin_is_named(self):
        db = self.connect()
        rows(db, "SELECT GET_LOCK('digest_of_lock', 1) AS digest_of_lock")
        rows(db, "SELECT 1 AS digest_of_pinned")
        wait_until(5, lambda: self.of("digest_of_pinned"), "it is counted")
        pinned = self.of("digest_of_pinned")["SELECT ? AS digest_of_pinned"]
        self.assertEqual((pinned["answered_by"]["pinned"], pinned["pinned_by"]), (1, "named lock"))

    def test_people_get_a_table(self):
        rows(self.connect(), "SELECT 1 AS digest_of_table")
        wait_until(5, lambda: "SELECT ? AS digest_of_table" in self.proxy.get("/digests?format=text&top=1000000")[1], "it is listed")
        self.assertEqual(self.proxy.get("/digests?order=name")[0], 400)
        self.assertGreater(self.proxy.metric("weir_digests"), 0)


class secrecy(proxy_case):
    """Neither passwords nor statements are in the log, at the most talkative level and after all kinds of failures."""
    secrets = ("secret", "hidden word", "wrong word", "private data")

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("discreet", "hidden word")

    def test_failures_are_logged_without_secrets(self):
        db = self.connect(user="discreet", password="hidden word")
        error_of(rows, db, "SELECT 'private data' FROM nowhere")
        error_of(self.proxy.connect, user="discreet", password="wrong word")
        self.cluster.control("kill_server", 3)
        try:
            for _ in range(4):
                rows(db, "SELECT 'private data'")
        finally:
            self.cluster.control("start_server", 3)
        for secret in self.secrets:
            self.assertNotIn(secret, self.proxy.log())
        with open(f"/proc/{self.proxy.process.pid}/cmdline", "rb") as command:
            self.assertNotIn(b"secret", command.read())


class parting(proxy_case):
    """Connections to servers end with COM_QUIT: no server counts an aborted client."""

    def one_proxy(self, **settings):
        made = proxy(self.cluster, settings)
        self.addCleanup(made.remove)
        return made.launch()

    def aborted(self):
        return sum(int(self.cluster.sql(n, "SHOW GLOBAL STATUS LIKE 'Aborted_clients'")[0][1]) for n in (1, 2, 3))

    def connections(self):
        """Of app, as the servers see it."""
        return sum(row[1] == "app" for n in (1, 2, 3) for row in self.cluster.sql(n, "SHOW PROCESSLIST"))

    def sessions(self, parting_proxy):
        """One with idle connections, one in a transaction."""
        idle, holding = parting_proxy.connect(), parting_proxy.connect()
        for _ in range(4):
            rows(idle, "SELECT 1")
        rows(holding, "BEGIN")
        rows(holding, "SELECT 1")
        return idle, holding

    def expect_quiet_end(self, end):
        """`end()` makes the proxy close what it has."""
        before = self.aborted()
        end()
        wait_until(15, lambda: self.connections() == 0, "no server has a connection left")
        self.assertEqual(self.aborted(), before)

    def test_when_the_client_quits(self):
        soon = {"idle_backend": "100ms"}
        self.expect_quiet_end(lambda: [db.close() for db in self.sessions(self.one_proxy(timeouts=soon))])

    def test_when_the_client_vanishes_between_commands(self):
        def vanish():
            for db in self.sessions(self.one_proxy(timeouts={"idle_backend": "100ms"})):
                db._force_close()    # pylint: disable=protected-access
        self.expect_quiet_end(vanish)

    def test_when_nobody_takes_over_what_the_client_has_left(self):
        def leave():
            parting = self.one_proxy(timeouts={"unclaimed_backend": "100ms"})
            staying, *leaving = [db for _ in range(3) for db in self.sessions(parting)]
            for db in leaving:
                db.close()
            wait_until(10, lambda: self.connections() <= 3, "those of the session that stays are left")
            self.assertEqual(value(staying, "SELECT 7"), 7)
            staying.close()
        self.expect_quiet_end(leave)

    def test_when_a_connection_is_idle_for_long(self):
        def be_idle():
            idle, holding = self.sessions(self.one_proxy(timeouts={"idle_backend": "10ms"}))
            wait_until(10, lambda: self.connections() == 1, "idle connections are closed")
            holding.close()
            idle.close()
        self.expect_quiet_end(be_idle)

    def test_when_it_drains(self):
        def drain():
            ending = self.one_proxy(proxy={"drain_timeout": "100ms"})
            self.sessions(ending)
            self.assertEqual(ending.terminate(), 0)
        self.expect_quiet_end(drain)


# Long: what frees memory writes into its first bytes.
FORGOTTEN = "a word to forget, as long as passwords of programs often are"
WRONG = "a word that is wrong, and just as long as the other one for a program"


class forgetting(proxy_case):
    """Where passwords are in the proxy's memory once sessions are over: docs/security.md has the table."""
    secrets = ("secret", FORGOTTEN, WRONG)

    @classmethod
    def prepare_servers(cls):
        cls.cluster.make_account("forgotten", FORGOTTEN)

    @classmethod
    def proxy_settings(cls):
        return {"tls": {"client": cls.cluster.client_tls()}}

    def copies(self, secret):
        """How often the proxy's writable memory holds it."""
        found = 0
        process = f"/proc/{self.proxy.process.pid}"
        with open(f"{process}/maps", encoding="utf-8") as maps, open(f"{process}/mem", "rb", buffering=0) as memory:
            for line in maps:
                bounds, rights = line.split()[:2]
                if not rights.startswith("rw") or "[v" in line:
                    continue
                begin, end = (int(part, 16) for part in bounds.split("-"))
                memory.seek(begin)
                found += memory.read(end - begin).count(secret.encode())
        return found

    def test_a_password_is_only_where_it_is_needed(self):
        wait_until(10, lambda: self.proxy.metrics().count("weir_server_lag_seconds{") == 2, "both replicas are measured")
        # In the clear inside TLS, encrypted with RSA outside of it, and wrong.
        for options in ({"ssl": {"ca": self.cluster.env["CA_FILE"]}}, {"ssl_disabled": True}):
            def log_in(password, options=options):
                return self.proxy.connect(user="forgotten", password=password, **options)
            for _ in range(3):
                self.assertEqual(error_of(log_in, WRONG), 1045)
                sessions = [log_in(FORGOTTEN) for _ in range(10)]
                for db in sessions:
                    for _ in range(4):
                        rows(db, "SELECT 1")    # connections to replicas are made
                for db in sessions:
                    db.close()
        wait_until(10, lambda: self.proxy.metric("weir_sessions") == 0, "all sessions are over")
        # What caching_sha2_password needs for later logins is kept, once; native accounts show no password at all.
        self.assertEqual(self.copies(FORGOTTEN), 1 if self.flavour == "mysql" else 0)
        self.assertEqual(self.copies(WRONG), 0)
