"""Making, changing and dropping tables, views and temporary tables."""
from model import end_of_transaction

ITEMS = ("(id INT AUTO_INCREMENT PRIMARY KEY, n INT, name VARCHAR(12) CHARACTER SET utf8mb4, amount DECIMAL(8,2) DEFAULT 1.50,"
         " day DATE, note TEXT, UNIQUE KEY by_n (n))")
PLAIN = "(id INT PRIMARY KEY, v VARCHAR(8) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'x', k INT, d DOUBLE, KEY by_k (k))"


def first_tables(s):
    """What each session begins with."""
    items, plain = s.own("items"), s.own("plain")
    return [s.query(f"CREATE TABLE {items} {ITEMS}"), s.query(f"CREATE TABLE {plain} {PLAIN}"),
            s.query(f"INSERT INTO {items} (n, name, day) VALUES (1, 'one', '2024-01-01'), (2, 'two', NULL), (3, NULL, '2024-02-29')"),
            s.query(f"INSERT INTO {plain} VALUES (1, 'a', 1, 0.5), (2, 'b', NULL, 1e10), (3, 'c', 1, NULL)")]


def shared_tables(s):
    return [s.query(f"CREATE TABLE weir_fuzz.common {ITEMS}"),
            s.query("INSERT INTO weir_fuzz.common (n, name) VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four')")]


def change_table(s):
    plain, items = s.own("plain"), s.own("items")
    end_of_transaction(s)
    column = s.r.choice(["c1", "c2"])
    return [s.query(s.r.choice([
        f"ALTER TABLE {plain} ADD COLUMN {column} INT DEFAULT 4",
        f"ALTER TABLE {plain} DROP COLUMN {column}",
        f"ALTER TABLE {items} MODIFY name VARCHAR({s.r.choice([3, 12, 20])})",
        f"ALTER TABLE {items} COMMENT = 'changed'",
        f"ALTER TABLE {plain} MODIFY v VARCHAR(8) NOT NULL DEFAULT 'y'",
        f"CREATE INDEX by_v ON {plain} (v)",
        f"DROP INDEX by_v ON {plain}",
        f"TRUNCATE TABLE {s.r.choice([plain, items])}",
        f"RENAME TABLE {plain} TO {plain}_2, {plain}_2 TO {plain}",
    ]))]


def make_table(s):
    end_of_transaction(s)
    made = s.own(s.r.choice(["extra", "copy"]))
    return [s.query(s.r.choice([
        f"CREATE TABLE {made} {PLAIN}",
        f"CREATE TABLE IF NOT EXISTS {made} {PLAIN}",
        f"CREATE TABLE {made} LIKE {s.own('items')}",
        f"CREATE TABLE {made} AS SELECT id, v FROM {s.own('plain')} ORDER BY id",
        f"DROP TABLE {made}",
        f"DROP TABLE IF EXISTS {made}, {made}_none",
        f"CREATE TABLE weir_fuzz_b.{made} (id INT PRIMARY KEY)",
        f"INSERT INTO weir_fuzz_b.{made} VALUES ({s.key()})",
        f"SELECT * FROM weir_fuzz_b.{made} ORDER BY id",
    ])), s.query(f"SELECT * FROM {made} ORDER BY id")]


def temporary_table(s):
    """Makes one, which may hide a table of the session, or drops it."""
    name = s.own(s.r.choice(["temporary", "temporary", "items"]))
    if name in s.temporary and s.chance(0.4):
        s.temporary.remove(name)
        return [s.query(s.r.choice([f"DROP TEMPORARY TABLE {name}", f"DROP TEMPORARY TABLE IF EXISTS {name}", f"DROP TABLE {name}"])),
                s.query(f"SELECT COUNT(*) FROM {name}")]
    steps = [s.query(s.r.choice([f"CREATE TEMPORARY TABLE {name} {ITEMS}", f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} {ITEMS}",
                                 f"CREATE TEMPORARY TABLE {name} LIKE weir_fuzz.{s.own('items')}"])),
             s.query(f"INSERT INTO {name} (n, name) VALUES (10, 'ten'), (20, 'twenty')"),
             s.query(f"SELECT id, n, name FROM {name} ORDER BY id")]
    if name not in s.temporary:
        s.temporary.append(name)
    return steps[:s.r.randint(1, 3)]


def view(s):
    end_of_transaction(s)
    made = s.own("view")
    steps = [s.query(s.r.choice([
        f"CREATE OR REPLACE VIEW {made} AS SELECT id, n, name FROM weir_fuzz.{s.own('items')}",
        f"CREATE OR REPLACE VIEW {made} AS SELECT id, v, {s.own('count')}(k) AS c FROM weir_fuzz.{s.own('plain')}",
        f"CREATE VIEW {made} AS SELECT 1 AS id",
        f"DROP VIEW {made}",
    ]))]
    return steps + [s.query(f"SELECT * FROM {made} ORDER BY id")]


def schema(s):
    end_of_transaction(s)
    name = f"weir_fuzz_{s.own('schema')}"
    return [s.query(s.r.choice([f"CREATE DATABASE {name}", f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET latin1"])),
            *[s.query(f"USE {name}")][:s.r.randint(0, 1)],
            s.query("SELECT DATABASE(), @@collation_database"),
            s.query(f"DROP DATABASE {name}"), s.query("SELECT DATABASE()"), s.query("USE weir_fuzz")]


def maintenance(s):
    end_of_transaction(s)
    return [s.query(s.r.choice([f"CHECK TABLE {s.plain()}", f"ANALYZE TABLE {s.plain()}", f"CHECKSUM TABLE {s.plain()}",
                                f"FLUSH TABLES {s.plain()}", "FLUSH STATUS"]))]
