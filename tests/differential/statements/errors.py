"""Statements that fail or warn."""


def fail(s):
    items, plain = s.own("items"), s.own("plain")
    return [s.query(s.r.choice([
        f"INSERT INTO {items} (id, n) VALUES (1, NULL)", f"INSERT INTO {items} (n) VALUES (1)", "SELECT * FROM nowhere", "SELECT nothing FROM nowhere",
        f"SELECT nothing FROM {items}", "SELEC 1", "SELECT 'open", "SELECT 1 FROM", "INSERT INTO nowhere VALUES (1)", "DROP TABLE nowhere",
        "SELECT no_such_function(1)", "CALL no_such_procedure()", "USE nowhere", f"INSERT INTO {items} (name) VALUES ('much too long for a name')",
        f"INSERT INTO {items} (n) VALUES ('abc')", f"INSERT INTO {items} (n) VALUES (99999999999)", f"INSERT INTO {plain} (id, v) VALUES (50, NULL)",
        f"UPDATE {items} SET day = '2024-02-31' WHERE id = 1", f"UPDATE {plain} SET v = 'far too long' WHERE id < 3",
        f"CREATE TABLE {items} (id INT)", "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'signalled'", "SIGNAL SQLSTATE '01000'",
        f"INSERT INTO {plain} VALUES (60)", "SELECT (SELECT 1 UNION SELECT 2)", f"SELECT id FROM {items} GROUP BY name ORDER BY 5",
        "", ";", "-- nothing", "SELECT 1 AS `", f"SELECT * FROM {items}, {items}", "SET @x = (SELECT 1, 2)", "XA COMMIT 'unknown'",
        "ROLLBACK TO SAVEPOINT unknown", "EXECUTE unknown", "DEALLOCATE PREPARE unknown", "SELECT RELEASE_LOCK('unknown')", "KILL 0",
        "SELECT * FROM mysql.nowhere", f"INSERT INTO {items} (n, name) SELECT 5, 'x' UNION ALL SELECT 1, 'duplicate'",
        "SELECT EXTRACTVALUE('<a>', '/b/'), 1", "SELECT 18446744073709551615 + 1", f"DELETE FROM {items} WHERE CAST('1x' AS SIGNED) = 5",
    ]))]


def warn(s):
    items, plain = s.own("items"), s.own("plain")
    return [s.query(s.r.choice([
        "SELECT CAST('12x' AS SIGNED)", "SELECT CAST('a' AS SIGNED), CAST('b' AS SIGNED), CAST('c' AS SIGNED)", "DROP TABLE IF EXISTS nowhere, neither",
        f"INSERT IGNORE INTO {items} (n, name) VALUES (1, 'x'), ('abc', 'much too long for a name')", f"CREATE TABLE IF NOT EXISTS {items} (id INT)",
        f"UPDATE IGNORE {plain} SET v = 'far too long' WHERE id < 3", f"SELECT v + 0 FROM {plain} ORDER BY id", "SELECT DATE('nonsense')",
        "SELECT 1 / 0", f"INSERT IGNORE INTO {plain} (id, v) VALUES (1, 'x'), (2, 'y'), (70, NULL)", "SELECT INET_ATON('x'), CONVERT('ä' USING ascii)",
    ]))]
