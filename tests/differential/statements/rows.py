"""Reading and changing rows."""


def read_text(s):
    """A SELECT with one right answer."""
    items, plain = s.items(), s.plain()
    return s.r.choice([
        f"SELECT * FROM {items} ORDER BY id",
        f"SELECT id, n, name FROM {items} ORDER BY id LIMIT {s.r.randint(0, 3)}",
        f"SELECT * FROM {items} WHERE id = {s.key()}",
        f"SELECT COUNT(*), SUM(n), MAX(name), MIN(day) FROM {items}",
        f"SELECT id, v, d FROM {plain} ORDER BY id DESC",
        f"SELECT p.id, i.name FROM {plain} p FORCE INDEX (PRIMARY) LEFT JOIN {items} i ON i.id = p.id ORDER BY p.id",
        f"SELECT k, COUNT(*) AS c FROM {plain} GROUP BY k ORDER BY k",
        f"(SELECT id FROM {plain}) UNION ALL (SELECT n FROM {items} WHERE n IS NOT NULL) ORDER BY 1",
        f"WITH w AS (SELECT id, n FROM {items} WHERE n > 1) SELECT COUNT(*), MAX(n) FROM w",
        f"SELECT EXISTS (SELECT 1 FROM {items} WHERE n = {s.number_literal()}) AS found",
        f"SELECT name + 1, n / 0, LEFT(note, 3) FROM {items} ORDER BY id",
        f"SELECT GROUP_CONCAT(v ORDER BY id) FROM {plain}",
        f"SELECT id, DATE_FORMAT(day, '%W %M') FROM {items} ORDER BY id",
        f"SELECT 1 FROM {plain} WHERE v = {s.number_literal()} ORDER BY id",
    ])


def read(s):
    prefix = s.pick([(30, ""), (1, "/* weir:primary */ "), (1, "/* weir:replica */ "), (1, "-- a remark\n")])
    return [s.query(prefix + read_text(s))]


def expression(s):
    """A read of no table."""
    return [s.query(s.r.choice([
        "SELECT 1", "SELECT 1 + 1 AS two, 'a' 'b', NULL", "SELECT CAST('12x' AS SIGNED)", "SELECT 1 / 0", "SELECT 7 / 3, 7 DIV 2",
        "SELECT DATABASE(), USER(), CURRENT_USER()", "SELECT 'ä', LENGTH('ä'), CHARSET('ä'), COLLATION('ä')",
        "SELECT \"text\" AS q", "SELECT 'a\\'b'", "SELECT FROM_UNIXTIME(86400), UNIX_TIMESTAMP('2024-01-01 00:00:00')",
        "SELECT UUID() IS NOT NULL, NOW() > '2020-01-01' AS later", "SELECT RAND(3) < 1, CONNECTION_ID() = CONNECTION_ID() AS same",
        "SELECT @@sql_mode", "SELECT @@time_zone, @@autocommit, @@character_set_results", "SELECT @@session.sql_select_limit",
        "DO 1 + 1", "SELECT REPEAT('x', 70000)", "SELECT STR_TO_DATE('nonsense', '%Y')", "VALUES (1, 2)" if s.is_mariadb else "VALUES ROW(1, 2)",
    ]))]


def about_tables(s):
    """What the schema is made of."""
    return [s.query(s.r.choice([
        "SHOW TABLES", f"SHOW TABLES LIKE 's{s.number}%'", f"DESCRIBE {s.plain()}", f"SHOW COLUMNS FROM {s.own('items')}",
        f"SHOW CREATE TABLE {s.plain()}", "SHOW VARIABLES LIKE 'sql_mode'", f"SHOW FULL COLUMNS FROM {s.plain()} LIKE 'v'",
        f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{s.own('items')}' ORDER BY 1, 2",
        f"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'weir_fuzz' AND table_name LIKE 's{s.number}%'",
        "SHOW COLLATION LIKE 'latin1_bin'", f"EXPLAIN SELECT 1 FROM {s.plain()} WHERE id = 1", "SHOW CREATE DATABASE weir_fuzz",
        f"SHOW CREATE VIEW {s.own('view')}", f"SHOW CREATE PROCEDURE {s.own('write')}",
    ] if not s.shared_tables else [
        f"DESCRIBE {s.plain()}", f"SHOW CREATE TABLE {s.plain()}", f"SHOW COLUMNS FROM {s.own('items')}"]))]


def locking_read(s):
    return [s.query(s.r.choice([
        f"SELECT id, n FROM {s.items()} WHERE id = {s.key()} FOR UPDATE",
        f"SELECT id FROM {s.items()} ORDER BY id LOCK IN SHARE MODE",
        f"SELECT id, n FROM {s.items()} ORDER BY id LIMIT 1 FOR UPDATE",
        f"(SELECT id, v FROM {s.plain()} ORDER BY id LIMIT 1 FOR UPDATE)",
    ]))]


def write_text(s):
    items, plain, key = s.items(), s.plain(), s.key()
    texts = [
        f"INSERT INTO {items} (n, name) VALUES ({s.r.randint(1, 40)}, '{s.word()}')",
        f"INSERT INTO {items} (n, name) VALUES ({s.r.randint(1, 40)}, '{s.word()}'), (NULL, 'second'), (NULL, 'third')",
        f"INSERT IGNORE INTO {items} (n, name) VALUES (1, 'again'), (NULL, 'new')",
        f"INSERT INTO {items} (n) VALUES ({key}) ON DUPLICATE KEY UPDATE name = 'met', amount = amount + 1",
        f"INSERT INTO {items} (id, n) VALUES (LAST_INSERT_ID() + 20, NULL)",
        f"INSERT INTO {items} (name) SELECT v FROM {plain} ORDER BY id",
        f"REPLACE INTO {plain} (id, v) VALUES ({key}, 'r')",
        f"INSERT INTO {plain} (id, k) VALUES ({key}, {s.number_literal()})",
        f"UPDATE {items} SET amount = amount + 1 WHERE id <= {key}",
        f"UPDATE {items} SET name = 'changed' WHERE id = {key}",
        f"UPDATE {items} SET n = LAST_INSERT_ID({key} + 50) WHERE id = {key}",
        f"UPDATE {plain} SET k = k WHERE id < 3",
        f"UPDATE {plain} p JOIN {plain} q ON p.id = q.id SET p.k = q.id",
        f"DELETE FROM {items} WHERE id = {key}",
        f"DELETE FROM {plain} ORDER BY id LIMIT 1",
        f"INSERT INTO {items} SET n = NULL, note = REPEAT('n', {s.r.choice([10, 300, 70000])})",
    ]
    if s.is_mariadb:
        texts += [f"INSERT INTO {items} (n) VALUES (NULL), (NULL) RETURNING id, n", f"DELETE FROM {plain} WHERE id = {key} RETURNING id, v"]
    return s.r.choice(texts)


def write(s):
    return [s.query(write_text(s))]


def write_and_read(s):
    """A session sees what it wrote."""
    return write(s) + read(s)


def several(s):
    """A multi-statement; without the capability a syntax error."""
    count = s.r.randint(2, 3)
    texts = [s.pick([(3, read_text), (3, write_text), (1, lambda _: "SELECT @@warning_count"), (1, lambda _: "SET @m = 5"),
                     (1, lambda _: "SELECT * FROM nowhere"), (1, lambda _: "SELECT LAST_INSERT_ID(), ROW_COUNT()")])(s)
             for _ in range(count)]
    return [s.query("; ".join(texts) + s.r.choice(["", ";"]))]
