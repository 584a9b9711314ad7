"""`rules:` in the configuration: what happens to which statements, and the examples that --check tries."""
import os
import subprocess
import tempfile
import time

import pymysql

from weir_cluster import binary, error_of, proxy_case, rows, value, wait_until
from who_answered import general_logs

RULES = [
    {"name": "third", "when": {"pattern": "ruled_third"}, "then": {"target": "server=db3"}},
    {"name": "primary", "when": {"pattern": "ruled_primary", "kind": "read"}, "then": {"target": "primary"}},
    {"name": "no_ddl", "when": {"user": "app", "kind": "ddl"}, "then": {"reject": "schemas are not changed here"}},
    {"name": "renamed", "when": {"pattern": r"ruled_old_(\w+)"}, "then": {"rewrite": r"ruled_\1"}},
    {"name": "slowly", "when": {"pattern": "ruled_slowly"}, "then": {"delay": "300ms"}},
    {"name": "rarely", "when": {"pattern": "ruled_rarely"}, "then": {"throttle": "2/s", "throttle_wait": "100ms"}},
    {"name": "plain", "when": {"normalized_pattern": r"@ruled_normal = \?$"},
     "then": {"reject": "not in this form"}},
    {"name": "briefly", "when": {"pattern": "ruled_briefly"}, "then": {"timeout": "300ms"}},
    {"name": "elsewhere", "when": {"client": "203.0.113.0/24"}, "then": {"reject": "nobody is there"}},
]


class ruled_statements(proxy_case):
    """What rules do to statements on their way."""
    settings = {"rules": RULES, "routing": {"primary_reads": "when-no-replica"}}

    @classmethod
    def prepare_servers(cls):
        db = cls.cluster.connect(1, database="test")
        for table in ("ruled_third", "ruled_primary", "ruled_any"):
            for statement in (f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} (id INT, server INT)",
                              f"INSERT INTO {table} VALUES (1, 0)"):
                db.cursor().execute(statement)
        db.close()

    def servers_of(self, table):
        db = self.connect()
        return {value(db, f"SELECT @@server_id FROM {table} LIMIT 1") for _ in range(12)}

    def test_reads_go_where_a_rule_says(self):
        self.assertEqual(self.servers_of("ruled_third"), {3})
        self.assertEqual(self.servers_of("ruled_primary"), {1})
        wait_until(10, lambda: self.servers_of("ruled_any") == {2, 3}, "both replicas answer")

    def test_a_write_goes_to_the_primary_whatever_a_rule_says(self):
        db = self.connect()
        rows(db, "INSERT INTO ruled_third SELECT 2, @@server_id")
        self.assertEqual(value(db, "SELECT server FROM ruled_third WHERE id = 2 FOR UPDATE"), 1)

    def test_a_transaction_stays_where_it_is(self):
        db = self.connect()
        rows(db, "BEGIN")
        self.assertEqual(value(db, "SELECT @@server_id FROM ruled_third LIMIT 1"), 1)
        rows(db, "COMMIT")

    def test_what_is_rejected_has_its_message_and_the_session_goes_on(self):
        db = self.connect()
        with self.assertRaises(pymysql.err.MySQLError) as caught:
            rows(db, "DROP TABLE ruled_any")
        self.assertEqual(caught.exception.args, (1105, "schemas are not changed here"))
        self.assertEqual(value(db, "SELECT COUNT(*) FROM ruled_any"), 1)

    def test_a_rule_for_one_user_is_not_for_another(self):
        self.cluster.make_account("ruled_keeper", "ruled_keeper")
        db = wait_until(10, self.log_in_as_keeper, "the proxy knows the account")
        self.addCleanup(db.close)
        rows(db, "CREATE OR REPLACE VIEW ruled_view AS SELECT 1 AS one")
        self.assertEqual(error_of(rows, self.connect(), "DROP VIEW ruled_view"), 1105)
        rows(db, "DROP VIEW ruled_view")

    def log_in_as_keeper(self):
        try:
            return self.proxy.connect("ruled_keeper", "ruled_keeper")
        except pymysql.err.MySQLError:
            return None

    def test_a_text_is_rewritten(self):
        db = self.connect()
        self.assertEqual(value(db, "SELECT COUNT(*) FROM ruled_old_any"), 1)
        self.assertEqual(error_of(rows, db, "SELECT COUNT(*) FROM ruled_older_any"), 1146)

    def test_a_delayed_statement_takes_its_time(self):
        db = self.connect()
        began = time.monotonic()
        rows(db, "SELECT 'ruled_slowly'")
        self.assertGreaterEqual(time.monotonic() - began, 0.3)

    def test_a_throttle_counts_for_all_sessions_and_refuses_what_would_wait_too_long(self):
        sessions = [self.connect() for _ in range(4)]
        began = time.monotonic()
        codes = [error_of(rows, db, "SELECT 'ruled_rarely'") for db in sessions]
        self.assertEqual(codes[:2], [0, 0])
        self.assertIn(1226, codes)
        wait_until(10, lambda: error_of(rows, sessions[0], "SELECT 'ruled_rarely'") == 0, "a turn is free again")
        self.assertGreaterEqual(time.monotonic() - began, 0.5)    # the third turn at two a second

    def test_a_session_that_ends_while_it_is_held_back_leaves_nothing_behind(self):
        self.take_rules(RULES + [{"name": "long", "when": {"pattern": "ruled_for_long"}, "then": {"delay": "5s"}}])
        self.addCleanup(self.take_rules, RULES)
        wait_until(10, lambda: self.proxy.metric("weir_sessions") == 0, "nobody is there")
        db = self.proxy.connect()
        db._execute_command(pymysql.constants.COMMAND.COM_QUERY, "SELECT 'ruled_for_long'")    # pylint: disable=protected-access
        db._force_close()    # pylint: disable=protected-access
        wait_until(20, lambda: self.proxy.metric("weir_sessions") == 0, "the session is gone")

    def test_a_form_of_statements_is_told_by_its_normalised_text(self):
        db = self.connect()
        for text in ("SELECT 1 FROM ruled_any WHERE 'ruled_normal' = 5", "SELECT @ruled_normal /* x */ =  'y'"):
            expected = 1105 if "@" in text else 0
            self.assertEqual(error_of(rows, db, text), expected, text)

    def test_a_form_of_statements_is_told_by_its_digest(self):
        db = self.connect()
        digest = rows(db, "EXPLAIN ROUTE SELECT server FROM ruled_any WHERE id = 7")[0][5]
        self.addCleanup(self.take_rules, RULES)
        self.take_rules([{"name": "known", "when": {"digest": digest}, "then": {"reject": "known"}}])
        self.assertEqual(error_of(rows, db, "select  server FROM ruled_any WHERE id = 8 -- as before"), 1105)
        self.assertEqual(error_of(rows, db, "SELECT server FROM ruled_any WHERE server = 8"), 0)

    def hits(self, name, rule):
        for line in self.proxy.metrics().splitlines():
            if line.startswith(f'{name}{{rule="{rule}"}} '):
                return int(line.split()[-1])
        return None

    def test_hits_are_counted_by_rule_and_explaining_is_none(self):
        db = self.connect()
        before = self.hits("weir_rule_hits_total", "primary")
        rows(db, "EXPLAIN ROUTE SELECT * FROM ruled_primary")
        rows(db, "SELECT * FROM ruled_primary")
        rows(db, "SELECT * FROM ruled_any")
        self.assertEqual(self.hits("weir_rule_hits_total", "primary"), before + 1)

    def test_a_statement_that_takes_too_long_is_killed_on_its_server(self):
        holder, db = self.connect(), self.connect()
        rows(holder, "BEGIN")
        rows(holder, "UPDATE ruled_any SET server = server")
        before = self.hits("weir_rule_timeouts_total", "briefly")
        began = time.monotonic()
        self.assertEqual(error_of(rows, db, "UPDATE ruled_any SET server = 9 /* ruled_briefly */"), 1317)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)
        self.assertEqual(self.hits("weir_rule_timeouts_total", "briefly"), before + 1)
        rows(holder, "ROLLBACK")
        self.assertEqual(error_of(rows, db, "UPDATE ruled_any SET server = 0 /* ruled_briefly */"), 0, "the session goes on")

    def test_a_read_that_takes_too_long_is_killed_on_its_replica(self):
        db = self.connect()
        began = time.monotonic()
        ended = error_of(rows, db, "SELECT SLEEP(30) FROM ruled_any WHERE 'ruled_briefly' = 'ruled_briefly'")
        self.assertIn(ended, (0, 1317))    # MySQL ends the sleep, not the statement
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(value(db, "SELECT COUNT(*) FROM ruled_any"), 1)

    def test_a_transaction_outlives_a_statement_that_was_killed(self):
        holder, db = self.connect(), self.connect()
        rows(holder, "BEGIN")
        rows(holder, "UPDATE ruled_any SET server = server")
        rows(db, "BEGIN")
        rows(db, "INSERT INTO ruled_third VALUES (77, 0)")
        self.assertEqual(error_of(rows, db, "UPDATE ruled_any SET server = 9 /* ruled_briefly */"), 1317)
        self.assertEqual(value(db, "SELECT COUNT(*) FROM ruled_third WHERE id = 77"), 1)
        rows(db, "ROLLBACK")
        rows(holder, "ROLLBACK")

    def test_a_reload_changes_rules_for_sessions_that_are_there(self):
        db = self.connect()
        self.addCleanup(self.take_rules, RULES)
        self.take_rules([{"name": "none", "when": {"pattern": "ruled_any"}, "then": {"reject": "away"}}])
        self.assertEqual(error_of(rows, db, "SELECT * FROM ruled_any"), 1105)
        self.assertEqual(error_of(rows, db, "SELECT * FROM ruled_old_third"), 1146)

        self.take_rules([{"name": "none", "when": {"pattern": "ruled(any"}}])
        self.assertIn("rules[0].when.pattern: is not an RE2 pattern", self.proxy.log())
        self.assertEqual(error_of(rows, db, "SELECT * FROM ruled_any"), 1105)

    def take_rules(self, rules):
        self.proxy.configure({"rules": rules})
        self.proxy.reload()


class mirrored_reads(proxy_case):
    """Reads that a second server gets too, and whose answers are compared; the client does not notice."""
    settings = {"routing": {"primary_reads": "when-no-replica"}, "rules": [
        {"name": "seconded", "when": {"pattern": "seconded"},
         "then": {"target": "server=db2", "mirror": {"server": "db3", "compare": True}}}]}

    @classmethod
    def prepare_servers(cls):
        cls.cluster.sql(1, "DROP TABLE IF EXISTS test.seconded", "CREATE TABLE test.seconded (id INT, name VARCHAR(20))",
                        "INSERT INTO test.seconded VALUES (1, 'one'), (2, 'two')")
        cls.logs = general_logs(cls.cluster)
        cls.addClassCleanup(cls.logs.close)

    def counts(self):
        return {name: int(self.proxy.metric(f"weir_{name}_total"))
                for name in ("mirrored", "mirror_compared", "mirror_different", "mirror_dropped", "mirror_failed")}

    def mirrored(self, more, work):
        """What `work` adds to the counts, once so many more reads have been mirrored."""
        before = self.counts()
        work()
        wait_until(10, lambda: self.counts()["mirrored"] >= before["mirrored"] + more, "the second server has answered")
        after = self.counts()
        return {name: after[name] - before[name] for name in after if after[name] != before[name]}

    def test_run_on_both_servers_with_the_sessions_state(self):
        db = self.connect()
        rows(db, "SET sql_mode = 'ANSI_QUOTES'")
        added = self.mirrored(1, lambda: self.assertEqual(
            value(db, 'SELECT COUNT(*) AS "n" FROM "seconded" /* second_a */'), 2))
        self.assertEqual(added, {"mirrored": 1, "mirror_compared": 1})
        self.assertEqual(self.logs.servers_of("second_a"), {2, 3})

    def test_that_differ_are_counted(self):
        db = self.connect()
        added = self.mirrored(1, lambda: self.assertEqual(value(db, "SELECT @@server_id FROM seconded LIMIT 1"), 2))
        self.assertEqual(added, {"mirrored": 1, "mirror_compared": 1, "mirror_different": 1})

    def test_that_end_with_an_error_are_compared_too(self):
        db = self.connect()
        added = self.mirrored(1, lambda: self.assertEqual(error_of(rows, db, "SELECT 'seconded' FROM seconded HAVING sum"), 1054))
        self.assertEqual(added.get("mirrored"), 1)

    def test_are_many_at_once(self):
        sessions = [self.connect() for _ in range(4)]
        added = self.mirrored(100, lambda: [rows(db, "SELECT * FROM seconded") for _ in range(25) for db in sessions])
        self.assertEqual(added, {"mirrored": 100, "mirror_compared": 100})

    def test_are_no_writes_and_not_of_transactions(self):
        db = self.connect()
        rows(db, "UPDATE seconded SET name = name /* second_b */")
        rows(db, "SELECT * FROM seconded FOR UPDATE /* second_c */")
        rows(db, "BEGIN")
        rows(db, "SELECT * FROM seconded /* second_d */")
        rows(db, "COMMIT")
        self.mirrored(1, lambda: rows(db, "SELECT * FROM seconded /* second_e */"))
        for mark in ("second_b", "second_c", "second_d"):
            self.assertEqual(self.logs.servers_of(mark), {1}, mark)

    def test_wait_for_nobody_when_the_second_server_is_away(self):
        db = self.connect()
        before = self.counts()["mirror_failed"]
        self.cluster.control("stop_server", 3)
        self.addCleanup(self.bring_back)
        for _ in range(3):
            self.assertEqual(value(db, "SELECT COUNT(*) FROM seconded"), 2)
        wait_until(20, lambda: self.counts()["mirror_failed"] > before, "it is counted")

    def bring_back(self):
        self.cluster.control("start_server", 3)
        wait_until(60, lambda: self.proxy.up_servers() == {"db1", "db2", "db3"}, "the server is back")


class checked_rules(proxy_case):
    """weir-proxy --check"""

    def check(self, rules):
        """(exit code, standard error) for a configuration with these lines of rules, the first of which is line 4."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
            file.write("proxy: {listen: 127.0.0.1:1}\nservers: [{name: db1, address: '127.0.0.1:2'}]\n"
                       "monitor: {user: m, password: p}\n" + rules)
        self.addCleanup(os.remove, file.name)
        ran = subprocess.run([binary(), "--check", file.name], capture_output=True, text=True, check=False, timeout=10)
        return ran.returncode, ran.stderr.replace(file.name, "FILE")

    def test_true_examples_are_accepted(self):
        self.assertEqual(self.check(
            "rules:\n"
            "  - name: renamed\n"
            "    when: {pattern: 'FROM old'}\n"
            "    then: {rewrite: FROM new, target: replica}\n"
            "    examples:\n"
            "      - {sql: SELECT 1 FROM old, becomes: SELECT 1 FROM new, goes_to: replica}\n"
            "      - {sql: DELETE FROM older WHERE a = 1, goes_to: primary}\n"
            "      - {sql: SELECT 1 FROM new, matches: false}\n"), (0, ""))

    def test_each_example_that_is_not_true_is_named_with_its_line(self):
        code, errors = self.check(
            "rules:\n"
            "  - {name: first, when: {user: app}}\n"
            "  - name: second\n"
            "    when: {kind: read}\n"
            "    then: {target: replica}\n"
            "    examples:\n"
            "      - {sql: SELECT 1}\n"
            "      - {sql: SELECT 1, user: app}\n"
            "      - {sql: SELECT 1 FOR UPDATE}\n"
            "      - {sql: SELECT 1, goes_to: primary}\n")
        self.assertEqual(code, 2)
        self.assertEqual(errors.splitlines(), [
            "FILE:11:9: rules[1].examples[1].matches: is not true for MySQL: the rule first before it takes it",
            "FILE:12:9: rules[1].examples[2].matches: is not true for MySQL: the rule does not apply to it; its kind: write",
            "FILE:13:34: rules[1].examples[3].goes_to: is not true for MySQL: it goes to a replica",
            "weir-proxy: 3 error(s) in the configuration"])

    def test_a_pattern_that_is_none_is_named_with_its_place(self):
        code, errors = self.check("rules:\n  - {name: r, when: {pattern: 'a(*b)'}}\n")
        self.assertEqual(code, 2)
        self.assertIn("FILE:5:31: rules[0].when.pattern: is not an RE2 pattern from its byte 3 on", errors)
