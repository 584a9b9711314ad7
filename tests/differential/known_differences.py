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
    executed = re.match(r"EXECUTE (\w+)", step.get("sql", ""))
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
    text = re.sub(r"^PREPARE \w+ FROM '", "", text_of(found).lstrip("(").upper())
    return (text.startswith(("SELECT", "SHOW", "GET")) and any(word in text for word in words)
            and not any(fact[0] == "error" for fact in found.direct + found.proxied))


def has_said(found, *words):
    """The session has, in this step or one before."""
    return any(word in step.get("sql", "") for step in found.script.steps[:found.index + 1] for word in words
               if step.get("session") == found.step.get("session"))


def has_just_said(found, *words):
    """Within the last few steps of the session."""
    own = [step for step in found.script.steps[:found.index + 1] if step.get("session") == found.step.get("session")]
    return any(word in step.get("sql", "") for step in own[-4:] for word in words)


def differing(found):
    """The pairs of facts that differ; none if one side has more facts."""
    if len(found.direct) != len(found.proxied):
        return []
    return [pair for pair in zip(found.direct, found.proxied) if pair[0] != pair[1]]


def differ_only_in(found, fact_name, part):
    """Facts of that name differ, and only in the part that begins with `part`."""
    pairs = differing(found)
    return bool(pairs) and all(
        left[0] == right[0] == fact_name and len(left) == len(right)
        and all(one == other or str(one).startswith(part) for one, other in zip(left, right)) for left, right in pairs)


def error_numbers(found):
    return [fact[1] if fact and fact[0] == "error" else 0 for fact in found.first()]


def is_lost(found):
    return found.proxied == [("client", "connection lost")] and found.direct[0][0] != "client"


# Repairs of single facts

def replaced(direct, proxied, is_same):
    """`proxied` with the direct side's fact wherever `is_same` of the two facts at one place."""
    if len(direct) != len(proxied):
        return proxied
    return [left if left != right and left[0] == right[0] and is_same(left, right) else right
            for left, right in zip(direct, proxied)]


def with_schema(step, direct, proxied):
    if step["do"] not in ("connect", "change_user"):
        return proxied
    return proxied + [fact for fact in direct if fact[:2] == ("tracked", "schema") and fact not in proxied]


def with_tracked_variables(_, direct, proxied):
    missing = [fact for fact in direct if fact[:2] == ("tracked", "variable") and fact not in proxied]
    return direct if missing and sorted(map(str, proxied + missing)) == sorted(map(str, direct)) else proxied


def without_transaction_state(_, direct, proxied):
    """The proxied facts with what the direct side says of the transaction, and nothing else changed."""
    def others(facts):
        return [fact for fact in facts if fact[0] != "tracked" or not fact[1].startswith("transaction")]
    return direct if others(direct) == others(proxied) else proxied


def with_length(_, direct, proxied):
    return replaced(direct, proxied, lambda left, right: left[0] == "information" and left[1].endswith(right[1]))


CHANGED = "session state changed"


def without_flag(fact, flag):
    return (*fact[:-1], "|".join(one for one in fact[-1].split("|") if one != flag))


def without_state_flag(_, direct, proxied):
    return replaced(direct, proxied, lambda left, right: left[0] == "end" and without_flag(left, CHANGED)
                    == without_flag(right, CHANGED))


def with_metadata_flag(_, direct, proxied):
    return replaced(direct, proxied, lambda left, right: left[0] == "end" and without_flag(left, "metadata changed") == right)


def with_own_ok(step, direct, proxied):
    return replaced(direct, proxied, lambda left, right: step["do"] in ("ping", "reset_statement", "init_db") and left[0] == "ok")


def without_empty_changes(_, direct, proxied):
    empty = ("information", "\0\0")
    return proxied if empty in direct else [fact for fact in proxied if fact != empty]


def without_unchanged_variables(_, direct, proxied):
    return [fact for fact in proxied if fact[:2] != ("tracked", "variable") or fact in direct]


KNOWN = (
    known_facts(
        "login without schema change",
        "The OK of a login or COM_CHANGE_USER does not report the schema as a session change, as the server's does.",
        with_schema),
    known_facts(
        "information without length",
        "Servers send an OK's text with its length also without CLIENT_SESSION_TRACK; weir-proxy leaves the length "
        "out.",
        with_length),
    known_facts(
        "state flag of an EOF",
        "The flag 'session state changed' of an EOF packet is that of what weir-proxy tracks, not of what the client "
        "has asked to track.",
        without_state_flag),
    known_facts(
        "unchanged variables",
        "An OK reports variables that were set to what they were; the server's reports only true changes.",
        without_unchanged_variables),
    known_facts(
        "own OK of weir-proxy",
        "The OK with which weir-proxy answers COM_PING and COM_STMT_RESET itself has other status flags (read-only "
        "transaction; transaction ended by an implicit commit) or warnings than the server's; that of COM_INIT_DB has "
        "the warnings of another statement.",
        with_own_ok),
    known_facts(
        "metadata changed",
        "A prepared statement whose columns have changed since is prepared anew on another server, so that the flag "
        "'metadata changed' is missing.",
        with_metadata_flag),
    known_facts(
        "tracking is not reported",
        "OKs report the variables that are tracked by default, whatever the client asks for by "
        "session_track_system_variables.",
        with_tracked_variables),
    known_facts(
        "tracked transactions",
        "With session_track_transaction_info set by the client, reports of transaction states differ after XA "
        "PREPARE.",
        without_transaction_state),
    known_facts(
        "empty changes in an OK",
        "After the client set session_track_system_variables an OK ends with two zero bytes for a client without "
        "CLIENT_SESSION_TRACK.",
        without_empty_changes),
    known_difference(
        "tracking of state changes",
        "After SET session_track_state_change = 1 the connection is closed.",
        lambda found: is_lost(found) and has_said(found, "session_track_state_change")),
    known_difference(
        "locks on a replica",
        "LOCK IN SHARE MODE in a READ ONLY transaction that is open on a replica locks rows there: other sessions "
        "write them at the primary, and the replica's replication waits for the session.",
        lambda found: "does not catch up" in str(found.proxied) or error_numbers(found) == [1205, 0]),
    known_difference(
        "write in a read-only transaction",
        "MariaDB: a write in a READ ONLY transaction that is open on a replica fails with the replica's 1290 instead "
        "of 1792 or its own error, also where BEGIN would have ended that transaction.",
        lambda found: error_numbers(found)[1] == 1290),
    known_difference(
        "message of 1421",
        "MariaDB's text for a statement without a cursor has no full stop; and the error is not what SHOW ERRORS "
        "tells next.",
        lambda found: error_numbers(found) == [1421, 1421]),
    known_difference(
        "id of the connection",
        "CONNECTION_ID(), @@pseudo_thread_id, IS_USED_LOCK() and the process list tell the server's id, not the one "
        "that weir-proxy greeted with.",
        lambda found: "{id:" in text_of(found),
        leaves_nothing=True),
    known_difference(
        "FOUND_ROWS() after no SELECT",
        "After a statement that is no plain SELECT, and in a statement by COM_STMT_PREPARE, FOUND_ROWS() is not what "
        "one server says: weir-proxy's own statements change it, or another server is asked.",
        lambda found: asks(found, "FOUND_ROWS"),
        leaves_nothing=True),
    known_difference(
        "diagnostics after a statement elsewhere",
        "Warnings and errors belong to the last statement that has any or uses tables; weir-proxy asks where the last "
        "statement ran, though ROLLBACK, SAVEPOINT, SET and others keep what was there, on another server.",
        lambda found: asks(found, "WARNINGS", "ERRORS", "WARNING_COUNT", "ERROR_COUNT"),
        leaves_nothing=True),
    known_difference(
        "LAST_INSERT_ID() in a read-only transaction",
        "It is asked of the replica that has the transaction, which does not know it.",
        lambda found: asks(found, "LAST_INSERT_ID", "@@IDENTITY") and has_said(found, "READ ONLY"),
        leaves_nothing=True),
    known_difference(
        "GET DIAGNOSTICS after a statement on a replica",
        "It runs on the primary, whose last statement was another one.",
        lambda found: asks(found, "GET DIAGNOSTICS", "GET CURRENT DIAGNOSTICS", "@D1"),
        leaves_nothing=True),
    known_difference(
        "ROW_COUNT() after COM_STMT_RESET",
        "weir-proxy answers the command itself, so that ROW_COUNT() is that of the statement before.",
        lambda found: asks(found, "ROW_COUNT()"),
        leaves_nothing=True),
    known_difference(
        "collation of results",
        "SET NAMES ... COLLATE: the collation of character_set_results is not brought to another server; columns come "
        "with the default one.",
        lambda found: differ_only_in(found, "column", "collation"),
        leaves_nothing=True),
    known_difference(
        "one-shot SET TRANSACTION",
        "SET TRANSACTION is forgotten when a SELECT of @@transaction_isolation comes before the transaction.",
        lambda found: has_just_said(found, "SET TRANSACTION")),
    known_difference(
        "SET STATEMENT leaks",
        "What SET STATEMENT ... FOR sets is learnt as the session's and brought to other servers.",
        lambda found: has_said(found, "SET STATEMENT ")),
    known_difference(
        "sql_auto_is_null",
        "With sql_auto_is_null = 1 a read of `column IS NULL` goes to a server that does not know the last generated "
        "key.",
        lambda found: has_said(found, "sql_auto_is_null") and asks(found, "IS NULL")),
    known_difference(
        "prepared under another state",
        "A statement that is prepared on a further connection is read there by today's schema and sql_mode, not by "
        "those that it was prepared with.",
        lambda found: found.step["do"] == "execute" and (
            has_said(found, "USE ", "sql_mode") or "init_db" in str(found.script.steps))),
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
