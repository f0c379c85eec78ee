"""Join Parquet files of one schema by copying their row groups as they are.

What did not change since the last build is copied byte for byte: it is neither decoded nor compressed again,
so that a run with one new file costs what is new. Only the footer is written anew, with every place moved to
where the row group stands now. Footers are Thrift structs in its compact protocol (Apache Parquet's
parquet.thrift); only what such a footer holds is understood here.
"""

import struct
from pathlib import Path
from typing import Any

_MAGIC = b"PAR1"
# Types of the compact protocol.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_INTEGERS = (_I16, _I32, _I64)

# Fields by their number in parquet.thrift.
_FILE_ROWS, _FILE_GROUPS = 3, 4
_GROUP_COLUMNS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _CHUNK_METADATA = 2, 3
_CHUNK_INDEXES = (4, 6)
_METADATA_OFFSETS = (9, 10, 11, 14)

# A struct: field number → (type, value). A list: (type of its members, members).
_Struct = dict[int, tuple[int, Any]]


class JoinedFile:
    """A Parquet file that is made of the row groups of others. Raises ValueError for another schema."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(_MAGIC)
        self._end = len(_MAGIC)
        self._footer: _Struct | None = None
        self._groups: list[_Struct] = []
        self._rows = 0

    def add(self, content: bytes) -> None:
        """Append the row groups of a Parquet file, given as its bytes. The first file gives the schema."""
        footer, start = _read_footer(content)
        _, groups = footer[_FILE_GROUPS][1]
        self._rows += footer[_FILE_ROWS][1]
        rest = {number: found for number, found in footer.items() if number not in (_FILE_ROWS, _FILE_GROUPS)}
        if self._footer is None:
            self._footer = rest
        elif self._footer != rest:
            raise ValueError("row groups of another schema or writer cannot be joined")
        for group in groups:
            _move(group, self._end - len(_MAGIC))
            if _GROUP_ORDINAL in group:
                group[_GROUP_ORDINAL] = (_I16, len(self._groups))
            self._groups.append(group)
        data = memoryview(content)[len(_MAGIC) : start]
        self._file.write(data)
        self._end += len(data)

    def finish(self) -> None:
        """Write the footer. At least one file, be it without rows, has to be added before."""
        if self._footer is None:
            raise ValueError("no file gave a schema")
        footer = self._footer | {
            _FILE_ROWS: (_I64, self._rows),
            _FILE_GROUPS: (_LIST, (_STRUCT, self._groups)),
        }
        out = bytearray()
        _write_struct(out, footer)
        self._file.write(bytes(out) + struct.pack("<I", len(out)) + _MAGIC)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def _read_footer(content: bytes) -> tuple[_Struct, int]:
    """Return the footer of a Parquet file and where it starts."""
    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    if content[:4] != _MAGIC or content[-4:] != _MAGIC or start < len(_MAGIC):
        raise ValueError("not a Parquet file")
    footer, end = _read_struct(content, start)
    if end != len(content) - 8:
        raise ValueError("the footer is not understood")
    return footer, start


def _move(group: _Struct, by: int) -> None:
    """Move every place in the file that a row group names."""
    _shift(group, _GROUP_OFFSET, by)
    for chunk in group[_GROUP_COLUMNS][1][1]:
        if any(number in chunk for number in _CHUNK_INDEXES):
            raise ValueError("page indexes are not copied")
        _shift(chunk, _CHUNK_OFFSET, by)
        for number in _METADATA_OFFSETS:
            _shift(chunk[_CHUNK_METADATA][1], number, by)


def _shift(found: _Struct, number: int, by: int) -> None:
    # 0 stands for no place: nothing starts there.
    if number in found and found[number][1]:
        kind, place = found[number]
        found[number] = (kind, place + by)


def _read_struct(content: bytes, at: int) -> tuple[_Struct, int]:
    found: _Struct = {}
    number = 0
    while content[at]:
        head = content[at]
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            number, at = _read_integer(content, at)
        if kind in (_TRUE, _FALSE):
            found[number] = (kind, None)
        else:
            value, at = _read_value(content, at, kind)
            found[number] = (kind, value)
    return found, at + 1


def _read_value(content: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in _INTEGERS:
        return _read_integer(content, at)
    if kind == _BINARY:
        length, at = _read_varint(content, at)
        return content[at : at + length], at + length
    if kind == _STRUCT:
        return _read_struct(content, at)
    if kind in (_LIST, _SET):
        head = content[at]
        size, member, at = head >> 4, head & 15, at + 1
        if size == 15:
            size, at = _read_varint(content, at)
        members = []
        for _ in range(size):
            value, at = _read_value(content, at, _BYTE if member in (_TRUE, _FALSE) else member)
            members.append(value)
        return (member, members), at
    if kind == _BYTE:
        return content[at : at + 1], at + 1
    if kind == _DOUBLE:
        return content[at : at + 8], at + 8
    raise ValueError(f"type {kind} does not stand in a footer")


def _read_varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _read_integer(content: bytes, at: int) -> tuple[int, int]:
    value, at = _read_varint(content, at)
    return (value >> 1) ^ -(value & 1), at


def _write_struct(out: bytearray, found: _Struct) -> None:
    before = 0
    for number, (kind, value) in sorted(found.items()):
        if 0 < number - before < 16:
            out.append((number - before) << 4 | kind)
        else:
            out.append(kind)
            _write_integer(out, number)
        before = number
        if kind not in (_TRUE, _FALSE):
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in _INTEGERS:
        _write_integer(out, value)
    elif kind == _BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        _write_struct(out, value)
    elif kind in (_LIST, _SET):
        member, members = value
        out.append(min(len(members), 15) << 4 | member)
        if len(members) >= 15:
            _write_varint(out, len(members))
        for one in members:
            _write_value(out, _BYTE if member in (_TRUE, _FALSE) else member, one)
    else:
        out += value


def _write_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _write_integer(out: bytearray, value: int) -> None:
    _write_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)
