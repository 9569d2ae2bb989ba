"""The image's own steps and its start, rehearsed in a folder that holds what the Dockerfile copies and nothing else."""

import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kerjasama.embedded.host import free_port
from tests.machine.conftest import ROOT, Instruction

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are shell commands")

SETTINGS = {
    "SECRET_KEY": "only-for-the-rehearsal-of-the-image-and-long-enough",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
    "ALLOWED_HOSTS": ".example.org,localhost",
}


@pytest.fixture(scope="module")
def image(dockerfile: list[Instruction], tracked: set[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of the build stage: what is copied into it, and from the repository alone."""
    folder = tmp_path_factory.mktemp("image")
    for step in dockerfile:
        if step.word == "COPY" and not step.rest.startswith("--from"):
            for source in step.rest.split()[:-1]:
                for name in tracked:
                    if (name == source or name.startswith(source + "/")) and (ROOT / name).is_file():
                        (folder / name).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(ROOT / name, folder / name)
    return folder


def environment(image: Path, **more: str) -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": programs, "HOME": str(image), "STATIC_ROOT": str(image / "collected"), **more}


def test_the_build_steps_find_all_they_need(image: Path, dockerfile: list[Instruction]):
    steps = [step.rest for step in dockerfile if step.word == "RUN" and "manage.py" in step.rest]
    assert len(steps) == 1
    answer = subprocess.run(
        ["sh", "-c", steps[0]], cwd=image, env=environment(image), capture_output=True, text=True, timeout=240
    )
    assert answer.returncode == 0, answer.stderr
    assert (image / "collected" / "staticfiles.json").exists()
    assert list(image.glob("kerjasama/locale/*/LC_MESSAGES/django.mo"))


def test_the_image_starts_and_its_health_check_is_content(image: Path, dockerfile: list[Instruction]):
    start = next(step.rest for step in dockerfile if step.word == "CMD")
    check = next(step.rest for step in dockerfile if step.word == "HEALTHCHECK").partition("CMD ")[2]
    env = environment(image, BIND=f"127.0.0.1:{free_port()}", WEB_CONCURRENCY="1", **SETTINGS)
    log = image / "web.log"
    with log.open("wb") as sink:
        web = subprocess.Popen(words(start), cwd=image, env=env, stdout=sink, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 45
        while probe(check, image, env) != 0:
            assert web.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"never healthy: {log.read_text()[-3000:]}"
            threading.Event().wait(0.3)
    finally:
        web.terminate()
        web.wait(timeout=30)
    assert probe(check, image, env) != 0


def probe(check: str, image: Path, env: dict[str, str]) -> int:
    return subprocess.run(words(check), cwd=image, env=env, capture_output=True, timeout=20).returncode


def words(instruction: str) -> list[str]:
    """The exec form of an instruction: ["gunicorn", "-c", …]."""
    return shlex.split(instruction.strip("[]").replace(",", " "))
