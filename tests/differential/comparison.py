"""Where two runs of a script differ, after the normalisation of what servers may answer differently."""
import re

import answers

# Each function gets a fact and returns it as it counts; None: it does not. Beside each, why servers have to differ there.


def without_gtids(fact):
    """Each server numbers its own transactions."""
    if fact[:2] == ("tracked", "gtids") or fact[:2] == ("tracked", "variable") and fact[2][:1] == ("last_gtid",):
        return None
    return fact


def without_time_of_day(fact):
    """SET timestamp = DEFAULT is told as the time that it was."""
    is_time = fact[:2] == ("tracked", "variable") and fact[2][0] == "timestamp" and "." in fact[2][1]
    return ("tracked", "variable", ("timestamp", "now")) if is_time else fact


def without_statement_number(fact):
    """Statements are numbered by each server; weir-proxy numbers them for each session. MySQL reports the number as a variable
    to who asks for all, but not on a connection that has changed its user."""
    if fact[:2] == ("tracked", "variable") and fact[2][:1] == ("statement_id",):
        return None
    if fact[0] == "error":
        return (*fact[:3], STATEMENT_NUMBER.sub("(N)", fact[3]))
    if fact[0] == "row":    # SHOW WARNINGS, and what GET DIAGNOSTICS has filled
        return tuple(STATEMENT_NUMBER.sub("(N)", without_number_in_bytes(part)) if isinstance(part, str) else part for part in fact)
    return fact


def without_number_in_bytes(row):
    """The same in a row of the binary protocol, which is shown in hexadecimal digits; the length of the text is before it."""
    if b"The statement (".hex() not in row:
        return row
    return STATEMENT_NUMBER_IN_BYTES.sub(
        lambda found: bytes([found[1][0] - len(found[2]) + 1]) + b"The statement (N)", bytes.fromhex(row)).hex()


def without_use_of_indexes(fact):
    """Plans depend on statistics, which each server samples by itself."""
    if fact[0] not in ("ok", "end"):
        return fact
    return (*fact[:-1], "|".join(flag for flag in fact[-1].split("|") if flag not in ("no index", "no good index", "slow")))


def without_warnings_of_login(fact):
    """MariaDB counts a warning at few logins, if the schema was made a moment before."""
    return fact if fact[0] != "logged in" else tuple(part for part in fact if not part.startswith("warnings"))


def with_sorted_changes(facts):
    """The order in which a server reports changed variables is that of a hash table of the connection."""
    kept, run = [], []
    for fact in facts:
        if fact[0] == "tracked":
            run.append(fact)
        else:
            kept, run = kept + sorted(run) + [fact], []
    return kept + sorted(run)


STATEMENT_NUMBER_IN_BYTES = re.compile(rb"([\x10-\xfa])The statement \((\d+)\)", re.DOTALL)
STATEMENT_NUMBER = re.compile(r"(?<=statement )\(\d+\)")
MAKES_ROWS = re.compile("SHOW (WARNINGS|ERRORS|CREATE)|HANDLER|INSERT|REPLACE|DELETE|(ANALYZE|CHECK|CHECKSUM) TABLE")    # which do not count as found
NORMALISATIONS = (without_gtids, without_time_of_day, without_statement_number, without_use_of_indexes, without_warnings_of_login)


class difference:
    """`index`: of the step. `direct` and `proxied`: the facts on both sides, normalised. `has_found_rows`: the session has had a
    result with rows, or with columns at least, since its login."""

    def __init__(self, script, index, direct, proxied, has_found_rows):
        self.script, self.index, self.step = script, index, script.steps[index]
        self.direct, self.proxied, self.has_found_rows = direct, proxied, has_found_rows

    def first(self):
        """The first pair of facts that are not equal."""
        for pair in zip(self.direct, self.proxied):
            if pair[0] != pair[1]:
                return pair
        shorter = min(len(self.direct), len(self.proxied))
        return (self.direct[shorter:] or [None])[0], (self.proxied[shorter:] or [None])[0]


def normalised(facts):
    for normalise in NORMALISATIONS:
        facts = [kept for kept in map(normalise, facts) if kept is not None]
    return with_sorted_changes(facts)


def differences(script, direct, proxied):
    """Yields each `difference` in the order of the steps."""
    options, found_rows, prepared = {}, set(), {}    # by session
    for index, (step, left, right) in enumerate(zip(script.steps, direct, proxied)):
        number = step.get("session")
        if step["do"] == "connect":
            options[number] = step["options"]
            found_rows.discard(number)
        had_found_rows = number in found_rows
        if step["do"] == "prepare":
            prepared[number, step["statement"]] = step["sql"]
        text = step.get("sql") or prepared.get((number, step.get("statement")), "")
        if step["do"] in ("query", "execute") and len(left) > 1 and not MAKES_ROWS.match(text):
            found_rows.add(number)
        if left == right:
            continue
        facts = [normalised(answers.read(outcome, step["do"], options.get(number, ()))) for outcome in (left, right)]
        if facts[0] != facts[1]:
            yield difference(script, index, *facts, had_found_rows)
