"""Stored procedures, functions and triggers: those that read and those that write."""
from model import end_of_transaction


def bodies(s):
    """Name without the session's prefix, and the whole CREATE."""
    items, plain = f"weir_fuzz.{s.own('items')}", f"weir_fuzz.{s.own('plain')}"
    return (
        ("count", f"CREATE FUNCTION {s.own('count')}(a INT) RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM {items} WHERE id > a)"),
        ("add", f"CREATE FUNCTION {s.own('add')}(a INT) RETURNS INT MODIFIES SQL DATA BEGIN"
                f" INSERT INTO {items} (name) VALUES (CONCAT('f', a)); RETURN LAST_INSERT_ID(); END"),
        ("read", f"CREATE PROCEDURE {s.own('read')}() BEGIN SELECT id, n FROM {items} ORDER BY id; SELECT COUNT(*) FROM {plain}; END"),
        ("write", f"CREATE PROCEDURE {s.own('write')}(a INT) BEGIN INSERT INTO {items} (name) VALUES ('p'), ('q');"
                  " SELECT LAST_INSERT_ID() > 0, ROW_COUNT(); END"),
        ("out", f"CREATE PROCEDURE {s.own('out')}(OUT a INT) BEGIN SELECT COUNT(*) INTO a FROM {items}; SET @seen = a; END"),
        ("fail", f"CREATE PROCEDURE {s.own('fail')}() BEGIN INSERT INTO {plain} (id) VALUES (91); SELECT 1 AS before_it;"
                 " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'on purpose', MYSQL_ERRNO = 5001; END"),
        ("warn", f"CREATE PROCEDURE {s.own('warn')}() BEGIN SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = 'be warned'; END"),
        ("hide", f"CREATE PROCEDURE {s.own('hide')}() BEGIN CREATE TEMPORARY TABLE IF NOT EXISTS {s.own('hidden')} (id INT PRIMARY KEY);"
                 f" REPLACE INTO {s.own('hidden')} VALUES (1), (2); END"),
        ("mode", f"CREATE PROCEDURE {s.own('mode')}() BEGIN SET time_zone = '+03:00'; SET @mode_set = 1; END"),
        ("open", f"CREATE PROCEDURE {s.own('open')}() BEGIN START TRANSACTION; INSERT INTO {plain} (id) VALUES (92); END"),
        ("close", f"CREATE PROCEDURE {s.own('close')}() BEGIN COMMIT; END"),
        ("lock", f"CREATE PROCEDURE {s.own('lock')}() BEGIN DO GET_LOCK('{s.own('lock')}', 0); END"),
    )


CALLS = ("{count}(1)", "{add}(2)", "CALL {read}()", "CALL {write}(1)", "CALL {out}(@o)", "CALL {fail}()", "CALL {warn}()", "CALL {hide}()",
         "CALL {mode}()", "CALL {open}()", "CALL {close}()", "CALL {lock}()")
# What a routine leaves behind, by its name.
AFTER = {"out": "SELECT @o, @seen", "hide": "SELECT id FROM {hidden} ORDER BY id", "mode": "SELECT @@time_zone, @mode_set, FROM_UNIXTIME(0)",
         "lock": "SELECT IS_FREE_LOCK('{lock}')", "open": "SELECT id FROM {plain} ORDER BY id", "fail": "SELECT id FROM {plain} ORDER BY id",
         "add": "SELECT id, name FROM {items} ORDER BY id", "write": "SELECT LAST_INSERT_ID()"}


class own_names(dict):
    """Fills a session's own names into a text."""

    def __init__(self, s):
        super().__init__()
        self.s = s

    def __missing__(self, name):
        return self.s.own(name)


def call_of(s, name):
    text = next(call for call in CALLS if "{" + name + "}" in call)
    if name in ("count", "add"):
        text = s.pick([(3, "SELECT " + text), (1, "SELECT " + text + " AS f"), (1, "DO " + text), (1, "SET @f = " + text)])
    return text.format_map(own_names(s))


def call_text(s):
    return call_of(s, s.r.choice(["read", "write", "count", "out", "add"]))


def make(s):
    """Creates a routine and calls it, once or twice."""
    name, text = s.r.choice(bodies(s))
    end_of_transaction(s)
    steps = [s.query(text), s.query(call_of(s, name))]
    if name in AFTER and s.chance(0.7):
        steps.append(s.query(AFTER[name].format_map(own_names(s))))
    if name == "open":
        s.in_transaction = s.chance(0.2)
        steps += [] if s.in_transaction else [s.query("ROLLBACK")]
    if s.chance(0.2):
        kind = "FUNCTION" if name in ("count", "add") else "PROCEDURE"
        steps.append(s.query(f"DROP {kind} {s.own(name)}"))
    return steps


def call(s):
    name = s.r.choice(bodies(s))[0]
    steps = [s.query(call_of(s, name))]
    if name in AFTER and s.chance(0.5):
        steps.append(s.query(AFTER[name].format_map(own_names(s))))
    return steps


def trigger(s):
    end_of_transaction(s)
    items, plain, name = s.own("items"), s.own("plain"), s.own("trigger")
    return [s.query(s.r.choice([
        f"CREATE TRIGGER {name} BEFORE INSERT ON {items} FOR EACH ROW SET NEW.note = CONCAT('t', COALESCE(NEW.name, ''))",
        f"CREATE TRIGGER {name} AFTER INSERT ON {items} FOR EACH ROW INSERT IGNORE INTO {plain} (id, v) VALUES (NEW.id + 100, 't')",
        f"CREATE TRIGGER {name} AFTER UPDATE ON {items} FOR EACH ROW SET @triggered = COALESCE(@triggered, 0) + 1",
        f"DROP TRIGGER {name}", f"DROP TRIGGER IF EXISTS {name}",
    ])), s.query(s.r.choice([f"INSERT INTO {items} (name) VALUES ('fired')", f"UPDATE {items} SET amount = amount + 1 WHERE id < 3"])),
            s.query(s.r.choice([f"SELECT id, note FROM {items} ORDER BY id", f"SELECT id, v FROM {plain} ORDER BY id", "SELECT @triggered"]))]


def sequence(s):
    """MariaDB only."""
    end_of_transaction(s)
    name = s.own("sequence")
    return [s.query(text) for text in [f"CREATE SEQUENCE IF NOT EXISTS {name}", f"SELECT NEXTVAL({name})",
                                       s.r.choice([f"SELECT LASTVAL({name})", f"SELECT PREVIOUS VALUE FOR {name}"])]]


def block(s):
    """MariaDB only: a compound statement outside a routine."""
    return [s.query(s.r.choice([f"BEGIN NOT ATOMIC INSERT INTO {s.own('items')} (name) VALUES ('block'); SELECT LAST_INSERT_ID() > 0; END",
                                f"IF 1 THEN SELECT id FROM {s.own('plain')} ORDER BY id; END IF",
                                "BEGIN NOT ATOMIC DECLARE x INT DEFAULT 3; SET @blocked = x; END"])), s.query("SELECT @blocked")]
