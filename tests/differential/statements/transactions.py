"""Transactions of all kinds."""
from model import end_of_transaction
from statements import rows


def begin(s):
    s.in_transaction = True
    return [s.query(s.pick([
        (4, "BEGIN"), (3, "START TRANSACTION"), (2, "START TRANSACTION READ ONLY"), (1, "START TRANSACTION READ WRITE"),
        (1, "START TRANSACTION WITH CONSISTENT SNAPSHOT"), (1, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"),
    ]))]


def end(s):
    end_of_transaction(s)
    text = s.pick([(6, "COMMIT"), (4, "ROLLBACK"), (1, "COMMIT AND CHAIN"), (1, "ROLLBACK AND CHAIN"), (1, "COMMIT WORK"),
                   (1, "COMMIT AND NO CHAIN NO RELEASE")])
    s.in_transaction = text.endswith("AND CHAIN")
    return [s.query(text)]


def whole(s):
    """A transaction from its beginning to its end, reads and writes in between."""
    steps = begin(s)
    for _ in range(s.r.randint(1, 5)):
        steps += s.pick([(4, rows.read), (4, rows.write), (1, rows.locking_read), (1, savepoint), (1, rows.expression)])(s)
    return steps + (end(s) if s.chance(0.9) else [])


def savepoint(s):
    if s.savepoints and s.chance(0.5):
        name = s.r.choice(s.savepoints)
        return [s.query(s.r.choice([f"ROLLBACK TO SAVEPOINT {name}", f"ROLLBACK TO {name}", f"RELEASE SAVEPOINT {name}"]))]
    name = s.r.choice(["p1", "p2", "nothing"])
    if name == "nothing":
        return [s.query("ROLLBACK TO SAVEPOINT nothing")]
    s.savepoints.append(name)
    return [s.query(f"SAVEPOINT {name}")]


def autocommit(s):
    s.autocommit = not s.autocommit
    end_of_transaction(s)
    value = {True: ["1", "ON", "DEFAULT"], False: ["0", "OFF"]}[s.autocommit]
    return [s.query(f"SET autocommit = {s.r.choice(value)}")]


def characteristics(s):
    """SET TRANSACTION for the next transaction, or for all; then a transaction."""
    what = s.r.choice(["READ ONLY", "READ WRITE", "ISOLATION LEVEL READ COMMITTED", "ISOLATION LEVEL SERIALIZABLE",
                       "ISOLATION LEVEL REPEATABLE READ", "ISOLATION LEVEL READ UNCOMMITTED, READ ONLY"])
    steps = [s.query(f"SET {s.r.choice(['', '', 'SESSION '])}TRANSACTION {what}")]
    isolation, read_only = ("@@tx_isolation", "@@tx_read_only") if s.is_mariadb else ("@@transaction_isolation", "@@transaction_read_only")
    if s.chance(0.4):
        steps.append(s.query(f"SELECT {isolation}, {read_only}"))
    if s.chance(0.6):
        steps += whole(s)
    else:
        steps += rows.write(s) + rows.read(s)
    if "SESSION" in steps[0]["sql"]:
        steps.append(s.query("SET SESSION TRANSACTION READ WRITE"))
    return steps


def implicit_commit(s):
    s.in_transaction = True
    steps = [s.query("BEGIN"), *rows.write(s)]
    end_of_transaction(s)
    steps.append(s.query(s.r.choice([f"CREATE TABLE {s.own('extra')} (id INT PRIMARY KEY)", f"DROP TABLE IF EXISTS {s.own('extra')}",
                                     "BEGIN", f"TRUNCATE TABLE {s.plain()}", "SET autocommit = 1", f"LOCK TABLES {s.own('items')} READ",
                                     "UNLOCK TABLES"])))
    return steps + [s.query("ROLLBACK"), s.query("UNLOCK TABLES"), *rows.read(s)]


def distributed(s):
    """XA; ended in any case, for a prepared one outlives its session."""
    # Another one each time: a replica of MySQL stops (XAER_DUPID) if it comes again before another worker has applied its end.
    name = f"{s.own('xa')}_{s.r.randrange(10 ** 9)}"
    end_of_transaction(s)
    steps = [s.query(f"XA START '{name}'"), *rows.write(s), *rows.read(s), s.query(f"XA END '{name}'")]
    one_phase = s.chance(0.3)
    if not one_phase:
        steps.append(s.query(f"XA PREPARE '{name}'"))
    return steps + [s.query(f"XA COMMIT '{name}' ONE PHASE" if one_phase else s.r.choice([f"XA COMMIT '{name}'", f"XA ROLLBACK '{name}'"])),
                    *rows.read(s)]


def completion_type(s):
    s.in_transaction = True
    steps = [s.query("SET completion_type = 'CHAIN'"), s.query("BEGIN"), *rows.write(s), s.query("COMMIT"), *rows.read(s),
             s.query("SET completion_type = DEFAULT"), s.query("COMMIT")]
    end_of_transaction(s)
    return steps
