"""Measure what it costs to find statements, beside a full build.

    python benchmarks/statements.py --processed FOLDER [--speakers 50]

FOLDER is a built dataset, such as one of benchmarks/growth.py. In that corpus nearly every article has
speakers of its own, so that there is little to compare: `--speakers N` gives its quotes to N speakers
instead, who then speak of everything every day. Only CPU seconds count.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.parts import Kept
from pipeline.reference import load_reference
from pipeline.statements.stage import find_links, statement_tables
from pipeline.statements.utterances import (
    content_pieces,
    event_clauses,
    reports,
    utterances,
)

_TABLES = ("articles", "quotes", "quote_spans", "quote_speakers", "speakers")


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processed", type=Path, required=True, help="folder of a built dataset; only read")
    parser.add_argument("--speakers", type=int, help="give the quotes to so many speakers")
    arguments = parser.parse_args()
    frames = {name: pl.read_parquet(arguments.processed / f"{name}.parquet") for name in _TABLES}
    reference = load_reference(None)
    authority, events = (reference.frames[name] for name in ("speakers", "events"))
    with tempfile.TemporaryDirectory() as folder:
        kept = Kept(Path(folder), "links", "benchmark")
        for run in ("first", "nothing new"):
            started = time.process_time()
            said = utterances(frames, authority)
            if arguments.speakers:
                given = (pl.col("quote_id").hash(seed=1) % arguments.speakers).cast(pl.String)
                said = said.with_columns(given.alias("speaker"))
            links = find_links(said, lambda wanted: content_pieces(frames["quote_spans"], wanted), kept)
            tables = statement_tables(said, reports(frames, events), event_clauses(frames), links)
            cpu = time.process_time() - started
            rows = ", ".join(f"{len(table):,} {name}" for name, table in tables.items())
            print(f"{run}: {cpu:.1f} CPU s; {len(links):,} links; {rows}", flush=True)


if __name__ == "__main__":
    main()
