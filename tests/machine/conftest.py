"""What these tests read: the files that say how the house is built and run."""

import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent


class Instruction(NamedTuple):
    word: str
    rest: str
    stage: int


def read_dockerfile(path: Path) -> list[Instruction]:
    """The instructions of a Dockerfile, continued lines joined, each with the number of its stage."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)
    text = re.sub(r"\\\n\s*", " ", text)
    stage, found = -1, []
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        stage += word.upper() == "FROM"
        found.append(Instruction(word.upper(), rest.strip(), stage))
    return found


@pytest.fixture(scope="session")
def dockerfile() -> list[Instruction]:
    return read_dockerfile(ROOT / "Dockerfile")


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="session")
def settings_read() -> set[str]:
    """The names that `settings.py` reads from the environment."""
    source = (ROOT / "kerjasama" / "settings.py").read_text()
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z][A-Z0-9_]*)"', source))


@pytest.fixture(scope="session")
def server_read() -> set[str]:
    """The names that gunicorn's configuration reads."""
    source = (ROOT / "kerjasama" / "gunicorn.py").read_text()
    return set(re.findall(r'environ\.get\("([A-Z][A-Z0-9_]*)"', source))


@pytest.fixture(scope="session")
def settings_explained() -> set[str]:
    """The names in `.env.example`."""
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.fixture(scope="session")
def tracked() -> set[str]:
    """Every file that git knows, as a path from the top."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(answer.stdout.splitlines())
