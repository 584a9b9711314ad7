"""COM_STMT_EXECUTE and COM_STMT_SEND_LONG_DATA: a script's values in the binary protocol.

A value is an integer, a float, a text, null, or one of {"date": "2024-02-29"}, {"decimal": "1.50"}, {"long": true} (sent
before as long data).
"""
import struct

import link

TYPE_DOUBLE, TYPE_NULL, TYPE_LONGLONG, TYPE_DATE = 0x05, 0x06, 0x08, 0x0A
TYPE_NEWDECIMAL, TYPE_BLOB, TYPE_VAR_STRING = 0xF6, 0xFC, 0xFD
PARAMETER_COUNT_AVAILABLE = 0x08


def type_of(value):
    if value is None:
        return TYPE_NULL
    if isinstance(value, int):
        return TYPE_LONGLONG
    if isinstance(value, float):
        return TYPE_DOUBLE
    if isinstance(value, str):
        return TYPE_VAR_STRING
    return {"date": TYPE_DATE, "decimal": TYPE_NEWDECIMAL, "long": TYPE_BLOB}[next(iter(value))]


def plain(value):
    """The text or number in a value."""
    return next(iter(value.values())) if isinstance(value, dict) else value


def encoded(value, kind):
    """A value that is not null, as the type announced for it: kinds may stem from an earlier execution."""
    value = plain(value)
    if kind == TYPE_LONGLONG:
        return struct.pack("<q", value if isinstance(value, int) else 7)
    if kind == TYPE_DOUBLE:
        return struct.pack("<d", value if isinstance(value, (int, float)) else 0.5)
    if kind == TYPE_DATE:
        year, month, day = (str(value).split("-") + ["1", "1", "1"])[:3] if "-" in str(value) else (2024, 2, 29)
        return struct.pack("<BHBB", 4, int(year), int(month), int(day))
    text = str(value).encode("utf-8", "surrogateescape")
    return link.encode_length(len(text)) + text


def execute_payload(statement, step, has_attributes):
    """Of a COM_STMT_EXECUTE. A step with "rebind": false sends no types if some were sent before. With query attributes the
    number of values and their names, empty ones, are sent too."""
    values, flags = step["values"], step.get("cursor", 0)
    if has_attributes:
        flags |= PARAMETER_COUNT_AVAILABLE
    payload = struct.pack("<BIBI", link.COM_STMT_EXECUTE, statement.number, flags, 1)
    if has_attributes:
        payload += link.encode_length(len(values))
    if not values:
        return payload
    keeps = step.get("rebind") is False and statement.types is not None
    if not keeps:
        statement.types = [type_of(value) for value in values]
    kinds = statement.types
    nulls = sum(1 << at for at, value in enumerate(values) if value is None or kinds[at] == TYPE_NULL)
    payload += nulls.to_bytes((len(values) + 7) // 8, "little") + (b"\0" if keeps else b"\1")
    if not keeps:
        payload += b"".join(struct.pack("<H", kind) + (b"\0" if has_attributes else b"") for kind in kinds)
    sent, statement.long_data = statement.long_data, set()
    return payload + b"".join(
        encoded(value, kind) for at, (value, kind) in enumerate(zip(values, kinds))
        if not nulls >> at & 1 and at not in sent)


def long_data_payload(statement, parameter, data):
    statement.long_data.add(parameter)
    return struct.pack("<BIH", link.COM_STMT_SEND_LONG_DATA, statement.number, parameter) + data.encode()
