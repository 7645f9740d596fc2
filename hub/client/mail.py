"""The door to a mail server: notices leave the hub, nothing comes in."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from hub.errors import DeliveryError

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class MailDoor:
    """A mail server and who may use it.

    Args:
        security: ``starttls``, ``tls`` from the first byte, or ``none``.
        context: what certificates are trusted; those of the system by default.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def send(self, *, sender: str, to: Sequence[str], subject: str, text: str) -> None:
        """Send a text; DeliveryError says why it was not accepted."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, ", ".join(to), subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._connected() as server:
                refused = server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the mail server {self.host}:{self.port} did not take the notice ({_reason(error)}); check "
                "alarms.mail in hub.toml"
            ) from error
        if refused:
            raise DeliveryError(f"the mail server {self.host}:{self.port} refused {', '.join(sorted(refused))}")

    def _connected(self) -> smtplib.SMTP:
        trusted = self.context or ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=trusted)
            if self.user and self.password:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _reason(error: Exception) -> str:
    """Return what happened, without what was sent: a server may echo it."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}, code {error.smtp_code}"
    return f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__
