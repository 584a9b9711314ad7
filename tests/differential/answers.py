"""Packets of an answer as facts: named tuples that can be compared one by one and printed."""
import struct

from link import length_encoded

FLAGS = {0x0001: "in transaction", 0x0002: "autocommit", 0x0008: "more results", 0x0010: "no good index", 0x0020: "no index",
         0x0040: "cursor", 0x0080: "last row", 0x0100: "schema dropped", 0x0200: "no backslash escapes",
         0x0400: "metadata changed", 0x0800: "slow", 0x1000: "output parameters", 0x2000: "in read-only transaction",
         0x4000: "session state changed"}
TRACKED = {0: "variable", 1: "schema", 2: "state change", 3: "gtids", 4: "transaction characteristics", 5: "transaction state"}


def text(data):
    return data.decode("utf-8", "backslashreplace")


def counted(data, at):
    """(bytes, where they end)"""
    size, at = length_encoded(data, at)
    return data[at:at + size], at + size


def flags_of(status):
    return "|".join(name for bit, name in FLAGS.items() if status & bit)


def tracked_changes(data):
    """What an OK says of the session: (kind, texts)"""
    changes, at = [], 0
    while at < len(data):
        kind, (entry, at) = data[at], counted(data, at + 1)
        if kind == 2:
            changes.append((TRACKED[kind], (text(entry),)))
            continue
        parts, inner = [], 1 if kind == 3 else 0    # MySQL's GTIDs begin with the number of their encoding
        while inner < len(entry):
            part, inner = counted(entry, inner)
            parts.append(text(part))
        changes.append((TRACKED.get(kind, str(kind)), tuple(parts)))
    return changes


def read_ok(packet, options, name="ok"):
    affected, at = length_encoded(packet, 1)
    insert_id, at = length_encoded(packet, at)
    status, warnings = struct.unpack_from("<HH", packet, at)
    at += 4
    facts = [(name, f"affected {affected}", f"insert id {insert_id}", f"warnings {warnings}", flags_of(status & ~0x4000))]
    information, changes = packet[at:], []
    if "session_track" in options and at < len(packet):
        information, at = counted(packet, at)
        if status & 0x4000:
            changes = tracked_changes(counted(packet, at)[0])
    if information:
        facts.append(("information", text(information)))
    return facts + [("tracked", *change) for change in changes]


def read_error(packet):
    number = struct.unpack_from("<H", packet, 1)[0]
    state, message = (packet[4:9], packet[9:]) if packet[3:4] == b"#" else (b"", packet[3:])
    return [("error", number, text(state), text(message))]


def read_eof(packet):
    warnings, status = struct.unpack_from("<HH", packet, 1)
    return [("end", f"warnings {warnings}", flags_of(status))]


def read_column(packet, options):
    parts, at = [], 0
    for _ in range(6):
        part, at = counted(packet, at)
        parts.append(text(part))
    extended = b""
    if "extended_metadata" in options:
        extended, at = counted(packet, at)
    collation, length, kind, bits, decimals = struct.unpack_from("<xHIBHB", packet, at)
    return [("column", f"{parts[1]}.{parts[2]}.{parts[4]}", f"of {parts[3]}.{parts[5]}", f"type {kind}", f"length {length}",
             f"collation {collation}", f"flags {bits:#x}", f"decimals {decimals}", text(extended))]


def read_text_row(packet):
    values, at = [], 0
    while at < len(packet):
        if packet[at] == 0xFB:
            values.append(None)
            at += 1
        else:
            part, at = counted(packet, at)
            values.append(text(part))
    return [("row", *values)]


def read_results(packets, do, options):
    facts, at = [], 0
    while at < len(packets):
        packet = packets[at]
        at += 1
        if packet[0] == 0x00:
            facts += read_ok(packet, options)
        elif packet[0] == 0xFF:
            facts += read_error(packet)
        else:
            count, _ = length_encoded(packet, 0)
            facts.append(("columns", packet.hex()))
            at = read_result_set(packets, at, count if len(packet) < 2 or packet[-1] != 0 else 0, do, options, facts)
    return facts


def read_result_set(packets, at, count, do, options, facts):
    """Columns and rows of one result set; where the next result begins."""
    for packet in packets[at:at + count]:
        facts += read_column(packet, options)
    at += count
    has_eof = "deprecate_eof" not in options
    if has_eof and at < len(packets):
        facts += read_error(packets[at]) if packets[at][0] == 0xFF else read_eof(packets[at])
        at += 1
        if facts[-1][0] == "error" or "cursor" in facts[-1][-1]:
            return at
    return read_rows(packets, at, do, options, facts)


def read_rows(packets, at, do, options, facts):
    while at < len(packets):
        packet = packets[at]
        at += 1
        if packet[0] == 0xFF:
            facts += read_error(packet)
            return at
        if packet[0] == 0xFE and (len(packet) < 9 or "deprecate_eof" in options):
            facts += read_ok(packet, options, "end") if "deprecate_eof" in options else read_eof(packet)
            return at
        facts += read_text_row(packet) if do == "query" else [("row", packet.hex())]
    return at


def read_prepared(packets, options):
    if packets[0][0] == 0xFF:
        return read_error(packets[0])
    columns, parameters, warnings = struct.unpack_from("<HHxH", packets[0], 5)
    facts = [("prepared", f"columns {columns}", f"parameters {parameters}", f"warnings {warnings}")]
    for packet in packets[1:]:
        facts += read_eof(packet) if packet[0] == 0xFE and len(packet) < 9 else read_column(packet, options)
    return facts


def read(outcome, do, options):
    """The facts of an outcome (see runner.py). What cannot be read is one fact, its bytes."""
    if any(isinstance(packet, str) for packet in outcome):
        return [("client", packet) for packet in outcome]
    try:
        if do == "prepare":
            return read_prepared(outcome, options)
        if do == "connect":
            return read_error(outcome[0]) if outcome[0][0] == 0xFF else read_ok(outcome[0], options, "logged in")
        if do == "fetch":
            facts = []
            read_rows(outcome, 0, do, options, facts)
            return facts
        return read_results(outcome, do, options)
    except (IndexError, struct.error, ValueError) as error:
        return [("unreadable", str(error), *(packet.hex() for packet in outcome))]
