"""TLS: whom we trust, and the certificate by which a partner knows us."""

import ssl
from functools import cache

import httpx

from hub.adapter import ClientCertificate
from hub.errors import AuthenticationRejected


@cache
def trusted() -> ssl.SSLContext:
    """Return the context of all connections without a certificate of ours; it takes tens of milliseconds, so once."""
    return authorities()


def authorities() -> ssl.SSLContext:
    """Return a new context that trusts the authorities we trust, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)


def with_certificate(certificate: ClientCertificate) -> ssl.SSLContext:
    """Return a context that trusts the same and shows our certificate; AuthenticationRejected where it cannot."""
    context = authorities()
    problem = _load(context, certificate)
    if problem:
        raise AuthenticationRejected(
            f"The client certificate {certificate.certificate} cannot be used: {problem};"
            " check the files and the password in the source's options."
        )
    return context


def _load(context: ssl.SSLContext, certificate: ClientCertificate) -> str | None:
    try:  # without a password OpenSSL would ask for one at the terminal
        context.load_cert_chain(certificate.certificate, certificate.key, certificate.password or "")
    except ssl.SSLError as error:
        return f"it, its key or the password is wrong ({error.reason or 'unknown reason'})"
    except OSError as error:
        return f"{error.filename or 'a file'}: {error.strerror}"
    return None
