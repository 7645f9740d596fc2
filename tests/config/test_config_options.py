"""The options of a source, and its secrets."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, field_validator

from hub.adapter import Adapter, Fetched, Job, Normalised, Options, RawRecord
from hub.config import SecretRef, SourceConfig, options_for, secrets_of
from hub.errors import ConfigError

ID, SECRET = "SCHAKEL_TEST_CLIENT_ID", "SCHAKEL_TEST_CLIENT_SECRET"
FILE = "config/sources/vdab.toml"
BOTH = {"client_id": {"env": ID}, "client_secret": {"env": SECRET}}


class Proxy(BaseModel):
    host: str
    password: SecretStr | None = None


class PartnerOptions(Options):
    base_url: str = "https://api.example.org"
    """Where the partner's API is."""
    client_id: str
    """Name of our account."""
    client_secret: SecretStr = Field(min_length=5)
    """Password of our account."""
    page_size: int = Field(default=100, le=1000)
    mode: Literal["all", "changes"] | int = "all"
    proxies: list[Proxy] = Field(default=[])
    columns: dict[str, str] = Field(default={})

    @field_validator("client_id")
    @classmethod
    def _known(cls, value: str) -> str:
        if value.startswith("bad"):
            raise ValueError(f"must not be {value}")
        return value


class Partner(Adapter[PartnerOptions]):
    name = "vdab"
    version = "1"
    options_type = PartnerOptions

    def fetch(self, job: Job) -> Iterator[Fetched]:
        yield from ()

    def normalise(self, record: RawRecord) -> Normalised:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ID, "hub-account")
    monkeypatch.setenv(SECRET, "correct horse")


def source(**options: Any) -> SourceConfig:
    return SourceConfig(id="vdab", file=FILE, adapter="vdab", partner="VDAB", owner="team@example.org", options=options)


def options_of(overlay: dict[str, Any] | None = None, **options: Any) -> PartnerOptions:
    built = options_for(source(**options), Partner, overlay)
    assert isinstance(built, PartnerOptions)
    return built


def mistakes(overlay: dict[str, Any] | None = None, **options: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        options_for(source(**options), Partner, overlay)
    everything = "".join(traceback.format_exception(caught.value))
    assert "correct horse" not in everything
    assert "written here" not in everything
    return [each.removeprefix(f"{FILE}: ") for each in caught.value.mistakes]


def test_secrets_come_from_the_environment() -> None:
    options = options_of(**BOTH)
    assert options.client_id == "hub-account"
    assert options.client_secret.get_secret_value() == "correct horse"
    assert "correct horse" not in repr(options)


def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from a file\n", encoding="utf-8")
    options = options_of(**(BOTH | {"client_secret": {"file": str(path)}}))
    assert options.client_secret.get_secret_value() == "from a file"


def test_secrets_are_read_when_options_are_built_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    configured = source(**BOTH)
    monkeypatch.setenv(SECRET, "a newer one")
    built = options_for(configured, Partner)
    assert isinstance(built, PartnerOptions)
    assert built.client_secret.get_secret_value() == "a newer one"


def test_secrets_stand_deep_in_tables_and_lists() -> None:
    options = options_of(**BOTH, proxies=[{"host": "p"}, {"host": "q", "password": {"env": SECRET}}])
    assert options.proxies[1].password == SecretStr("correct horse")


def test_the_secrets_of_a_source_are_named_and_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(SECRET)
    missing = str(tmp_path / "absent")
    configured = source(**BOTH, proxies=[{"host": "q", "password": {"file": missing}}])
    assert secrets_of(configured) == (
        SecretRef(ID, "options.client_id", present=True),
        SecretRef(SECRET, "options.client_secret", present=False),
        SecretRef(missing, "options.proxies[0].password", present=False),
    )


def test_a_missing_secret_is_named_together_with_the_other_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET)
    assert mistakes(**BOTH, page_size=5000, colums={}) == [
        f"options.client_secret: environment variable {SECRET} is not set",
        "options.page_size = 5000: must be less than or equal to 1000",
        "options.colums: unknown key; did you mean columns?",
    ]


def test_an_empty_secret_is_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "")
    assert mistakes(**BOTH) == [f"options.client_secret: environment variable {SECRET} is empty"]


@pytest.mark.parametrize(
    ("content", "why"), [(None, "does not exist"), (b"\n", "is empty"), (b"\xff\xfe\x00", "is not UTF-8 text")]
)
def test_a_secret_file_that_cannot_serve_is_named(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    told = mistakes(**(BOTH | {"client_secret": {"file": str(path)}}))
    assert told == [f"options.client_secret: file {path} {why}"]


def test_a_secret_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (told,) = mistakes(**(BOTH | {"client_secret": {"file": str(tmp_path)}}))
    assert told.startswith(f"options.client_secret: file {tmp_path} cannot be read: ")


@pytest.mark.parametrize("written", ["written here", 12345, "", {"env": "written here"}, {"file": "written here"}])
def test_a_secret_written_in_the_file_is_a_mistake(written: Any) -> None:
    (told,) = mistakes(**(BOTH | {"client_secret": written}))
    assert told.startswith("options.client_secret")
    assert told.endswith('secrets do not belong in files; write { env = "NAME" } or { file = "/absolute/path" }')


def test_a_misspelt_way_to_a_secret_is_told_with_the_right_one() -> None:
    (told,) = mistakes(**(BOTH | {"client_secret": {"evn": SECRET}}))
    assert told.startswith("options.client_secret.evn: unknown key; did you mean env?")


def test_a_secret_written_deep_in_the_file_is_a_mistake_and_the_mistakes_beside_it_are_told() -> None:
    assert [each.partition(":")[0] for each in mistakes(**BOTH, proxies=[{"password": "written here"}])] == [
        "options.proxies[0].password",
        "options.proxies[0].host",
    ]


def test_a_secret_that_breaks_a_rule_is_told_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "abc")
    (told,) = mistakes(**BOTH)
    assert told.startswith("options.client_secret: ")
    assert "abc" not in told


def test_a_validator_that_quotes_a_secret_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ID, "bad account")
    assert mistakes(**BOTH) == ["options.client_id: must not be ***"]


def test_a_misspelt_secret_is_not_repeated() -> None:
    told = mistakes(client_id={"env": ID}, client_secre="written here")
    assert "options.client_secre: unknown key; did you mean client_secret?" in told
    assert "options.client_secret: is missing: Password of our account." in told


def test_a_secret_in_the_place_of_a_table_that_holds_one_is_not_repeated() -> None:
    (told,) = mistakes(**BOTH, proxies=["written here"])
    assert told.startswith("options.proxies[0]: must be a table")


def test_a_union_names_the_key_as_the_file_has_it() -> None:
    told = mistakes(**BOTH, mode="some")
    assert {each.partition(":")[0] for each in told} == {'options.mode = "some"'}


def test_a_key_that_is_not_bare_is_quoted() -> None:
    assert mistakes(**BOTH, columns={"Naam (nl)": 3}) == ['options.columns."Naam (nl)" = 3: must be text, in quotes']


def test_a_sandbox_replaces_options_and_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ID)
    monkeypatch.delenv(SECRET)
    overlay = {"base_url": "http://127.0.0.1:8001/vdab", "client_id": "sandbox", "client_secret": "sandbox"}
    options = options_of(overlay, **BOTH, page_size=50)
    assert options.base_url == "http://127.0.0.1:8001/vdab"
    assert options.client_secret.get_secret_value() == "sandbox"
    assert options.page_size == 50


def test_a_table_that_only_looks_like_a_secret_stays_a_table() -> None:
    options = options_of(**BOTH, columns={"file": "bestand", "title": "titel"})
    assert options.columns == {"file": "bestand", "title": "titel"}


class Paged(Options):
    style: Literal["page"]
    size: int = 10


class Linked(Options):
    style: Literal["link"]


class Formed(Options):
    paging: Annotated[Paged | Linked, Field(discriminator="style")] = Paged(style="page")
    kind: Literal["vacancy", "programme"] | Linked = "vacancy"


class FormedPartner(Partner):
    options_type = Formed  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"paging": {"style": "pages"}},
            'options.paging.style = "pages": must be one of page, link; did you mean page?',
        ),
        ({"paging": {"size": 3}}, "options.paging.style: is missing: one of link, page"),
        ({"kind": "vacature"}, "options.kind = \"vacature\": must be 'vacancy' or 'programme'"),
        ({"kind": {"style": "lnk"}}, "options.kind.style = \"lnk\": must be 'link'"),
    ],
)
def test_a_wrong_form_is_told_once_with_the_forms_there_are(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        options_for(source(**options), FormedPartner)
    assert [each.removeprefix(f"{FILE}: ") for each in caught.value.mistakes] == [sentence]
