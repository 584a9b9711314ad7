"""Session and user variables, character sets."""
from statements import rows

# Name, values that are right, and a statement whose answer depends on it.
SESSION = (
    ("sql_mode", ["''", "'ANSI_QUOTES'", "'STRICT_TRANS_TABLES'", "'NO_BACKSLASH_ESCAPES'", "'TRADITIONAL'", "DEFAULT",
                  "CONCAT(@@sql_mode, ',NO_ZERO_DATE')", "'PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY'", "'HIGH_NOT_PRECEDENCE'"],
     "SELECT 'a' || 'b', \"x\", 'c\\\\d', NOT 1 BETWEEN -5 AND 5"),
    ("time_zone", ["'+00:00'", "'+05:30'", "'SYSTEM'", "DEFAULT", "@@global.time_zone"], "SELECT FROM_UNIXTIME(0)"),
    ("sql_select_limit", ["1", "2", "DEFAULT"], "SELECT id FROM {items} ORDER BY id"),
    ("group_concat_max_len", ["4", "1024", "DEFAULT"], "SELECT GROUP_CONCAT(name ORDER BY id) FROM {items}"),
    ("lc_time_names", ["'de_DE'", "'en_US'"], "SELECT DAYNAME('2024-01-01')"),
    ("div_precision_increment", ["2", "8", "DEFAULT"], "SELECT 1 / 7"),
    ("default_week_format", ["1", "0"], "SELECT WEEK('2024-01-01')"),
    ("sql_auto_is_null", ["1", "0"], "SELECT id FROM {items} WHERE id IS NULL"),
    ("sql_safe_updates", ["1", "0"], "UPDATE {items} SET amount = 3 WHERE amount > 100"),
    ("character_set_results", ["latin1", "utf8mb4", "NULL", "binary"], "SELECT 'ä', name FROM {items} ORDER BY id"),
    ("character_set_client", ["latin1", "utf8mb4"], "SELECT 'ä', LENGTH('ä')"),
    ("collation_connection", ["utf8mb4_bin", "utf8mb4_general_ci", "latin1_swedish_ci"], "SELECT 'a' = 'A', COLLATION('a')"),
    ("max_error_count", ["1", "0", "64"], "SELECT CAST('a' AS SIGNED), CAST('b' AS SIGNED)"),
    ("sql_notes", ["0", "1"], "DROP TABLE IF EXISTS none_such"),
    ("sql_warnings", ["0", "1"], "INSERT INTO {items} (name) VALUES ('single')"),
    ("auto_increment_increment", ["5", "1"], "INSERT INTO {items} (n) VALUES (NULL), (NULL)"),
    ("wait_timeout", ["100", "28800"], "SELECT @@wait_timeout"),
    ("net_write_timeout", ["61", "60"], "SELECT @@net_write_timeout"),
    ("foreign_key_checks", ["0", "1"], "SELECT @@foreign_key_checks"),
    ("unique_checks", ["0", "1"], "SELECT @@unique_checks"),
    ("max_sort_length", ["8", "1024"], "SELECT name FROM {items} ORDER BY name, id"),
    ("timestamp", ["1700000000", "DEFAULT"], "SELECT @@timestamp > 1600000000"),
    ("insert_id", ["77"], "INSERT INTO {items} (name) VALUES ('numbered')"),
    ("rand_seed1", ["11"], "SELECT RAND() < 2"),
    ("sql_big_selects", ["0", "1"], "SELECT @@sql_big_selects"),
    ("session_track_schema", ["0", "1"], "USE weir_fuzz"),
    ("session_track_state_change", ["1", "0"], "SET @st = 1"),
    ("session_track_system_variables", ["'time_zone'", "'*'", "''", "DEFAULT"], "SET time_zone = '+01:00'"),
    ("session_track_transaction_info", ["'STATE'", "'CHARACTERISTICS'", "'OFF'"], "BEGIN"),
    ("net_buffer_length", ["1024"], "SELECT @@net_buffer_length"),
    ("low_priority_updates", ["1", "0"], "SELECT @@low_priority_updates"),
    ("big_tables", ["1", "0"], "SELECT @@big_tables"),
    ("default_storage_engine", ["InnoDB", "MEMORY"], "SELECT @@default_storage_engine"),
    ("profiling", ["0"], "SELECT @@profiling"),
)
MARIADB_ONLY = (
    ("max_statement_time", ["10", "0"], "SELECT @@max_statement_time"),
    ("sql_if_exists", ["1", "0"], "DROP TABLE none_such"),
    ("standard_compliant_cte", ["0", "1"], "SELECT @@standard_compliant_cte"),
    ("default_regex_flags", ["'DOTALL'", "''"], "SELECT 'a\nb' RLIKE 'a.b'"),
    ("skip_replication", ["0"], "SELECT @@skip_replication"),
)
MYSQL_ONLY = (
    ("max_execution_time", ["10000", "0"], "SELECT @@max_execution_time"),
    ("sql_require_primary_key", ["1", "0"], "CREATE TABLE {items}_keyless (a INT)"),
    ("resultset_metadata", ["NONE", "FULL"], "SELECT 1"),
    ("cte_max_recursion_depth", ["3", "1000"], "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT COUNT(*) FROM c"),
    ("explain_format", ["'TREE'", "DEFAULT"], "SELECT @@explain_format"),
    ("show_create_table_verbosity", ["1", "0"], "SHOW CREATE TABLE {plain}"),
)
WRONG = ("SET sql_mode = 'NONSENSE'", "SET time_zone = 'nowhere'", "SET no_such_variable = 1", "SET autocommit = 7",
         "SET GLOBAL no_such_variable = 1", "SET NAMES nonsense", "SET sql_select_limit = 'x'", "SET @@global.autocommit = 3",
         "SET lc_time_names = 'xx'", "SET character_set_client = ucs2", "SET version = 'x'", "SET max_error_count = 70000",
         "SET @@session.max_connections = 5", "SET group_concat_max_len = -1", "SET profiling = 2")


def of_flavour(s):
    if not s.is_mariadb:
        return SESSION + MYSQL_ONLY
    # MariaDB remembers of transactions what it has never told a client that cannot be told, and raises a flag for it in EOFs ever
    # after; weir-proxy's connection can be told, and has nothing left.
    is_told = "session_track" in s.options
    return tuple(one for one in SESSION + MARIADB_ONLY if is_told or one[0] != "session_track_transaction_info")


def set_one(s):
    name, values, effect = s.r.choice(of_flavour(s))
    form = s.r.choice(["SET {} = {}", "SET {} = {}", "SET SESSION {} = {}", "SET @@{} = {}", "SET @@session.{} := {}", "SET LOCAL {} = {}"])
    steps = [s.query(form.format(name, s.r.choice(values)))]
    if s.chance(0.3):
        steps.append(s.query(f"SELECT @@{name}" if name != "timestamp" else "SELECT @@timestamp > 0"))
    if s.chance(0.7):
        steps.append(s.query(effect.format(items=s.own("items"), plain=s.plain())))
    if s.chance(0.4):
        steps.append(s.query(f"SET {name} = DEFAULT"))
    return steps


def set_several(s):
    first, second = s.r.sample(of_flavour(s), 2)
    text = f"SET {first[0]} = {s.r.choice(first[1])}, @both = 3, {second[0]} = {s.r.choice(second[1])}"
    if s.chance(0.2):
        text += ", no_such_variable = 1"
    return [s.query(text), s.query(first[2].format(items=s.own("items"), plain=s.plain())), s.query("SELECT @both")]


def set_for_one_statement(s):
    name, values, effect = s.r.choice(of_flavour(s))
    effect = effect.format(items=s.own("items"), plain=s.plain())
    if s.is_mariadb:
        return [s.query(f"SET STATEMENT {name} = {s.r.choice(values)} FOR {effect}"), s.query(effect)]
    return [s.query(f"SELECT /*+ SET_VAR(sql_select_limit = 1) */ id FROM {s.items()} ORDER BY id"), s.query(effect)]


def set_wrongly(s):
    return [s.query(s.r.choice(WRONG))]


def names(s):
    return [s.query(s.r.choice(["SET NAMES utf8mb4", "SET NAMES latin1", "SET NAMES utf8mb4 COLLATE utf8mb4_bin", "SET NAMES DEFAULT",
                                "SET CHARACTER SET latin1", "SET CHARACTER SET utf8mb4", "SET NAMES gbk", "SET NAMES binary"])),
            s.query(s.r.choice(["SELECT 'ä', HEX('ä')", "SELECT name FROM %s ORDER BY id" % s.own("items"), "SELECT '\udcbf\\' AS q",
                                "SELECT @@character_set_client, @@collation_connection, @@character_set_results"])),
            *[s.query("SET NAMES utf8mb4")][:s.r.randint(0, 1)]]


def user_variables(s):
    """Sets some, uses some."""
    name = s.r.choice(["a", "b", "`odd name`", "C"])
    texts = [
        f"SET @{name} = {s.number_literal()}", f"SET @{name} = '{s.word()}'", f"SET @{name} := (SELECT MAX(n) FROM {s.items()})",
        f"SELECT @{name}", f"SELECT @{name} := {s.key()}", f"SELECT @{name} IS NULL, @never_set", f"SET @{name} = NULL",
        f"SELECT id INTO @{name} FROM {s.items()} ORDER BY id LIMIT 1", f"SELECT id, n FROM {s.items()} WHERE id = @{name}",
        f"UPDATE {s.own('items')} SET n = (@{name} := 60) WHERE id = {s.key()}", f"INSERT INTO {s.own('items')} (name) VALUES (@{name})",
        f"SET @{name} = 1.50, @b = 1e3, @`x.y` = x'4142'", f"SELECT @{name} + 1, @b, @`x.y`", f"SELECT MAX(id) INTO @{name} FROM {s.plain()}",
        f"SELECT COUNT(*) FROM {s.items()} WHERE (@{name} := COALESCE(@{name}, 0) + 1) > 0",
    ]
    return [s.query(text) for text in s.r.sample(texts, s.r.randint(1, 4))] + (rows.read(s) if s.chance(0.3) else [])
