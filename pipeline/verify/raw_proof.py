"""The raw folder against the table sources: every file is listed, and has the size and hash that stand there.

Written apart from pipeline.raw_files, which made the table.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.faults import Fault
from pipeline.verify.problems import Findings
from pipeline.verify.reading import batches

_CHUNK = 1 << 20


class NotReadable(Exception):
    """A raw file that may not or cannot be read: why."""


def prove_sources(
    raw: Path, processed: Path, findings: Findings, on_progress: Callable[[int], None] | None = None
) -> None:
    """Compare every raw file with its row, and every row with its file; both come in order of the path."""
    files = _files(raw)
    rows = (row for batch in batches(processed, "sources") for row in batch.iter_rows(named=True))
    file, row = next(files, None), next(rows, None)
    while file is not None or row is not None:
        path = str(row["raw_path"]) if row is not None else ""
        if file is not None and (row is None or file[0] < path):
            findings.counts["raw files"] += 1
            findings.in_raw(file[0], "no row of sources names the file", "build again")
            file = next(files, None)
        elif row is not None and (file is None or path < file[0]):
            findings.counts["rows of sources"] += 1
            if not _reasons(row) & {"vanished"}:
                findings.in_raw(path, "the raw file of a row of sources is not there")
            row = _after(row, next(rows, None), findings)
        elif row is not None and file is not None:
            findings.counts["raw files"] += 1
            findings.counts["rows of sources"] += 1
            _prove_file(raw, file[1], row, findings)
            file, row = next(files, None), _after(row, next(rows, None), findings)
        if on_progress:
            on_progress(findings.counts["raw files"])
    if findings.counts["raw files"] != findings.counts["rows of sources"]:
        findings.in_table(
            "sources",
            f"it has {findings.counts['rows of sources']:,} rows, and {findings.counts['raw files']:,} files "
            "lie under the raw folder",
        )


def read_raw(raw: Path, raw_path: str) -> bytes:
    """Return the bytes of a raw file. Raises NotReadable, also for what leads out of the raw folder."""
    with os.fdopen(_open(raw, name_of(raw_path)), "rb") as file:
        try:
            return file.read()
        except OSError as error:
            raise NotReadable(error.strerror or str(error)) from None


def name_of(raw_path: str) -> bytes:
    """Return the name of a file under the raw folder as the disk has it, from its path in the tables."""
    name = bytearray()
    at = 0
    encoded = raw_path.encode("utf-8")
    while at < len(encoded):
        if encoded[at : at + 2] == b"\\\\":
            name += b"\\"
            at += 2
        elif encoded[at : at + 2] == b"\\x":
            try:
                name.append(int(encoded[at + 2 : at + 4], 16))
            except ValueError:
                raise NotReadable("the path is not written as paths are") from None
            at += 4
        else:
            name.append(encoded[at])
            at += 1
    return bytes(name)


def _after(
    row: dict[str, Any], following: dict[str, Any] | None, findings: Findings
) -> dict[str, Any] | None:
    if following is not None and following["raw_path"] <= row["raw_path"]:
        findings.in_row("sources", ("raw_path",), following, "the rows are not in the order of their key")
    return following


def _files(raw: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file under the raw folder: its path as the tables show it, and its name in bytes."""
    root = os.fsencode(raw)
    # A stack of listings in reverse order; a folder counts with the '/' that follows its name.
    waiting = [(b"", True)]
    while waiting:
        name, is_folder = waiting.pop()
        if not is_folder:
            yield _shown(name), name
            continue
        try:
            with os.scandir(os.path.join(root, name)) as entries:  # noqa: PTH118 (names are bytes)
                listed = [
                    (name + entry.name + (b"/" if folder else b""), folder)
                    for entry in entries
                    for folder in (entry.is_dir(follow_symlinks=False),)
                ]
        except OSError as error:
            if not name:
                raise Fault(
                    f"the raw folder {raw} cannot be read ({error.strerror})",
                    "allow reading it, or name another with --raw",
                ) from None
            yield _shown(name[:-1]), name[:-1]
            continue
        waiting += sorted(listed, key=lambda one: _shown(one[0]), reverse=True)


def _shown(name: bytes) -> str:
    return name.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def _reasons(row: dict[str, Any]) -> set[str]:
    return set((row["reason_code"] or "").split("; ")) - {""}


def _prove_file(raw: Path, name: bytes, row: dict[str, Any], findings: Findings) -> None:
    path = row["raw_path"]
    size, sha256, reasons = row["raw_bytes"], row["raw_sha256"], _reasons(row)
    if sha256 is None and not reasons:
        rule = "it has no SHA-256 and does not say why"
        findings.in_row("sources", ("raw_path",), row, rule)
        return
    if "changed" in reasons or "vanished" in reasons:
        findings.counts["raw files not read"] += 1
        return
    if sha256 is None:
        findings.counts["raw files not read"] += 1
        found = _size(raw, name)
        if size is not None and found is not None and found != size:
            findings.in_raw(path, f"it has {found:,} bytes, and its row of sources says {size:,}")
        return
    try:
        found_size, found_sha256 = _hash(raw, name)
    except NotReadable as why:
        findings.in_raw(path, f"it cannot be read ({why})")
        return
    if size is not None and found_size != size:
        findings.in_raw(path, f"it has {found_size:,} bytes, and its row of sources says {size:,}")
    elif found_sha256 != sha256:
        findings.in_raw(path, f"its SHA-256 is {found_sha256}, and its row of sources says {sha256}")
    else:
        findings.counts["raw files with their SHA-256"] += 1
    if row["article_id"] is not None and row["article_id"][:16] != sha256[:16]:
        findings.in_row("sources", ("raw_path",), row, "article_id is not the start of the SHA-256")


def _size(raw: Path, name: bytes) -> int | None:
    try:
        return os.stat(os.path.join(os.fsencode(raw), name)).st_size  # noqa: PTH116, PTH118
    except OSError:
        return None


def _hash(raw: Path, name: bytes) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with os.fdopen(_open(raw, name), "rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        except OSError as error:
            raise NotReadable(error.strerror or str(error)) from None
    return size, digest.hexdigest()


def _open(raw: Path, name: bytes) -> int:
    root = os.path.realpath(os.fsencode(raw))
    if name.startswith(b"/") or b"\0" in name or b".." in name.split(b"/"):
        raise NotReadable("the path leads out of the raw folder")
    path = os.path.realpath(os.path.join(root, name))  # noqa: PTH118
    if not path.startswith(root.rstrip(b"/") + b"/"):
        raise NotReadable("the path leads out of the raw folder")
    try:
        # A pipe would block for ever, hence O_NONBLOCK; a link put there meanwhile is not followed.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise NotReadable(error.strerror or str(error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotReadable("it is not a file")
    return descriptor
