"""What is asked about the statement before, in every form."""

PARTS = ("LAST_INSERT_ID()", "ROW_COUNT()", "FOUND_ROWS()", "@@warning_count", "@@error_count", "@@identity", "@@last_insert_id")
CONDITIONS = ("RETURNED_SQLSTATE", "MESSAGE_TEXT", "MYSQL_ERRNO")


def about_text(s):
    """A SELECT of one or several of PARTS."""
    form = s.r.choice(["{}", "{} AS asked", "{} + 0", "CONCAT('[', {}, ']') AS asked", "COALESCE({}, -1)", "({})"])
    parts = s.r.sample(PARTS, s.pick([(6, 1), (2, 2), (1, 3)]))
    return "SELECT " + ", ".join(form.format(part) for part in parts)


def ask(s):
    """One question, rarely two: a question may change the answer to the next one."""
    text = s.pick([
        (6, about_text(s)), (3, "SHOW WARNINGS"), (1, "SHOW WARNINGS LIMIT 1"), (1, "SHOW WARNINGS LIMIT 1, 2"), (1, "SHOW ERRORS"),
        (1, "SHOW ERRORS LIMIT 1"), (1, "SHOW COUNT(*) WARNINGS"), (1, "SHOW COUNT(*) ERRORS"),
        (1, "SELECT CONNECTION_ID() = {id:%d} AS mine" % s.number), (1, "SELECT LAST_INSERT_ID(%d)" % s.key()),
        (1, "SELECT @@pseudo_thread_id = {id:%d} AS mine" % s.number),
        (1, "SELECT COUNT(*) AS me FROM information_schema.processlist WHERE id = {id:%d}" % s.number),
    ])
    if s.chance(0.12):
        return get_diagnostics(s)
    if s.chance(0.06) and "{id" not in text:
        return [s.query(f"PREPARE asked FROM '{text.replace(chr(39), chr(39) * 2)}'"), s.query("EXECUTE asked"), s.query("EXECUTE asked")]
    steps = [s.query(text)]
    return steps + (ask(s) if s.chance(0.25) else [])


def get_diagnostics(s):
    part = s.r.choice(CONDITIONS)
    return [s.query(s.r.choice(["GET DIAGNOSTICS @d1 = NUMBER, @d2 = ROW_COUNT", f"GET DIAGNOSTICS CONDITION 1 @d1 = {part}, @d2 = MYSQL_ERRNO",
                                f"GET CURRENT DIAGNOSTICS CONDITION 1 @d1 = {part}", f"GET DIAGNOSTICS CONDITION 2 @d2 = {part}"])),
            s.query("SELECT @d1, @d2")]


def found_rows(s):
    """SQL_CALC_FOUND_ROWS and what follows it."""
    table, limit = s.items(), s.r.randint(0, 3)
    return [s.query(f"SELECT SQL_CALC_FOUND_ROWS id FROM {table} ORDER BY id LIMIT {limit}"),
            *[s.query("SELECT 1")][:s.r.randint(0, 1)],
            s.query(s.r.choice(["SELECT FOUND_ROWS()", "SELECT FOUND_ROWS() AS f", "SELECT FOUND_ROWS() + 1"]))]
