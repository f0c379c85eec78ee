"""The table audit.csv: what coders say of the dataset."""

from pipeline.audit.sheet import JUDGED
from schemas.table import INTEGER, NUMBER, TEXT, Table, column

MEASURES = ("quote", *JUDGED, "all_right", "recall")
GROUPINGS = ("all", "outlet", "type", "speaker")


class Audit(Table, table_name="audit", key=("coder", "measure", "grouping", "grouped"), stage="audit"):
    """How right the dataset is by a coded sample of it."""

    coder: TEXT = column("Who coded.", holds="names")
    measure: TEXT = column(
        "What is right. quote: of the quotes of the dataset, those that are quotes; boundary, speaker, type, "
        "topics, illocution: of those that are quotes, those where this is right; all_right: of the quotes "
        "of the dataset, those that are quotes with boundary and speaker right; recall: of the quotes in the "
        "text, those that the dataset has.",
        levels=MEASURES,
    )
    grouping: TEXT = column("By what the rows are parted.", levels=GROUPINGS)
    grouped: TEXT = column("The outlet, type or speaker; all: every row.", holds="names")
    n: INTEGER = column("Judged rows (recall: true quotes seen in passages).", unit="quotes", ge=1)
    n_right: INTEGER = column("How many of them are right.", unit="quotes", ge=0)
    share: NUMBER = column("Share right in the sample.", unit="share, 0–1", ge=0, le=1)
    share_low: NUMBER = column("Lower end of Wilson's 95 % interval of share.", unit="share, 0–1", ge=0, le=1)
    share_high: NUMBER = column(
        "Upper end of Wilson's 95 % interval of share.", unit="share, 0–1", ge=0, le=1
    )
    estimate: NUMBER = column(
        "Share right in the whole dataset, each row weighed by its stratum.", unit="share, 0–1", ge=0, le=1
    )
    low: NUMBER = column("Lower end of the 95 % interval of estimate.", unit="share, 0–1", ge=0, le=1)
    high: NUMBER = column("Upper end of the 95 % interval of estimate.", unit="share, 0–1", ge=0, le=1)
    n_effective: NUMBER = column(
        "Size of a simple random sample that would tell as much. NULL: everything was coded.",
        nullable=True,
        unit="quotes",
        ge=0,
    )
    population: NUMBER = column("For how many quotes the rows stand.", unit="quotes", ge=0)
