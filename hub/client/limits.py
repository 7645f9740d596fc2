"""What a run may cost: seconds, bytes, attempts."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one run. Seconds are wall-clock time; a megabyte is 1,000,000 bytes.

    Args:
        request_seconds: for one request, all its attempts together, the waits between them not counted.
        file_seconds: the same for a download.
        run_seconds: for everything of the run, waits included.
        connect_seconds: until one address of the partner accepts a connection.
        silence_seconds: between two pieces of an answer.
        body_megabytes: of one answer, decoded.
        file_megabytes: of one downloaded or local file, decoded.
        inflation: decoded bytes per byte received, beyond the first 8 MB; more is a decompression bomb.
        retries: attempts after the first one.
        wait_seconds: longest wait of our own between two attempts.
        asked_seconds: longest wait that a partner may ask for with Retry-After; one that asks for more is left alone.
        redirects: followed per request.
        other_hosts: whether a redirect to another host is followed; credentials never are sent there.
        connections: open at once.
        requests: of the whole run, attempts and redirects included.
        megabytes: of the whole run, on the wire.
    """

    request_seconds: float = 60
    file_seconds: float = 1800
    run_seconds: float = 3600
    connect_seconds: float = 10
    silence_seconds: float = 30
    body_megabytes: float = 200
    file_megabytes: float = 2000
    inflation: int = 200
    retries: int = 4
    wait_seconds: float = 30
    asked_seconds: float = 120
    redirects: int = 5
    other_hosts: bool = False
    connections: int = 16
    requests: int = 500_000
    megabytes: float = 10_000

    @property
    def body_bytes(self) -> int:
        """Return the size that one answer may have."""
        return int(self.body_megabytes * MEGABYTE)

    @property
    def file_bytes(self) -> int:
        """Return the size that one file may have."""
        return int(self.file_megabytes * MEGABYTE)

    @property
    def wire_bytes(self) -> int:
        """Return what the whole run may take in."""
        return int(self.megabytes * MEGABYTE)
