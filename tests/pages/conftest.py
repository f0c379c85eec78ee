"""The reading page in a real browser: the sample with a hostile document, built once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.workshop import PROJECT, Workshop

CHECKER = Path(__file__).parent
# Invented. Markup, marks that turn the direction of writing, a word without end.
HOSTILE = f"""Premier <script>document.title='stolen'</script> speaks \u202eUP IS DOWN
2024-03-05 10:00

Premier Ila Voss said </style></script><script>document.title='stolen'</script> the harbour will open.

“<img src=x onerror="document.title='stolen'"> \u202ewe open it\u2066,” said Oren Tull <b onclick=x>of it.

Mira Hald said {"x" * 2000} is no word. It has no end.
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The sample and a hostile document, built."""
    found = Workshop(tmp_path_factory.mktemp("pages"))
    shutil.copytree(PROJECT / "raw", found.raw, dirs_exist_ok=True)
    found.write(hostile=HOSTILE)
    assert found.build() == 0
    return found


@pytest.fixture(scope="session")
def report(shop: Workshop) -> Path:
    """The folder of the reading page, as a user opens it."""
    return shop.processed / "report"


@pytest.fixture(scope="session")
def html_checker() -> list[str]:
    """The command of the Nu Html Checker, installed once into the project's cache."""
    if not (shutil.which("java") and shutil.which("npm")):
        pytest.skip("needs java and npm for the HTML checker, which are not here")
    folder = PROJECT / ".cache" / "html-checker"
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    lock = (CHECKER / "package-lock.json").read_bytes()
    noted = folder / "package-lock.json"
    if not jar.exists() or not noted.exists() or noted.read_bytes() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKER / "package.json", folder)
        shutil.copy(CHECKER / "package-lock.json", folder)
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            env=os.environ,
            check=True,
            capture_output=True,
        )
    return ["java", "-jar", str(jar)]
