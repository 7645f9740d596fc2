"""Whom the client may reach: the public internet, and the private hosts that an administrator names.

The blocks are those of the IANA special-purpose registries (RFC 6890), the multicast and reserved space, the forms of
IPv6 that carry an IPv4 address, and the addresses from which clouds serve secrets. `ipaddress.is_global` is not
enough: it takes NAT64, 6to4 and multicast for public.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HOW = 'an administrator allows it with private_hosts = ["{}"] under [network] in hub.toml'

INSIDE = "inside our own network"
LOOPBACK = "this machine itself"
BLOCKS: Mapping[str, str] = {
    "0.0.0.0/8": "this machine itself",
    "10.0.0.0/8": INSIDE,
    "100.64.0.0/10": "a network shared by a provider's customers",
    "127.0.0.0/8": LOOPBACK,
    "168.63.129.16/32": "the metadata of a cloud",
    "169.254.0.0/16": "the link itself, or the metadata of a cloud",
    "172.16.0.0/12": INSIDE,
    "192.0.0.0/24": "a block reserved for protocols",
    "192.0.2.0/24": "a block for documentation",
    "192.88.99.0/24": "a 6to4 relay",
    "192.168.0.0/16": INSIDE,
    "198.18.0.0/15": "a block for benchmarks",
    "198.51.100.0/24": "a block for documentation",
    "203.0.113.0/24": "a block for documentation",
    "224.0.0.0/4": "a multicast group",
    "240.0.0.0/4": "a reserved block",
    "::/128": LOOPBACK,
    "::1/128": LOOPBACK,
    "::/96": "an IPv4 address in IPv6",
    "::ffff:0:0/96": "an IPv4 address in IPv6",
    "64:ff9b::/96": "an IPv4 address behind NAT64",
    "64:ff9b:1::/48": "an IPv4 address behind NAT64",
    "2001::/23": "a block reserved for protocols, such as Teredo",
    "2001:db8::/32": "a block for documentation",
    "2002::/16": "an IPv4 address behind 6to4",
    "3fff::/20": "a block for documentation",
    "fc00::/7": INSIDE,
    "fe80::/10": "the link itself",
    "fec0::/10": INSIDE,
    "ff00::/8": "a multicast group",
}
"""What may not be reached, and what it is."""

NAMEABLE = (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
)  # fmt: skip
"""Where a name that an administrator allows may lead, beside the public internet: never to a cloud's metadata."""

PUBLIC_IPV6 = IPv6Network("2000::/3")
WEB_PORTS = frozenset({80, 443})
FIRST_FREE_PORT = 1024
INSIDE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa")
NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)", re.IGNORECASE)

_BLOCKS: tuple[tuple[Network, str], ...] = tuple((ip_network(block), what) for block, what in BLOCKS.items())
_NAMEABLE: tuple[Network, ...] = tuple(ip_network(block) for block in NAMEABLE)


class OutOfReach(Exception):
    """A host that may not be called; the message is the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one client may reach.

    Args:
        private: hosts that may be called though they lead inside our network, as ``host`` (any port) or
            ``host:port``, an IPv6 address in brackets. Exact: no name within them, no other way of writing them.
        proxy: address of an HTTP proxy for all but these hosts. It resolves the names, so only addresses written as
            numbers and names that are by definition local can be refused here; the proxy must refuse the rest.
    """

    private: frozenset[str] = frozenset()
    proxy: str | None = None

    def admits(self, host: str, port: int) -> bool:
        """Say whether an administrator named this host."""
        written = f"[{host}]" if ":" in host else host
        return not self.private.isdisjoint({written, f"{written}:{port}"})

    def judge_host(self, host: str, port: int) -> None:
        """Raise OutOfReach for what may not be called, whatever it resolves to."""
        if not 1 <= port <= 65535:
            raise OutOfReach(f"{port} is not a port; correct the address")
        if self.admits(host, port):
            return
        if port < FIRST_FREE_PORT and port not in WEB_PORTS:
            raise OutOfReach(f"port {port} belongs to a service that is not the web; {_how(host, port)}")
        if address := literal(host):
            self.judge_addresses(host, port, [address])
        elif _is_number(host):
            raise OutOfReach(f"{host} is an odd way to write an IP address; write it as four decimal numbers")

    def judge_name(self, host: str, port: int) -> None:
        """Raise OutOfReach for a name that is local by definition, for where nobody here will see its addresses."""
        name = f".{host.rstrip('.')}"
        if not self.admits(host, port) and not literal(host) and ("." not in name[1:] or _is_inside(name)):
            raise OutOfReach(f"{host} is a name inside our own network; {_how(host, port)}")

    def judge_addresses(self, host: str, port: int, addresses: Iterable[str]) -> list[str]:
        """Return the addresses of a host, in their usual form, if every one of them may be called.

        One that may not refuses the host as a whole: a name that leads inside as well as outside is a mistake or an
        attack, and a partner that works only when the resolver's order is lucky is no help.
        """
        admitted = self.admits(host, port)
        found = [_parsed(host, each) for each in addresses]
        for address in found:
            what = special(address)
            if what and not (admitted and _may_be_named(host, address)):
                raise OutOfReach(_refusal(host, port, address, what, admitted=admitted))
        return [str(address) for address in found]


def special(address: Address) -> str | None:
    """Return what an address is that is not on the public internet; None for one that is."""
    for network, what in _BLOCKS:
        if address.version == network.version and address in network:
            return what
    if isinstance(address, IPv6Address) and (address not in PUBLIC_IPV6 or address.scope_id):
        return "not an address of the public internet"
    return None


def literal(host: str) -> str | None:
    """Return the IP address that a host is written as, in its usual form; None for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _refusal(host: str, port: int, address: Address, what: str, *, admitted: bool) -> str:
    leads = f"{host} is" if str(address) == host else f"{host} leads to {address},"
    if admitted:
        return f"{leads} {what}, where not even a host named in private_hosts may lead; correct the name"
    return f"{leads} {what}, not the public internet; if that is right, {_how(host, port)}"


def _how(host: str, port: int) -> str:
    return HOW.format(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _may_be_named(host: str, address: Address) -> bool:
    return str(address) == host or any(
        address.version == network.version and address in network for network in _NAMEABLE
    )


def _parsed(host: str, address: str) -> Address:
    try:
        return ip_address(address)
    except ValueError:
        raise OutOfReach(f"{host} has an address that cannot be read; ask the partner") from None


def _is_number(host: str) -> bool:
    """Say whether a host is an IPv4 address in the eyes of some resolver (WHATWG URL, "ends in a number")."""
    return NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None


def _is_inside(name: str) -> bool:
    return any(name.endswith(f".{suffix}") for suffix in INSIDE_NAMES)
