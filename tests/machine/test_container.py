"""The image and the composition, checked without an engine: names that exist, files of the repository, no root."""

import re

from tests.machine.conftest import ROOT

OURS = ("migrate", "web", "worker", "beat")
VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")


def test_every_setting_of_our_services_exists(compose, settings_read, server_read, settings_explained):
    for name in OURS:
        given = set(compose["services"][name]["environment"])
        assert given <= settings_read | server_read, f"{name} sets what nothing reads"
        assert given <= settings_explained


def test_every_variable_is_explained(settings_explained):
    named = set(VARIABLE.findall((ROOT / "docker-compose.yml").read_text()))
    assert named <= settings_explained


def test_a_composition_without_its_secrets_does_not_start():
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        uses = re.findall(r"\$\{" + secret + r"([^}]*)\}", text)
        assert uses and all(use.startswith(":?") for use in uses)


def test_the_environment_of_the_image_is_read(dockerfile, settings_read, server_read):
    ours = {
        "PATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "PIP_NO_CACHE_DIR",
        "PIP_DISABLE_PIP_VERSION_CHECK",
    }
    for step in dockerfile:
        if step.word == "ENV":
            names = set(re.findall(r"(?:^|\s)([A-Z_]+)=", step.rest))
            assert names <= ours | settings_read | server_read


def test_services_depend_on_services_that_exist_and_wait_for_them(compose):
    services = compose["services"]
    assert {"database", "broker", "migrate", "web", "worker", "beat"} == set(services)
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services
            if how["condition"] == "service_healthy":
                assert services[other]["healthcheck"]["test"], f"{name} waits for the health of {other}"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_addresses_name_services(compose):
    settings = compose["services"]["web"]["environment"]
    assert "@database:5432/" in settings["DATABASE_URL"]
    assert settings["CELERY_BROKER_URL"].startswith("redis://broker:6379")


def test_volumes_are_declared_and_media_is_shared(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
    for name in ("web", "worker"):
        assert "media:/var/lib/kerjasama/media" in compose["services"][name]["volumes"]


def test_nothing_listens_to_the_outside_by_itself(compose):
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_our_services_are_confined(compose):
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "privileged" not in service and "user" not in service


def test_image_steps_use_only_files_of_the_repository(dockerfile, tracked):
    stages = {
        step.rest.split(" AS ")[1] for step in dockerfile if step.word == "FROM" and " AS " in step.rest
    }
    copied = 0
    for step in dockerfile:
        assert step.word != "ADD", "ADD fetches and unpacks; COPY says what it does"
        if step.word != "COPY":
            continue
        origin = re.match(r"--from=(\S+)\s", step.rest)
        if origin:
            assert origin.group(1) in stages
            continue
        *sources, _target = step.rest.split()
        for source in sources:
            path = source.removeprefix("./")
            assert path in tracked or any(name.startswith(path + "/") for name in tracked), source
            assert (ROOT / path).exists()
            copied += 1
    assert copied


def test_what_is_copied_is_let_in_by_dockerignore_and_nothing_secret_is(dockerfile):
    lines = (ROOT / ".dockerignore").read_text().split("\n")
    assert "*" in lines
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for step in dockerfile
        if step.word == "COPY" and not step.rest.startswith("--from")
        for source in step.rest.split()[:-1]
    }
    assert copied == allowed
    assert not allowed & {".env", "var", ".git", ".venv"}


def test_every_app_is_in_the_image(dockerfile):
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    copied = {step.rest.split()[0] for step in dockerfile if step.word == "COPY"}
    assert apps <= copied


def test_the_image_does_not_run_as_root(dockerfile):
    last = max(step.stage for step in dockerfile)
    users = [step.rest for step in dockerfile if step.word == "USER" and step.stage == last]
    assert users and users[-1] not in ("root", "0")
    after = dockerfile[[step.word for step in dockerfile].index("USER") :]
    assert not [step for step in after if step.word in ("RUN", "COPY")], (
        "nothing is changed after the step down"
    )
    assert any("useradd --uid 10001 --gid 10001" in step.rest for step in dockerfile)


def test_requirements_are_installed_by_their_hashes(dockerfile):
    installs = [step.rest for step in dockerfile if step.word == "RUN" and "pip install" in step.rest]
    assert installs and all("--require-hashes" in rest for rest in installs)


def test_the_image_says_how_it_feels(dockerfile):
    checks = [step.rest for step in dockerfile if step.word == "HEALTHCHECK"]
    assert len(checks) == 1 and "kerjasama.probe" in checks[0]
    assert (ROOT / "kerjasama" / "probe.py").exists()


def test_base_images_are_of_one_version_and_supported(dockerfile):
    bases = {step.rest.split()[0] for step in dockerfile if step.word == "FROM"}
    assert len(bases) == 1
    version = re.match(r"python:3\.(\d+)-", bases.pop())
    assert version and int(version.group(1)) >= 11
