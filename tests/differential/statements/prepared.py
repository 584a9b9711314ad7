"""Prepared statements: the binary protocol, and SQL's PREPARE."""
from statements import diagnostics, rows
from statements.routines import call_text

CURSOR = 1


def values_for(s, kinds):
    """One value for each letter: i integer, t text, d date, m decimal, f float."""
    made = {"i": s.key, "t": lambda: s.r.choice(["one", "ä", "", "12x", "long " * 60]), "d": lambda: {"date": "2024-02-29"},
            "m": lambda: {"decimal": "12.345"}, "f": lambda: 0.5}
    return [None if s.chance(0.1) else made[kind]() for kind in kinds]


def statement_text(s):
    """(text, kinds of its parameters)"""
    items, plain = s.items(), s.plain()
    return s.pick([
        (5, (f"SELECT * FROM {items} WHERE id = ? ORDER BY id", "i")), (5, (f"SELECT id, n, name, amount, day, note FROM {items} ORDER BY id", "")),
        (3, (f"SELECT id, v, k, d FROM {plain} WHERE id > ? OR v = ? ORDER BY id", "it")), (2, ("SELECT ?, ? AS b, ?", "itf")),
        (4, (f"INSERT INTO {items} (n, name) VALUES (?, ?)", "it")), (3, (f"UPDATE {items} SET name = ?, amount = ?, day = ? WHERE id = ?", "tmdi")),
        (2, (f"DELETE FROM {plain} WHERE id = ?", "i")), (2, (f"REPLACE INTO {plain} (id, v, d) VALUES (?, ?, ?)", "itf")),
        (2, (f"INSERT INTO {items} (note) VALUES (?)", "t")), (2, (f"SELECT id, LENGTH(note), note FROM {items} WHERE note IS NOT NULL AND id < ? ORDER BY id", "i")),
        (1, (f"SELECT id FROM {items} WHERE id = ? FOR UPDATE", "i")), (1, ("SET @p = ?", "t")), (1, ("SELECT @p, @a", "")),
        (1, ("SELECT * FROM nowhere", "")), (1, ("SELEC 1", "")), (1, (f"SELECT id FROM {items} ORDER BY id LIMIT ?", "i")),
        (1, (f"CREATE TABLE IF NOT EXISTS {s.own('extra')} (id INT PRIMARY KEY)", "")), (1, ("COMMIT", "")), (1, (call_text(s), "")),
        (1, (f"SELECT SQL_CALC_FOUND_ROWS id FROM {items} ORDER BY id LIMIT 1", "")), (1, ("SHOW WARNINGS", "")), (1, ("DO ?", "i")),
        (3, (diagnostics.about_text(s), "")), (1, (f"SHOW COLUMNS FROM {plain}", "")), (1, ("SELECT CONNECTION_ID() = {id:%d} AS mine" % s.number, "")),
        (1, ("SELECT CAST(? AS SIGNED), 1 / 0", "t")), (1, ("SELECT @@sql_mode, @@time_zone", "")), (1, (f"SELECT {s.own('count')}(?) AS c", "i")),
    ])


def know(s, name, kinds, has_cursor):
    s.statements[name] = kinds
    (s.cursors.add if has_cursor else s.cursors.discard)(name)


def prepare(s):
    name = s.r.choice(["a", "b", "c", "d"])
    text, kinds = statement_text(s)
    know(s, name, kinds, s.chance(0.2))
    steps = [s.step("prepare", statement=name, sql=text)]
    return steps + (execute(s, name) if s.chance(0.8) else [])


def execute(s, name=None):
    if not s.statements:
        return prepare(s)
    name = name or s.r.choice(sorted(s.statements))
    kinds = s.statements[name]
    arguments = {"values": values_for(s, kinds)}
    steps = []
    if "t" in kinds and s.chance(0.2):
        parameter = kinds.index("t")
        steps = [s.step("long_data", statement=name, parameter=parameter, data=piece) for piece in ["begin ", "end"][:s.r.randint(1, 2)]]
        if s.chance(0.15):
            return steps + [s.step("reset_statement", statement=name)]
        arguments["values"][parameter] = {"long": True}
    elif kinds and s.chance(0.4):
        arguments["rebind"] = False
    # MySQL 9.7 answers nonsense to an execution without a cursor after one with a cursor.
    if name in s.cursors if not s.is_mariadb else s.chance(0.25):
        arguments["cursor"] = CURSOR
    return steps + [s.step("execute", statement=name, **arguments)]


def cursor(s):
    """Opens one and fetches, with other things in between."""
    table, name = s.items(), s.r.choice(["a", "b", "c", "d"])
    know(s, name, "", True)
    steps = [s.step("prepare", statement=name, sql=f"SELECT id, n, name FROM {table} ORDER BY id"),
             s.step("execute", statement=name, values=[], cursor=CURSOR), s.step("fetch", statement=name, count=1)]
    steps += s.pick([(2, rows.read), (2, rows.write), (2, lambda _: []), (1, diagnostics.ask)])(s)
    steps.append(s.step("fetch", statement=name, count=s.r.choice([1, 2, 100])))
    return steps + s.pick([(10, []), (5, [s.step("reset_statement", statement=name)]), (1, [s.step("fetch", statement=name, count=1000)])])


def other_commands(s):
    if not s.statements:
        return prepare(s)
    name = s.r.choice(sorted(s.statements))
    if s.chance(0.3):
        s.statements.pop(name)
        return [s.step("close", statement=name)]
    if s.chance(0.8):
        return [s.step("reset_statement", statement=name)]
    return [s.step("fetch", statement=name, count=2)]


def across_changes(s):
    """A statement outlives a change of its table."""
    plain, name = s.plain(), s.r.choice(["a", "b"])
    know(s, name, "i", False)
    execution = s.step("execute", statement=name, values=[0])
    return [s.step("prepare", statement=name, sql=f"SELECT * FROM {plain} WHERE id > ? ORDER BY id"), execution,
            s.query(s.r.choice([f"ALTER TABLE {plain} ADD COLUMN c1 INT", f"ALTER TABLE {plain} DROP COLUMN c1",
                                f"ALTER TABLE {plain} MODIFY v VARCHAR(9)", f"TRUNCATE TABLE {plain}", f"DROP TABLE {plain}",
                                "SET sql_mode = ''", "USE weir_fuzz_b"])),
            execution, s.step("execute", statement=name, values=[1], rebind=False), s.query("USE weir_fuzz")]


def across_character_sets(s):
    """Texts come in another character set than when their types were sent."""
    name = s.r.choice(["a", "b"])
    know(s, name, "it", False)
    steps = [s.step("prepare", statement=name, sql=s.r.choice(["SELECT ?, HEX(?)", "SELECT 1 / ?, ?"])),
             s.step("execute", statement=name, values=[1, "ä"])]
    for charset in s.r.sample(["latin1", "utf8mb4", "utf8mb3"], 2):
        steps += [s.query(f"SET NAMES {charset}"), s.step("execute", statement=name, values=[2, "ä"], rebind=False)]
    if s.chance(0.5):    # MySQL prepares it anew where types change, under what is set then
        setting = s.r.choice(["SET NAMES latin1", "SET div_precision_increment = 8", "SET sql_mode = ''"])
        steps += [s.query(setting), s.step("execute", statement=name, values=[0.5, 3])]
    return steps + [s.query("SET NAMES utf8mb4"), s.step("execute", statement=name, values=[s.r.choice([None, 3]), s.r.choice([None, "ä"])])]


def text_prepare(s):
    name = s.r.choice(["p", "q"])
    text, kinds = s.pick([(3, (rows.read_text(s), 0)), (2, (f"SELECT id, name FROM {s.items()} WHERE id = ?", 1)),
                          (2, (f"INSERT INTO {s.items()} (n, name) VALUES (?, ?)", 2)), (1, (diagnostics.about_text(s), 0))])
    quoted = text.replace("\\", "\\\\").replace("'", "''")
    using = " USING " + ", ".join(["@a", "@b"][:kinds]) if kinds else ""
    steps = [*[s.query(f"SET @a = {s.key()}, @b = 'bound'")][:1 if kinds else 0], s.query(f"PREPARE {name} FROM '{quoted}'"),
             s.query(f"EXECUTE {name}{using}")]
    s.text_statements[name] = using
    if s.is_mariadb and s.chance(0.3):
        return [*steps[:-2], s.query(f"EXECUTE IMMEDIATE '{quoted}'{using}")]
    if s.chance(0.5):
        steps.append(s.query(s.r.choice([f"DEALLOCATE PREPARE {name}", f"DROP PREPARE {name}"])))
        s.text_statements.pop(name)
    return steps


def text_execute(s):
    name = s.r.choice(sorted(s.text_statements) or ["p"])
    return [s.query(f"EXECUTE {name}{s.text_statements.get(name, '')}")]
