"""Join Parquet files of one schema by copying their row groups as they are.

What did not change since the last build is copied byte for byte: it is neither decoded nor compressed again,
so that a run with one new file costs what is new. Only the footer is written anew, with every place moved to
where the row group stands now. For that, a footer is cut at the places that it names; all between is copied
unread. Footers are Thrift structs in its compact protocol (Apache Parquet's parquet.thrift); only what such a
footer holds is understood here.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAGIC = b"PAR1"
# Types of the compact protocol.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

# Fields by their number in parquet.thrift.
_FILE_SCHEMA, _FILE_ROWS, _FILE_GROUPS = 2, 3, 4
_GROUP_COLUMNS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _CHUNK_METADATA = 2, 3
_CHUNK_INDEXES = (4, 6)
_METADATA_OFFSETS = (9, 10, 11, 14)
# How the number of rows and the list of row groups begin when they follow the schema.
_ROWS_BEGIN = bytes([(_FILE_ROWS - _FILE_SCHEMA) << 4 | _I64])
_GROUPS_BEGIN = bytes([(_FILE_GROUPS - _FILE_ROWS) << 4 | _LIST])


@dataclass(frozen=True)
class RowGroup:
    """What a footer says of a row group: the numbers that move with it, and the bytes before each and after.

    The numbers are places in the file, but for the last one when `is_numbered`: that is the number of the row
    group.
    """

    numbers: tuple[int, ...]
    between: tuple[bytes, ...]
    is_numbered: bool

    def moved(self, by: int, number: int) -> bytes:
        """Return it as the footer says it of the row group of this number, whose places moved `by` bytes."""
        last = len(self.numbers) - 1 if self.is_numbered else len(self.numbers)
        out = bytearray(self.between[0])
        for index, place in enumerate(self.numbers):
            # 0 stands for no place: nothing starts there.
            found = number if index == last else place + by if place else 0
            _write_varint(out, found << 1)
            out += self.between[index + 1]
        return bytes(out)


@dataclass(frozen=True)
class Footer:
    """A footer, cut: what stands before the number of rows, the row groups, and what stands after them.

    `start` is where it starts in the file, and so where the row groups end.
    """

    start: int
    before: bytes
    n_rows: int
    groups: tuple[RowGroup, ...]
    after: bytes

    @classmethod
    def of(cls, content: bytes) -> "Footer":
        """Cut the footer of a Parquet file, given as its bytes. Raises ValueError if it is not understood."""
        start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        if content[:4] != _MAGIC or content[-4:] != _MAGIC or start < len(_MAGIC):
            raise ValueError("not a Parquet file")
        try:
            return _cut(content, start)
        except (IndexError, KeyError):
            raise ValueError("the footer is not understood") from None

    def as_json(self) -> list[Any]:
        """Return it as values that JSON can keep."""
        groups = [
            [group.numbers, [piece.decode("latin-1") for piece in group.between], group.is_numbered]
            for group in self.groups
        ]
        return [self.start, self.before.decode("latin-1"), self.n_rows, groups, self.after.decode("latin-1")]

    @classmethod
    def of_json(cls, kept: Sequence[Any]) -> "Footer":
        """Return the footer that `as_json` made these values of."""
        start, before, n_rows, groups, after = kept
        cut = (
            RowGroup(tuple(numbers), tuple(piece.encode("latin-1") for piece in between), is_numbered)
            for numbers, between, is_numbered in groups
        )
        return cls(start, before.encode("latin-1"), n_rows, tuple(cut), after.encode("latin-1"))


class JoinedFile:
    """A Parquet file that is made of the row groups of others. Raises ValueError for another schema."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._file.write(_MAGIC)
        self._end = len(_MAGIC)
        self._first: Footer | None = None
        self._groups: list[bytes] = []
        self._rows = 0

    def add(self, content: bytes, footer: Footer | None = None) -> None:
        """Append the row groups of a Parquet file, given as its bytes. The first file gives the schema.

        `footer` is its footer, when it was cut before.
        """
        footer = footer or Footer.of(content)
        if self._first is None:
            self._first = footer
        elif (self._first.before, self._first.after) != (footer.before, footer.after):
            raise ValueError("row groups of another schema or writer cannot be joined")
        for group in footer.groups:
            self._groups.append(group.moved(self._end - len(_MAGIC), len(self._groups)))
        self._rows += footer.n_rows
        row_groups = memoryview(content)[len(_MAGIC) : footer.start]
        self._file.write(row_groups)
        self._end += len(row_groups)

    def finish(self) -> None:
        """Write the footer. At least one file, be it without rows, has to be added before."""
        if self._first is None:
            raise ValueError("no file gave a schema")
        out = bytearray(self._first.before)
        out += _ROWS_BEGIN
        _write_varint(out, self._rows << 1)
        out += _GROUPS_BEGIN
        out.append(min(len(self._groups), 15) << 4 | _STRUCT)
        if len(self._groups) >= 15:
            _write_varint(out, len(self._groups))
        out += b"".join(self._groups)
        out += self._first.after
        self._file.write(bytes(out) + struct.pack("<I", len(out)) + _MAGIC)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def _cut(content: bytes, start: int) -> Footer:
    fields = {number: (begin, at, end) for number, begin, at, end in _fields(content, start)}
    rows, groups = fields[_FILE_ROWS], fields[_FILE_GROUPS]
    expected = (_ROWS_BEGIN, _GROUPS_BEGIN)
    end = max((end for _, _, end in fields.values()), default=start) + 1
    if (content[rows[0] : rows[1]], content[groups[0] : groups[1]]) != expected or end != len(content) - 8:
        raise ValueError("the footer is not understood")
    n_rows, _ = _read_varint(content, rows[1])
    cut = tuple(_cut_group(content, at) for at, _ in _members(content, groups[1]))
    return Footer(start, content[start : rows[0]], n_rows >> 1, cut, content[groups[2] : len(content) - 8])


def _cut_group(content: bytes, start: int) -> RowGroup:
    """Cut the struct of a row group."""
    cuts: list[tuple[int, int]] = []
    ordinal = None
    end = start
    for number, _, at, end in _fields(content, start):
        if number == _GROUP_COLUMNS:
            for chunk, _ in _members(content, at):
                cuts += _places_of_chunk(content, chunk)
        elif number == _GROUP_OFFSET:
            cuts.append((at, end))
        elif number == _GROUP_ORDINAL:
            ordinal = (at, end)
    if ordinal:
        cuts.append(ordinal)
    if cuts != sorted(cuts):
        raise ValueError("the footer is not understood")
    numbers = tuple(_read_varint(content, at)[0] >> 1 for at, _ in cuts)
    bounds = [start, *(bound for cut in cuts for bound in cut), end + 1]
    pieces = tuple(content[one:other] for one, other in zip(bounds[::2], bounds[1::2], strict=True))
    return RowGroup(numbers, pieces, ordinal is not None)


def _places_of_chunk(content: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the places stand that a column chunk names."""
    for number, _, at, end in _fields(content, start):
        if number in _CHUNK_INDEXES:
            raise ValueError("page indexes are not copied")
        if number == _CHUNK_OFFSET:
            yield at, end
        elif number == _CHUNK_METADATA:
            yield from ((a, e) for n, _, a, e in _fields(content, at) if n in _METADATA_OFFSETS)


def _fields(content: bytes, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the fields of a struct: number, and where the field, its value and the next field begin."""
    number = 0
    while content[at]:
        begin = at
        head = content[at]
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            signed, at = _read_varint(content, at)
            number = (signed >> 1) ^ -(signed & 1)
        end = at if kind in (_TRUE, _FALSE) else _end_of(content, at, kind)
        yield number, begin, at, end
        at = end


def _members(content: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield where each member of a list begins and ends."""
    head = content[at]
    size, kind, at = head >> 4, head & 15, at + 1
    if size == 15:
        size, at = _read_varint(content, at)
    for _ in range(size):
        end = _end_of(content, at, _BYTE if kind in (_TRUE, _FALSE) else kind)
        yield at, end
        at = end


def _end_of(content: bytes, at: int, kind: int) -> int:
    """Return where a value ends."""
    if kind in (_I16, _I32, _I64):
        while content[at] > 127:
            at += 1
        return at + 1
    if kind == _BINARY:
        length, at = _read_varint(content, at)
        return at + length
    if kind == _STRUCT:
        for *_, end in _fields(content, at):
            at = end
        return at + 1
    if kind in (_LIST, _SET):
        members = list(_members(content, at))
        if members:
            return members[-1][1]
        # 15 in the head says that the size follows; of an empty list it does not.
        return at + 1
    if kind == _BYTE:
        return at + 1
    if kind == _DOUBLE:
        return at + 8
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


def _write_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
