"""What the schedule keeps up to date."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Service:
    """What is to be kept up to date, when, and with which Prefect server. Folders are absolute."""

    raw: Path
    processed: Path
    cache: Path
    name: str
    cron: str | None
    settle: float
    patience: float
    build_options: tuple[str, ...]
    own_server: bool
