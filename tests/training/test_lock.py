"""The lock of the training environment: the recipe's packages, pinned, and no registry."""

import re

from tests.workshop import PROJECT

PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", flags=re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((PROJECT / name).read_text(encoding="utf-8")))


def test_training_and_tagging_use_the_same_versions() -> None:
    training, runtime = pins("requirements-training.lock"), pins("requirements.lock")
    assert {"numpy", "onnxruntime", "tokenizers"} <= training.keys() & runtime.keys()
    assert [name for name in training.keys() & runtime.keys() if training[name] != runtime[name]] == []


def test_torch_is_the_cpu_build_and_nothing_of_cuda_comes_with_it() -> None:
    training = pins("requirements-training.lock")
    assert training["torch"].endswith("+cpu")
    assert not [name for name in training if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_lock_names_no_registry_and_a_hash_for_every_package() -> None:
    lock = (PROJECT / "requirements-training.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    for block in re.split(r"\n(?=[a-z])", lock):
        assert "--hash=sha256:" in block, block.split("\n")[0]
