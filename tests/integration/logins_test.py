"""Logins over connections that are there: whose they were before must not be seen, and the server has the last word."""
import threading

from weir_cluster import error_of, proxy_case, rows, value

ACCOUNTS = ("login_native", "login_other", "login_empty")


class logins_over_few_connections(proxy_case):
    """One worker, one connection to the primary: each login is a change of user on it."""

    @classmethod
    def prepare_servers(cls):
        native = "mysql_native_password" if cls.flavour == "mariadb" else "caching_sha2_password"
        for name in ACCOUNTS:
            cls.cluster.make_account(name, "" if name == "login_empty" else "word", native)
            cls.addClassCleanup(cls.cluster.sql, 1, f"DROP USER `{name}`@'%'")

    @classmethod
    def proxy_settings(cls):
        return {"proxy": {"workers": 1}, "limits": {"backends_per_server": 1}, "routing": {"primary_reads": "always"}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Passwords that the proxy knows, as after any first login.
        for name in ACCOUNTS:
            cls.log_in(name).close()

    @classmethod
    def log_in(cls, name, **options):
        return cls.proxy.connect(name, "" if name == "login_empty" else "word", **options)

    def open(self, name, **options):
        db = self.log_in(name, **options)
        self.addCleanup(lambda: db.close() if db.open else None)
        return db

    def primary_connects(self):
        return self.proxy.metric("weir_backend_connects_total")

    def test_accounts_take_turns_on_one_connection(self):
        before = self.primary_connects()
        for _ in range(3):
            for name in ACCOUNTS:
                db = self.open(name)
                self.assertEqual(value(db, "SELECT CURRENT_USER() FOR UPDATE"), f"{name}@%")
                self.assertEqual(value(db, "SELECT DATABASE() FOR UPDATE"), "test")
        self.assertEqual(self.primary_connects(), before)
        self.assertLessEqual(self.proxy.metric('weir_backend_connections{server="db1"}'), 1)

    def test_sessions_of_several_accounts_live_side_by_side(self):
        sessions = {name: self.open(name) for name in ACCOUNTS}
        before = self.primary_connects()
        for turn in range(3):
            for name, db in sessions.items():
                rows(db, f"SET @turn={turn}, SESSION sort_buffer_size={65536 * (turn + 1)}")
            for name, db in sessions.items():
                self.assertEqual(rows(db, "SELECT CURRENT_USER(), @turn, @@sort_buffer_size FOR UPDATE"),
                                 ((f"{name}@%", turn, 65536 * (turn + 1)),))
        self.assertEqual(self.primary_connects(), before)

    def test_nothing_of_the_former_session_is_left(self):
        former = self.open("login_native")
        rows(former, "SET @left=1, SESSION sql_mode='', SESSION time_zone='+03:00', SESSION autocommit=0")
        rows(former, "SELECT 1 FOR UPDATE")
        former.close()
        db = self.open("login_native", charset="latin1")
        self.assertEqual(value(db, "SELECT @left FOR UPDATE"), None)
        self.assertEqual(value(db, "SELECT @@time_zone FOR UPDATE"), "SYSTEM")
        self.assertNotEqual(value(db, "SELECT @@sql_mode FOR UPDATE"), "")
        self.assertEqual(value(db, "SELECT @@autocommit FOR UPDATE"), 1)
        self.assertEqual(value(db, "SELECT @@character_set_client FOR UPDATE"), "latin1")

    def test_what_a_login_interrupts_is_there_afterwards(self):
        db = self.open("login_native")
        rows(db, "CREATE TABLE IF NOT EXISTS test.logins_made (id INT AUTO_INCREMENT PRIMARY KEY, a INT)")
        self.addCleanup(self.cluster.sql, 1, "DROP TABLE IF EXISTS test.logins_made")
        rows(db, "SET @mine='kept', SESSION time_zone='+05:00'")
        rows(db, "INSERT INTO test.logins_made (a) VALUES (1), (2)")
        rows(db, "SELECT CAST('x' AS SIGNED) FOR UPDATE")
        self.open("login_other").close()
        self.assertEqual(rows(db, "SHOW WARNINGS")[0][1], 1292)
        self.assertEqual(rows(db, "SELECT LAST_INSERT_ID(), @mine, @@time_zone FOR UPDATE"), ((1, "kept", "+05:00"),))

    def test_the_server_has_the_last_word(self):
        self.assertEqual(error_of(self.proxy.connect, "login_native", "wrong"), 1045)
        self.assertEqual(error_of(self.proxy.connect, "nobody_at_all", "word"), 1045)
        self.assertEqual(error_of(self.log_in, "login_native", database="no_such_schema"),
                         1044)
        self.cluster.sql(1, "ALTER USER `login_other`@'%' ACCOUNT LOCK")
        self.addCleanup(self.cluster.sql, 1, "ALTER USER `login_other`@'%' ACCOUNT UNLOCK")
        self.assertEqual(error_of(self.log_in, "login_other"), 4151 if self.flavour == "mariadb" else 3118)
        self.assertEqual(value(self.open("login_native"), "SELECT 1 FOR UPDATE"), 1)

    def test_a_new_session_sees_new_global_values(self):
        before = value(self.open("login_native"), "SELECT @@max_length_for_sort_data FOR UPDATE")
        self.cluster.sql(1, f"SET GLOBAL max_length_for_sort_data={before + 8}")
        self.addCleanup(self.cluster.sql, 1, f"SET GLOBAL max_length_for_sort_data={before}")
        self.assertEqual(value(self.open("login_native"), "SELECT @@max_length_for_sort_data FOR UPDATE"), before + 8)


class a_storm_of_logins(proxy_case):
    """Many clients log in at once while one works."""

    settings = {"proxy": {"workers": 1}, "limits": {"backends_per_server": 4}}
    THREADS, ROUNDS = 24, 20

    def test_stays_within_the_limit_and_lets_those_inside_work(self):
        working = self.connect()
        rows(working, "SELECT 1 FOR UPDATE")
        failures, most, ended = [], [], threading.Event()

        def storm():
            for _ in range(self.ROUNDS):
                number = error_of(lambda: self.proxy.connect().close())
                if number:
                    failures.append(number)

        def watch():
            while not ended.is_set():
                most.append(self.proxy.metric('weir_backend_connections{server="db1"}'))
                ended.wait(0.05)

        before = self.proxy.metric("weir_logins_total")
        threads = [threading.Thread(target=storm) for _ in range(self.THREADS)]
        watcher = threading.Thread(target=watch)
        for thread in [*threads, watcher]:
            thread.start()
        statements = 0
        while any(thread.is_alive() for thread in threads):
            self.assertEqual(value(working, "SELECT 1 FOR UPDATE"), 1)
            statements += 1
        ended.set()
        for thread in [*threads, watcher]:
            thread.join()
        self.assertEqual(failures, [])
        self.assertLessEqual(max(most), 4)
        self.assertGreater(statements, 0)
        self.assertEqual(self.proxy.metric("weir_logins_total") - before, self.THREADS * self.ROUNDS)
