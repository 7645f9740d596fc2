"""How a partner knows us, as options: each becomes the object that the client asks for."""

from pathlib import Path
from typing import Annotated, Literal

from hub import (
    ApiKey,
    Authentication,
    Basic,
    Bearer,
    ClientCertificate,
    ClientCredentials,
    Field,
    JsonValue,
    Login,
    Options,
    SecretStr,
)
from hub_generic_json.urls import Url


class KeyAccess(Options):
    """A key in a header."""

    type: Literal["api_key"]
    """A key in a header."""
    key: SecretStr
    """The key."""
    header: str = "X-Api-Key"
    """The header that carries it."""

    def authentication(self) -> Authentication:
        """Return what the client sends."""
        return ApiKey(self.key.get_secret_value(), self.header)


class BasicAccess(Options):
    """User name and password."""

    type: Literal["basic"]
    """User name and password."""
    user: str
    """The user name."""
    password: SecretStr
    """The password."""

    def authentication(self) -> Authentication:
        """Return what the client sends."""
        return Basic(self.user, self.password.get_secret_value())


class BearerAccess(Options):
    """A bearer token that does not change."""

    type: Literal["bearer"]
    """A token that does not change."""
    token: SecretStr
    """The token."""

    def authentication(self) -> Authentication:
        """Return what the client sends."""
        return Bearer(self.token.get_secret_value())


class CredentialsAccess(Options):
    """OAuth 2.0 client credentials."""

    type: Literal["client_credentials"]
    """OAuth 2.0 client credentials."""
    token_url: Url
    """Where the token is asked for."""
    client_id: SecretStr
    """The client's id."""
    client_secret: SecretStr
    """The client's secret."""
    scope: str | None = None
    """The scope, where the partner wants one."""
    placed_in: Literal["body", "basic"] = "body"
    """Where the partner wants id and secret."""

    def authentication(self) -> Authentication:
        """Return what the client sends."""
        pair = (self.client_id.get_secret_value(), self.client_secret.get_secret_value())
        return ClientCredentials(self.token_url, *pair, scope=self.scope, placed_in=self.placed_in)


class LoginAccess(Options):
    """A token that the partner gives for a JSON body."""

    type: Literal["login"]
    """A token that the partner gives for a JSON body."""
    login_url: Url
    """Where the body is posted."""
    body: dict[str, JsonValue] = Field(default_factory=dict)
    """What the body says that is not secret."""
    secrets: dict[str, SecretStr] = Field(default_factory=dict)
    """What the body says that is."""
    token_at: str = "token"  # noqa: S105 - where it is, not what it is
    """Where the token is in the answer: names with dots between them."""
    header: str = "Authorization"
    """The header that carries it afterwards."""
    prefix: str = "Bearer "
    """What stands before it in that header."""
    seconds: Annotated[float, Field(gt=0)] = 900
    """How long it is used before a new one is asked for."""

    def authentication(self) -> Authentication:
        """Return what the client sends."""
        body = {**self.body, **{name: secret.get_secret_value() for name, secret in self.secrets.items()}}
        return Login(
            self.login_url, body, token=self.token_at, header=self.header, prefix=self.prefix, seconds=self.seconds
        )


Access = Annotated[
    KeyAccess | BasicAccess | BearerAccess | CredentialsAccess | LoginAccess, Field(discriminator="type")
]


class Certificate(Options):
    """A certificate that we show to the partner, as PEM files."""

    certificate: Path
    """The certificate's file."""
    key: Path | None = None
    """The key's file, where it is another."""
    password: SecretStr | None = None
    """The key's password."""

    def shown(self) -> ClientCertificate:
        """Return what the client shows."""
        secret = self.password.get_secret_value() if self.password else None
        return ClientCertificate(self.certificate, self.key, secret)
