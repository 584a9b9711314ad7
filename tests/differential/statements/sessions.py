"""Schemas, and commands that change or end a session's life."""
from model import end_of_transaction

OPTIONS = ("found_rows", "multi_statements", "session_track", "deprecate_eof")
FLAVOUR_OPTIONS = {"mariadb": ("cache_metadata", "extended_metadata"), "mysql": ("query_attributes",)}


def connect(s):
    s.lives += 1
    s.forget()
    options = [name for name in OPTIONS if s.chance(0.6)] + [name for name in FLAVOUR_OPTIONS[s.flavour] if s.chance(0.3)]
    s.options = options
    return [s.step("connect", user="app", schema="weir_fuzz", options=options)]


def reconnect(s):
    """What others could wait for is given up before the connection."""
    steps = [s.query("ROLLBACK")] if s.shared_tables or s.is_holding() else []
    return steps + [s.step("disconnect")] + connect(s)


def reset(s):
    s.forget()
    return [s.step("reset_connection"), *after_new_life(s)]


def change_user(s):
    s.forget()
    user = s.pick([(3, "app"), (1, "reader")])
    steps = [s.step("change_user", user=user, schema=s.r.choice(["weir_fuzz", "weir_fuzz", "weir_fuzz_b"])), *after_new_life(s)]
    if user == "reader":
        steps += [s.query(f"INSERT INTO {s.own('items')} (name) VALUES ('not allowed')"), s.query(f"SELECT id, n FROM weir_fuzz.{s.own('items')} ORDER BY id"),
                  s.step("change_user", user="app", schema="weir_fuzz")]
    return steps + [s.query("USE weir_fuzz")]


def after_new_life(s):
    """What must be as after a login."""
    return [s.query(text) for text in s.r.sample([
        "SELECT @a, @b", "SELECT LAST_INSERT_ID(), ROW_COUNT(), FOUND_ROWS()", "SELECT @@sql_mode, @@time_zone, @@autocommit", "SELECT DATABASE()",
        "SHOW WARNINGS", f"SELECT COUNT(*) FROM {s.own('temporary')}", "EXECUTE p", f"SELECT IS_FREE_LOCK('{s.own('lock')}_{s.lives}')",
        "SELECT @@character_set_client, @@collation_connection", "SELECT @@warning_count, @@error_count", "COMMIT",
        "SELECT CONNECTION_ID() = {id:%d} AS mine" % s.number,
    ], s.r.randint(1, 3))]


def schema(s):
    """Away and back again."""
    name = s.r.choice(["weir_fuzz_b", "weir_fuzz", "nowhere", "information_schema"])
    away = s.r.choice([s.query(f"USE {name}"), s.step("init_db", schema=name)])
    back = s.r.choice([s.query("USE weir_fuzz"), s.step("init_db", schema="weir_fuzz")])
    return [away, *[s.query(text) for text in s.r.sample(["SELECT DATABASE()", f"SELECT COUNT(*) FROM weir_fuzz.{s.own('items')}", "SELECT SCHEMA() AS d"],
                                                           s.r.randint(0, 2))], back]


def small_commands(s):
    return [s.r.choice([s.step("ping"), s.step("set_option", option=s.r.randint(0, 1)), s.step("ping")])]


def release(s):
    """The server ends the connection after the transaction."""
    end_of_transaction(s)
    return [s.query(s.r.choice(["COMMIT RELEASE", "ROLLBACK RELEASE"])), s.query("SELECT 1"), *connect(s)]
