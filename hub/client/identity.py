"""Who we are to one partner, and the one host that gets to know it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from hub.adapter import Authentication, ClientCertificate
from hub.client.authentication.headers import checked_headers, with_headers
from hub.client.authentication.signing import ReceivedT, signing
from hub.client.authentication.tokens import Tokens
from hub.client.exchange import Asked
from hub.client.home import Home


class Identity:
    """Headers, authentication and certificate of a client; sent to its home only.

    Args:
        tokens: those already asked for.
        headers: of every request.
        auth: how the partner knows us.
        certificate: shown where the partner wants mutual TLS.
        base: address at home; by default that of the first request.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        headers: Mapping[str, str] | None = None,
        auth: Authentication | None = None,
        certificate: ClientCertificate | None = None,
        base: str | None = None,
    ) -> None:
        self._headers = checked_headers(headers or {})
        self._signing = signing(auth, tokens)
        self._home = Home(base)
        self.certificate = certificate

    def send(self, asked: Asked, exchange: Callable[[Asked], ReceivedT]) -> ReceivedT:
        """Send a request through `exchange`: at home as ourselves, anywhere else as nobody."""
        if not self._home.includes(asked.url):
            return exchange(asked)
        headers = with_headers(asked.headers, self._headers)
        return self._signing.send(replace(asked, headers=headers, certified=self.certificate is not None), exchange)
