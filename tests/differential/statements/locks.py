"""Named locks, LOCK TABLES, HANDLER. Names are a session's own, and new after each login, so that nothing waits."""
from model import end_of_transaction
from statements import rows


def named(s):
    name = f"{s.own('lock')}_{s.lives}"
    texts = [f"SELECT GET_LOCK('{name}', 0)", f"SELECT RELEASE_LOCK('{name}')", f"SELECT IS_FREE_LOCK('{name}')",
             f"SELECT IS_USED_LOCK('{name}') = CONNECTION_ID() AS mine", f"SELECT IS_USED_LOCK('{name}') = {{id:{s.number}}} AS mine",
             f"DO GET_LOCK('{name}', 0)", "SELECT RELEASE_ALL_LOCKS()", f"SELECT GET_LOCK('{name}', 0) AS locked, 1"]
    return [s.query(text) for text in s.r.sample(texts, s.r.randint(1, 3))]


def of_others(s):
    """What another session holds."""
    other = s.r.choice(s.others)
    name = f"{other.own('lock')}_{other.lives}"
    return [s.query(s.r.choice([f"SELECT IS_FREE_LOCK('{name}')", f"SELECT IS_USED_LOCK('{name}') = {{id:{other.number}}} AS theirs"]))]


def tables(s):
    items, plain = s.own("items"), s.own("plain")
    end_of_transaction(s)
    steps = [s.query(s.r.choice([f"LOCK TABLES {items} READ", f"LOCK TABLES {items} WRITE, {plain} READ", f"LOCK TABLES {plain} WRITE"]))]
    for _ in range(s.r.randint(1, 3)):
        steps += [s.query(s.r.choice([f"SELECT id, n FROM {items} ORDER BY id", f"SELECT id, v FROM {plain} ORDER BY id",
                                      f"INSERT INTO {items} (name) VALUES ('locked')", f"UPDATE {plain} SET k = 5 WHERE id = 1"]))]
    return steps + [s.query("UNLOCK TABLES"), *rows.read(s)]


def handler(s):
    items = s.own("items")
    return [s.query(text) for text in [
        f"HANDLER {items} OPEN", f"HANDLER {items} READ FIRST", s.r.choice([f"HANDLER {items} READ NEXT LIMIT 2", f"HANDLER {items} READ `PRIMARY` = (2)", "SELECT 1"]),
        f"HANDLER {items} CLOSE"][:s.pick([(5, 4), (1, 3)])]] + [s.query(f"HANDLER {items} READ NEXT")]
