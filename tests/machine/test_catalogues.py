"""Both languages are complete: every sentence of the source has its Indonesian, and its placeholders with it."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import polib
import pytest

from tests.architecture.source import modules, relative, tree
from tests.machine.conftest import ROOT

CATALOGUE = ROOT / "kerjasama" / "locale" / "id" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
READ = (".py", ".html", ".txt")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def translations(entry: polib.POEntry) -> Iterator[str]:
    yield from entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]


def test_every_entry_is_translated_and_certain(catalogue):
    assert [key(entry) for entry in catalogue if not all(translations(entry))] == []
    assert [key(entry) for entry in catalogue if entry.fuzzy] == []
    assert [key(entry) for entry in catalogue.obsolete_entries()] == []


def test_placeholders_survive_translation(catalogue):
    lost = []
    for entry in catalogue:
        given = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in filter(None, translations(entry)):
            used = set(PLACEHOLDER.findall(text))
            # A plural may leave out its count where Indonesian says it otherwise; it may not invent a name.
            if not used <= given or (not entry.msgid_plural and used != given):
                lost.append((entry.msgid, text))
    assert lost == []


@pytest.mark.skipif(
    shutil.which("xgettext") is None and os.environ.get("CI", "") != "true", reason="gettext is not installed"
)
def test_the_catalogue_holds_every_sentence_of_the_source(catalogue, tracked, tmp_path):
    for name in tracked:
        source = ROOT / name
        wanted = name.endswith(READ) or name.endswith(".po")
        if wanted and not name.startswith("tests/") and source.is_file():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    command = ["makemessages", "--locale=id", "--extension=html,py,txt", "--no-wrap", "--verbosity=0"]
    subprocess.run([sys.executable, "manage.py", *command], cwd=tmp_path, check=True, timeout=120)
    found = polib.pofile(str(tmp_path / CATALOGUE.relative_to(ROOT)))
    known = {key(entry) for entry in catalogue}
    assert [key(entry) for entry in found if not entry.obsolete and key(entry) not in known] == []


def test_no_sentence_hides_within_an_f_string() -> None:
    """What collects the sentences does not look into one, so they would stay English without anybody being told."""
    hidden = [
        f"{relative(path)}:{call.lineno}"
        for path in modules().values()
        for text in ast.walk(tree(path))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
