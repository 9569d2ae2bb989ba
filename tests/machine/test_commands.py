"""The commands people type: listed, and the same with make and without."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.machine.conftest import ROOT

TARGETS = ("demo", "run", "test", "lint", "bench", "screenshots")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_bare_make_lists_the_commands_with_a_sentence_each():
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = {line.split()[1]: line for line in listed.splitlines()}
    for target in TARGETS:
        assert lines[target].rstrip().endswith(".") and len(lines[target].split()) > 6


@pytest.mark.parametrize("command", ["demo", "test", "bench", "screenshots", "messages"])
def test_the_commands_exist_without_make(command):
    answer = subprocess.run(
        [sys.executable, "-m", "kerjasama.embedded"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"\n  {command}" in answer.stdout


def test_an_unknown_command_is_an_error():
    answer = subprocess.run(
        [sys.executable, "-m", "kerjasama.embedded", "dmeo"], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 2 and "usage" in answer.stdout


def test_a_refusal_is_a_sentence_and_not_a_traceback(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "kerjasama.embedded", "demo"],
        cwd=ROOT,
        env=os.environ | {"PORT": "eighty", "KERJASAMA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert answer.stderr.strip() == "PORT=eighty is not a number."


def test_what_must_pass_calls_lint_and_tests_and_can_be_started():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text()
    assert "set -euo pipefail" in text
    assert text.index("lint\n") < text.index("make test\n")
    assert text.rstrip().endswith("make test"), "the summary of the tests is the end of the output"
