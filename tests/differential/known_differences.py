"""Faults of weir-proxy that are known to exist, so that a run goes on and finds others.

Each entry has a name, what is wrong, and a predicate of a `difference`. `leaves_nothing`: what follows in the script can still
be compared; otherwise the rest of the script is not looked at, for it may differ only in consequence. An entry goes
when its fault is mended.
"""
from typing import Callable, NamedTuple

from comparison import difference


class known_difference(NamedTuple):
    name: str
    what: str
    matches: Callable[[difference], bool]
    leaves_nothing: bool = False


def only_missing(found, fact):
    """The proxied side lacks this fact and is otherwise the same."""
    return [one for one in found.direct if one != fact] == found.proxied


def text_of(found):
    """The SQL text that a step is about, also where it was prepared before."""
    step = found.step
    if "sql" in step and not step["sql"].startswith("EXECUTE "):
        return step["sql"]
    name = step.get("statement") or step.get("sql", "").split()[1:2]
    for before in reversed(found.script.steps[:found.index]):
        if before.get("session") != step["session"]:
            continue
        if before["do"] == "prepare" and before["statement"] == name or before.get("sql", "").startswith(f"PREPARE {''.join(name)} "):
            return before["sql"]
    return ""


def loses_length_of_information(found):
    return len(found.direct) == len(found.proxied) and all(
        left == right or left[0] == right[0] == "information" and left[1].endswith(right[1])
        for left, right in zip(found.direct, found.proxied))


def pairs(found):
    """Facts that differ; None if one side has more of them."""
    if len(found.direct) != len(found.proxied):
        return None
    return [pair for pair in zip(found.direct, found.proxied) if pair[0] != pair[1]]


def has_only_extra_state_flag(found):
    differing = pairs(found)
    return bool(differing) and all(
        left[0] == right[0] == "end" and right[-1].replace("session state changed", "").strip("|") == left[-1] for left, right in differing)


def error_numbers(found):
    return [fact[1] if fact and fact[0] == "error" else 0 for fact in found.first()]


def is_lost(found):
    return found.proxied == [("client", "connection lost")] and found.direct[0][0] != "client"


KNOWN = (
    known_difference(
        "tracking set by the client", "SET session_track_state_change, session_track_schema ... by a client ends its connection.",
        lambda found: is_lost(found) and "session_track_" in text_of(found)),
    known_difference(
        "write in a read-only transaction", "MariaDB: a write in a READ ONLY transaction that is open on a replica fails with the replica's "
        "1290 instead of 1792.", lambda found: error_numbers(found) == [1792, 1290], leaves_nothing=True),
    known_difference(
        "message of 1421", "MariaDB's text for a statement without a cursor has no full stop.",
        lambda found: error_numbers(found) == [1421, 1421], leaves_nothing=True),
    known_difference(
        "state flag of an EOF", "The status flags of an EOF packet say that session state has changed although nothing of the client's has: "
        "weir-proxy's own tracking shows.", has_only_extra_state_flag, leaves_nothing=True),
    known_difference(
        "login without schema change", "The OK of a login or COM_CHANGE_USER does not report the schema as a session change, as the server's does.",
        lambda found: found.step["do"] in ("connect", "change_user") and only_missing(found, ("tracked", "schema", (found.step["schema"],))),
        leaves_nothing=True),
    known_difference(
        "information without length", "MariaDB sends an OK's text with its length also without CLIENT_SESSION_TRACK; weir-proxy leaves the "
        "length out.", loses_length_of_information, leaves_nothing=True),
    known_difference(
        "id of the connection", "CONNECTION_ID(), @@pseudo_thread_id, IS_USED_LOCK() and the process list tell the server's id, not the one "
        "that weir-proxy greeted with.", lambda found: "{id:" in text_of(found), leaves_nothing=True),
)


def known_as(found):
    """The entry that a difference belongs to; None for a new one."""
    return next((entry for entry in KNOWN if entry.matches(found)), None)
