"""Reading a configuration folder."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub.config import BUNDLED, Config, load, shown
from hub.errors import ConfigError

PUBLIC = 'public_url = "https://hub.example.org/"\n'
SOURCE = 'adapter = "vdab"\npartner = "VDAB"\nowner = "team@example.org"\n'
REPOSITORY = Path(__file__).parents[2]


def folder_of(tmp_path: Path, hub: str = PUBLIC, **sources: str) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text(hub, encoding="utf-8")
    for name, text in sources.items():
        (folder / "sources" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def loaded(tmp_path: Path, hub: str = PUBLIC, **sources: str) -> Config:
    return load(folder_of(tmp_path, hub, **sources))


def mistakes(tmp_path: Path, hub: str = PUBLIC, **sources: str) -> list[str]:
    folder = folder_of(tmp_path, hub, **sources)
    with pytest.raises(ConfigError) as caught:
        load(folder)
    return [each.removeprefix(f"{folder.as_posix()}/") for each in caught.value.mistakes]


def test_what_is_not_written_has_a_default(tmp_path: Path) -> None:
    settings = loaded(tmp_path).settings
    assert (settings.host, settings.port, settings.timezone) == ("127.0.0.1", 8000, "Europe/Brussels")
    assert [allowed.distribution for allowed in settings.plugins] == list(BUNDLED)
    assert str(settings.zone) == "Europe/Brussels"


def test_the_public_address_has_no_slash_at_its_end(tmp_path: Path) -> None:
    assert loaded(tmp_path).settings.public_url == "https://hub.example.org"


def test_the_data_folder_starts_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    config = load(Path("config"))
    assert config.settings.data == (tmp_path / "var").resolve()
    assert config.folder == (tmp_path / "config").resolve()


def test_an_absolute_data_folder_stays(tmp_path: Path) -> None:
    data = (tmp_path / "elsewhere").resolve()
    assert loaded(tmp_path, f"{PUBLIC}data = '{data}'").settings.data == data


def test_sources_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    config = loaded(tmp_path, b=SOURCE, a=SOURCE, **{"a-1": SOURCE})
    assert [source.id for source in config.sources] == ["a", "a-1", "b"]


def test_a_source_keeps_its_options_for_its_adapter(tmp_path: Path) -> None:
    source = loaded(tmp_path, vdab=SOURCE + '[options]\nbase_url = "https://x.example"').sources[0]
    assert source.options == {"base_url": "https://x.example"}
    assert (source.enabled, source.sandbox, source.schedule, source.expect.max_drop) == (True, False, None, 0.2)


def test_what_editors_leave_behind_is_no_source(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, vdab=SOURCE)
    for name in (".#vdab.toml", "vdab.toml~", "vdab.toml.bak"):
        (folder / "sources" / name).write_text("not toml")
    assert [source.id for source in load(folder).sources] == ["vdab"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeff" + PUBLIC).settings.public_url


def test_a_hub_may_have_no_sources_yet(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "sources").rmdir()
    assert load(folder).sources == ()


def test_the_configuration_cannot_be_changed(tmp_path: Path) -> None:
    config = loaded(tmp_path, vdab=SOURCE)
    with pytest.raises(ValidationError):
        config.settings.port = 1  # type: ignore[misc]
    with pytest.raises(ValidationError):
        config.sources[0].enabled = False  # type: ignore[misc]


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path,
        'public_url = "hub"\nport = "80"',
        a=SOURCE + 'schedule = "15 25 * * *"\nenabled = "yes"',
        b='adapter = "x"',
        c="adapter = ",
    )
    assert [each.partition(":")[0] for each in told] == [
        "hub.toml", "hub.toml", *["sources/a.toml"] * 2, *["sources/b.toml"] * 2, "sources/c.toml",
    ]  # fmt: skip
    assert 'sources/a.toml: schedule = "15 25 * * *": hour must be 0-23' in told


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('port = "80"', 'hub.toml: port = "80": must be a whole number, without quotes'),
        ("port = true", "hub.toml: port = true: must be a whole number, without quotes"),
        ("port = 70000", "hub.toml: port = 70000: must be less than or equal to 65535"),
        ("port = 8001", "hub.toml: port and sandbox.port must differ; both are 8001"),
        ('timezone = "Brussels"', 'hub.toml: timezone = "Brussels": must be a name of the tz database'),
        ('timezone = "../etc"', 'hub.toml: timezone = "../etc": must be a name of the tz database'),
        ('licence = "CC-BY"', 'hub.toml: licence = "CC-BY": must be an absolute address'),
        ('title = { nl = "" }', "hub.toml: title: at least one language must have a text"),
        ('title = "Schakel"', 'hub.toml: title = "Schakel": must be a table, such as { key = value }'),
        ("limits = { retries = -1 }", "hub.toml: limits.retries = -1: must be greater than or equal to 0"),
        ("limits = { retry = 1 }", "hub.toml: limits.retry: unknown key; did you mean retries?"),
        ('network = { private_hosts = ["http://a.be"] }', "hub.toml: network.private_hosts[0]"),
        ('network = { proxy = "http://me:key@a.be" }', "hub.toml: network.proxy"),
        ("sandbox = { size = 0 }", "hub.toml: sandbox.size: unknown key; known: port, seed"),
        ('plugins = ["not a name"]', 'hub.toml: plugins[0] = "not a name": must match pattern'),
        ('plugins = ["a_b", "A-B"]', "hub.toml: plugins: must name each distribution once; twice: a-b"),
        ('plugins = [{ version = "==1" }]', "hub.toml: plugins[0].distribution: is missing: Name of the distribution"),
        (
            'plugins = [{ distribution = "a", version = ">=1" }]',
            'hub.toml: plugins[0].version = ">=1": must match pattern',
        ),
        ("plugins = [3]", "hub.toml: plugins[0] = 3: must be a table, such as { key = value }"),
        ('zebra = "x"', "hub.toml: zebra: unknown key; known: access, alarms, contact, data, "),
        ("publc_url = 1", "hub.toml: publc_url: unknown key; did you mean public_url?"),
    ],
)
def test_a_mistake_in_the_settings_names_key_value_and_what_is_allowed(
    tmp_path: Path, line: str, sentence: str
) -> None:
    told = mistakes(tmp_path, PUBLIC + line)
    assert len(told) == 1
    assert told[0].startswith(sentence)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('owner = "team"', 'sources/x.toml: owner = "team": must be a mail address, such as integrations@example.org'),
        ("enabled = 1", "sources/x.toml: enabled = 1: must be true or false, without quotes"),
        ("schedule = 5", "sources/x.toml: schedule = 5: must be text, in quotes"),
        ("shedule = 5", "sources/x.toml: shedule: unknown key; did you mean schedule?"),
        ("expect = { max_drop = 20 }", "sources/x.toml: expect.max_drop = 20: must be less than or equal to 1"),
        ("expect = { min = 0.5 }", "sources/x.toml: expect.min = 0.5: must be a whole number, without quotes"),
        ('id = "y"', "sources/x.toml: id: unknown key; "),
        ("file = 1", "sources/x.toml: file: unknown key; "),
        ('partner = ""', 'sources/x.toml: partner = "": must have at least 1 character'),
    ],
)
def test_a_mistake_in_a_source_names_key_value_and_what_is_allowed(tmp_path: Path, line: str, sentence: str) -> None:
    rest = "\n".join(each for each in SOURCE.splitlines() if each.split()[0] != line.split(maxsplit=1)[0])
    told = mistakes(tmp_path, x=f"{line}\n{rest}")
    assert len(told) == 1
    assert told[0].startswith(sentence)


def test_a_missing_key_says_what_it_means(tmp_path: Path) -> None:
    told = mistakes(tmp_path, x='adapter = "vdab"\npartner = "VDAB"')
    assert told == [
        "sources/x.toml: owner: is missing: Mail address of who answers for this source: a team rather than a person."
    ]


def test_the_name_of_a_source_file_is_checked_with_the_rest(tmp_path: Path) -> None:
    told = mistakes(tmp_path, Vdab_1=SOURCE + "enabled = 1")
    assert told[0] == "sources/Vdab_1.toml: the name before .toml must be a-z, 0-9 and - only"
    assert len(told) == 2


def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    told = mistakes(tmp_path, x=SOURCE + "expect = { min = 1 ")
    assert told[0].startswith("sources/x.toml: is not TOML: ")
    assert "at line 4" in told[0] or "end of document" in told[0]


def test_what_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "sources" / "x.toml").write_bytes(b'adapter = "x"\npartner = "Li\xe8ge"\n')
    with pytest.raises(ConfigError, match=r"x\.toml: is not UTF-8 text \(at line 2\); save it as UTF-8"):
        load(folder)


def test_a_missing_folder_says_where_it_looked_and_how_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(Path("config"))
    (told,) = caught.value.mistakes
    assert told.startswith(f"config/hub.toml: not found; looked in {tmp_path.resolve() / 'config'}; ")
    assert "--config" in told
    assert "HUB_CONFIG" in told


def test_a_file_given_for_the_folder_is_told_so(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    with pytest.raises(ConfigError, match=r"is a file, not the folder that hub\.toml is in"):
        load(folder / "hub.toml")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.org",
        "//x.org",
        "https://",
        "https://x y.org",
        "https://x.org:99999",
        "https://x.org/?a=1",
        "https://[x",
    ],
)
def test_a_public_address_that_addresses_cannot_be_made_from_is_refused(tmp_path: Path, address: str) -> None:
    assert mistakes(tmp_path, f'public_url = "{address}"')[0].startswith("hub.toml: public_url = ")


def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (told,) = mistakes(tmp_path, 'public_url = "https://me:hunter2@hub.example.org"')
    assert "must not carry a name and password" in told
    assert "hunter2" not in told


def test_an_unknown_source_names_the_nearest(tmp_path: Path) -> None:
    config = loaded(tmp_path, vdab=SOURCE)
    assert config.source("vdab").partner == "VDAB"
    with pytest.raises(ConfigError, match=r"vdaab: unknown source; did you mean vdab\?"):
        config.source("vdaab")


def test_the_effective_configuration_is_shown_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_TEST_ID", "s3cret-id")
    monkeypatch.delenv("SCHAKEL_TEST_SECRET", raising=False)
    options = """
    [options]
    client_id = { env = "SCHAKEL_TEST_ID" }
    client_secret = { env = "SCHAKEL_TEST_SECRET" }
    api_key = "written-by-mistake"
    base_url = "https://me:hunter2@api.example.org"
    headers = { Authorization = "Bearer abc" }
    since = 2026-01-01
    """
    told = shown(loaded(tmp_path, vdab=SOURCE + options))
    shown_options: dict[str, Any] = told["sources"]["vdab"]["options"]
    assert shown_options == {
        "client_id": "env SCHAKEL_TEST_ID (set)",
        "client_secret": "env SCHAKEL_TEST_SECRET (missing)",
        "api_key": "***",
        "base_url": "https://***@api.example.org",
        "headers": {"Authorization": "***"},
        "since": "2026-01-01",
    }
    assert told["settings"]["limits"]["retries"] == 4


def test_the_example_configuration_loads() -> None:
    config = load(REPOSITORY / "config")
    assert config.settings.public_url == "http://127.0.0.1:8000"
    assert (config.settings.port, config.settings.sandbox.port) == (8000, 8001)


def test_the_example_shows_the_defaults_in_its_comments() -> None:
    lines = (REPOSITORY / "config" / "hub.toml").read_text(encoding="utf-8").splitlines()
    written = load(REPOSITORY / "config").settings.limits
    shown_limits = {
        key: float(value) for key, value in (line[2:].split(" = ") for line in lines[lines.index("[limits]") + 1 :])
    }
    assert shown_limits == written.model_dump()


def test_reading_configuration_and_plugins_loads_no_web_and_no_database() -> None:
    heavy = {"fastapi", "sqlalchemy", "uvicorn", "apscheduler"}
    code = f"import sys, hub.config, hub.plugins; print(*{heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert run.stdout.strip() == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("Jobs.Intranet.Example:8443", "jobs.intranet.example:8443"),
        ("[FD00::1]", "[fd00::1]"),
        ("[fd00::1]:80", "[fd00::1]:80"),
    ],
)
def test_private_hosts_are_hosts_with_or_without_a_port(tmp_path: Path, written: str, read: str) -> None:
    network = loaded(tmp_path, f'{PUBLIC}network = {{ private_hosts = ["{written}"] }}').settings.network
    assert (network.private_hosts, network.proxy) == ((read,), None)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "http://a.be",
        "a.be/x",
        "me@a.be",
        "a.be:0x1",
        "a.be:99999",
        "10.0.0.0/8",
        "*.a.be",
        "fd00::1",
        "a.be:",
        "a b",
    ],
)
def test_what_is_no_host_is_a_mistake(tmp_path: Path, written: str) -> None:
    found = mistakes(tmp_path, f'{PUBLIC}network = {{ private_hosts = ["{written}"] }}')
    assert len(found) == 1
    assert "must be a host or host:port" in found[0]
