"""The locked requirements: complete, hashed, of no particular registry."""

import re
import tomllib

import pytest

from tests.machine.conftest import ROOT

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / name).read_text()))


def wanted(*groups: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for group in groups:
        lines += project["optional-dependencies"][group]
    return {re.match(r"[A-Za-z0-9._-]+", line).group().lower().replace("_", "-") for line in lines}


def test_the_locks_hold_what_the_project_asks_for():
    assert wanted("embedded") <= set(pins("requirements.txt"))
    assert wanted("embedded", "dev") <= set(pins("requirements-dev.txt"))


def test_development_runs_the_versions_of_production():
    production, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert production.items() <= development.items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_line_names_a_place(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert len(blocks) == len(pins(name))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)


def test_no_file_names_a_registry_host(tracked):
    hosts = re.compile(r"\b(pypi\.org|pythonhosted\.org|registry\.npmjs|docker\.io|ghcr\.io|quay\.io)")
    guilty = []
    for name in tracked:
        path = ROOT / name
        if (
            path.suffix in {".png", ".jpg", ".woff2", ".ttf", ".mrc"}
            or not path.is_file()
            or path.samefile(__file__)
        ):
            continue
        if hosts.search(path.read_text(errors="ignore")):
            guilty.append(name)
    assert guilty == []
