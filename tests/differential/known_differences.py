"""Faults of weir-proxy that are known to exist, so that a run goes on and finds others.

An entry goes when its fault is mended; `--look-for NAME` makes it count as new. There are two kinds:

- `known_facts` change single facts of many answers. `mend` gets the facts of both sides and returns the proxied ones as they
  would be without the fault, so that all the rest of such an answer is still compared.
- `known_difference` is a predicate of a whole `difference`. `leaves_nothing`: what follows in the script can still be compared;
  otherwise the rest of the script is not looked at, for it may differ only in consequence.
"""
import re
from typing import Callable, NamedTuple

from comparison import difference


class known_facts(NamedTuple):
    name: str
    what: str
    mend: Callable[[dict, list, list], list]    # step, direct, proxied -> proxied


class known_difference(NamedTuple):
    name: str
    what: str
    matches: Callable[[difference], bool]
    leaves_nothing: bool = False


# What predicates are made of

def text_of(found):
    """The SQL text that a step is about, also where it was prepared before."""
    step = found.step
    executed = re.match(r"EXECUTE (?!IMMEDIATE\b)(\w+)", step.get("sql", ""))
    if "sql" in step and not executed:
        return step["sql"]
    name = executed.group(1) if executed else step.get("statement")
    for before in reversed(found.script.steps[:found.index]):
        if before.get("session") != step.get("session"):
            continue
        if not executed and before["do"] == "prepare" and before["statement"] == name:
            return before["sql"]
        if executed and before.get("sql", "").startswith(f"PREPARE {name} "):
            return before["sql"]
    return ""


def asks(found, *words):
    """The step is a question that has one of these words in its text, and both sides have answered it."""
    text = re.sub(r"^(PREPARE \w+ FROM|EXECUTE IMMEDIATE) '", "", text_of(found).lstrip("(").upper())
    return (text.startswith(("SELECT", "SHOW", "GET")) and any(word in text for word in words)
            and not any(fact[0] == "error" for fact in found.direct + found.proxied))


CHANGED = "session state changed"    # a flag


def kind_of(value):
    return tuple(value) if isinstance(value, dict) else type(value)


def runs_after_another_type(found):
    """The step runs a prepared statement with a NULL, or another type, where it was run with another type before."""
    step = found.step
    if step["do"] != "execute":
        return False
    for before in reversed(found.script.steps[:found.index]):
        if before.get("session") != step["session"] or before.get("statement") != step["statement"]:
            continue
        if before["do"] == "prepare":
            return False
        if before["do"] == "execute" and any(one is not None and kind_of(one) != kind_of(other)
                                             for one, other in zip(before["values"], step["values"])):
            return True
    return False


def has_said(found, *words):
    """The session has, in this step or one before."""
    return any(word in step.get("sql", "") for step in found.script.steps[:found.index + 1] for word in words
               if step.get("session") == found.step.get("session"))


def has_just_said(found, *words):
    """Within the last few steps of the session."""
    own = [step for step in found.script.steps[:found.index + 1] if step.get("session") == found.step.get("session")]
    return any(word in step.get("sql", "") for step in own[-4:] for word in words)


def has_just_connected(found):
    """The session has not done more than a few steps since."""
    own = [step for step in found.script.steps[:found.index + 1] if step.get("session") == found.step.get("session")]
    return any(step["do"] == "connect" for step in own[-5:])


def reads_uncommitted(found):
    """It asks for rows that all sessions write, in a transaction that may see what is not committed."""
    own = [step.get("sql", "") for step in found.script.steps[:found.index] if step.get("session") == found.step.get("session")]
    return "common" in text_of(found) and any("READ UNCOMMITTED" in sql for sql in own[-8:])


def differing(found):
    """The pairs of facts that differ; none if one side has more facts."""
    if len(found.direct) != len(found.proxied):
        return []
    return [pair for pair in zip(found.direct, found.proxied) if pair[0] != pair[1]]


def is_status_after_an_error(found):
    """A statement that fails may have begun or ended a transaction."""
    if found.step["do"] not in ("fetch", "reset_statement"):
        return False
    return all(left[0] == right[0] and without_flag(left, "in transaction") == without_flag(right, "in transaction")
               for left, right in differing(found))


def is_flag_of_no_ok(found):
    """The flags of EOFs differ in what the state of a transaction has raised."""
    raises = has_said(found, "session_track_transaction_info")
    return raises and bool(differing(found)) and all(
        left[0] == right[0] == "end" and without_flag(left, CHANGED) == without_flag(right, CHANGED)
        for left, right in differing(found))


def is_end_with_changes(found):
    """The EOF of a COM_SET_OPTION, with what the client has the server report."""
    return (found.step["do"] == "set_option" and has_said(found, "session_track_system_variables")
            and all(left[0] == right[0] == "columns" for left, right in differing(found)))


def error_numbers(found):
    return [fact[1] if fact and fact[0] == "error" else 0 for fact in found.first()]


# Repairs of single facts

def without_transaction_state(_, direct, proxied):
    """The proxied facts with what the direct side says of the transaction, and nothing else changed."""
    def others(facts):
        return [fact for fact in facts if fact[0] != "tracked" or not fact[1].startswith("transaction")]
    return direct if others(direct) == others(proxied) else proxied


def without_flag(fact, flag):
    return (*fact[:-1], "|".join(one for one in fact[-1].split("|") if one != flag))


KNOWN = (
    known_facts(
        "tracked transactions",
        "With session_track_transaction_info set by the client, what weir-proxy answers itself does not show in the state of "
        "the transaction.",
        without_transaction_state),
    known_difference(
        "type of an earlier run",
        "MySQL takes a parameter as a run before had it, and a NULL has no type of its own, whatever is sent with it: a connection "
        "that has not run the statement before takes the parameter as the text gives it. Before a read that changes nothing one "
        "without rows goes, which gives the type; not in a serializable transaction, where that would lock, nor behind a SET "
        "TRANSACTION, which it would use up; and nothing goes before a write, whose answer hardly ever tells, or what may be one "
        "(sql_auto_is_null).",
        lambda found: (found.script.flavour == "mysql" and runs_after_another_type(found)
                       and text_of(found).startswith("SELECT") and has_said(found, "SERIALIZABLE", "SET TRANSACTION", "sql_auto_is_null")
                       and all(left[0] == right[0] and left[0] in ("column", "row", "end") for left, right in differing(found))),
        leaves_nothing=True),
    known_difference(
        "locks of another server",
        "A statement that waits for the metadata lock of a session's read meets no such lock if that read was on a "
        "replica: inherent to reading elsewhere.",
        lambda found: "does not catch up" in str(found.proxied) or error_numbers(found) == [1205, 0]),
    known_difference(
        "state flag of an EOF",
        "With session_track_transaction_info an EOF has the flag 'session state changed' of what no OK has told yet: none could to a "
        "client without session_track, and weir-proxy's own commands have OKs, too.",
        is_flag_of_no_ok,
        leaves_nothing=True),
    known_difference(
        "transaction that an error has begun or ended",
        "With autocommit off a statement that fails may have begun a transaction, and DDL that fails has ended one; an error has no "
        "flags that say so, and the next OK from a cursor elsewhere than that connection does not know.",
        is_status_after_an_error,
        leaves_nothing=True),
    known_difference(
        "end of COM_SET_OPTION with changes",
        "MySQL reports variables in this EOF to a client that asks for all of them; weir-proxy answers the command itself.",
        is_end_with_changes,
        leaves_nothing=True),
    known_difference(
        "id of the connection",
        "IS_USED_LOCK() and the lists of connections that a server makes tell the server's ids: they are data, which "
        "weir-proxy does not change.",
        lambda found: "{id:" in text_of(found) and "CONNECTION_ID()" not in text_of(found),
        leaves_nothing=True),
    known_difference(
        "FOUND_ROWS() of a former session",
        "MariaDB begins a session with the number of a former connection, whose memory it has taken over: inherent.",
        lambda found: found.script.flavour == "mariadb" and asks(found, "FOUND_ROWS") and not found.has_found_rows,
        leaves_nothing=True),
    known_difference(
        "read-only transaction that could not go on at the primary",
        "What it has read on its replica has changed, or cannot be read again (a cursor, long data, autocommit set meanwhile): "
        "error 1213 says to restart it, see docs/routing.md.",
        lambda found: found.proxied[-1][:2] == ("error", 1213) and "it had to go on" in found.proxied[-1][3]),
    known_difference(
        "uncommitted rows of others",
        "READ UNCOMMITTED, READ ONLY on a replica, which has nothing that is not committed: inherent, see docs/routing.md.",
        lambda found: found.script.shared and reads_uncommitted(found)),
    known_difference(
        "complaint of locked tables",
        "MySQL complains of the locked table or of the one that its trigger writes to, by whether the connection has opened the "
        "table since it has that trigger: two connections to one server get different errors.",
        lambda found: found.script.flavour == "mysql" and sorted(error_numbers(found)) == [1099, 1100],
        leaves_nothing=True),
    known_difference(
        "FOUND_ROWS() after what may find none",
        "MySQL counts for a CALL, several statements in one text and a query inside a write what they have found, if they have run any "
        "query. What their connection says is the number then; where none was run it is that of what ran there before. MariaDB leaves the "
        "number over a count of nothing in a common table, once.",
        lambda found: asks(found, "FOUND_ROWS") and has_just_said(
            found, *(["CALL ", "EXECUTE ", ";", "(SELECT"] if found.script.flavour == "mysql" else ["WITH "])),
        leaves_nothing=True),
    known_difference(
        "conditions of a former session",
        "MariaDB begins a session with the conditions of a former connection, whose memory it has taken over: inherent.",
        lambda found: (found.script.flavour == "mariadb" and has_just_connected(found)
                       and asks(found, "WARNINGS", "ERRORS", "WARNING_COUNT", "ERROR_COUNT")),
        leaves_nothing=True),
    known_difference(
        "conditions that no list has",
        "RETURNED_SQLSTATE of MySQL, where the connection that has the conditions cannot be asked, or not without changing what it is "
        "asked: it runs on the primary then, whose last statement was another one.",
        lambda found: (found.script.flavour == "mysql"
                       and has_just_said(found, "GET DIAGNOSTICS CONDITION", "GET CURRENT DIAGNOSTICS CONDITION")
                       and has_just_said(found, "RETURNED_SQLSTATE")),
        leaves_nothing=True),
)


def known_as(found, known=KNOWN):
    """The entries that explain a difference together; empty: it is new. What `known_facts` explain is mended in `found`."""
    entries = []
    for entry in known:
        if isinstance(entry, known_facts):
            mended = entry.mend(found.step, found.direct, found.proxied)
            if mended != found.proxied:
                entries.append(entry)
                found.proxied = mended
        elif found.direct != found.proxied and entry.matches(found):
            return entries + [entry]
    return entries if found.direct == found.proxied else []


def may_go_on(entries):
    return all(isinstance(entry, known_facts) or entry.leaves_nothing for entry in entries)
