"""The guard: no connection to an address that is not public, unless the settings allow it.

The address that is checked is the one connected to: the check sits in the resolver through which
every connection of the fetcher goes (redirects, robots.txt and literal addresses included), so a
name that changes its mind between check and connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Literal

from twisted.internet.address import IPv4Address as TwistedIPv4
from twisted.internet.address import IPv6Address as TwistedIPv6
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer  # type: ignore[import-untyped]

from core.settings import Network

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

Address = IPv4Address | IPv6Address

_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
# Networks that ``is_global`` lets through, or did in some version of Python, and that no
# publisher's site is on: shared (CGNAT), 6to4 relays, benchmarks, Teredo, 6to4, site-local.
_NEVER = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "240.0.0.0/4", "::/96", "2001::/32", "2002::/16", "fec0::/10", "5f00::/16",
    )
)  # fmt: skip


def is_allowed(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Whether we may connect to ``address``: a public one, or one within ``networks``."""
    address = _embedded(address)
    return _within(address, networks) or _is_public(address)


def is_private(address: Address) -> bool:
    """Whether it is an address that only ``networks`` can allow."""
    return not _is_public(_embedded(address))


def _is_public(address: Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    return not _within(address, (*_NEVER, *_NAT64))


def _embedded(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped IPv6 one, which is where packets would go."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _literal(host: str) -> tuple[str, ...] | None:
    """The address that a host is, which nobody has to be asked for; None for a name."""
    try:
        return (str(ip_address(host)),)
    except ValueError:
        return None


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing to cancel: the answer is already there."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """A Twisted name resolver that gives only the addresses that may be connected to.

    ``refused`` tells afterwards which names had addresses, all refused; ``nearby`` which names
    are on a private network that the settings allow. ``names`` gives addresses to names without
    asking anyone (as curl's ``--resolve``); others go to ``resolver``.
    """

    def __init__(
        self,
        resolver: Any,
        networks: Sequence[Network] = (),
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._resolver = resolver
        self._networks = networks
        self._names = names or {}
        self._reactor: Any = None
        self.refused: dict[str, str] = {}
        self.nearby: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """Made by Scrapy, from the settings that ``crawler.spider`` gives it."""
        settings = crawler.settings
        guard = cls(reactor.nameResolver, settings["GLANEUSE_NETWORKS"], settings["GLANEUSE_NAMES"])
        guard._reactor = reactor
        return guard

    def install_on_reactor(self) -> None:
        """Called by Scrapy: from now on every connection of the process asks here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802  Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: Literal["TCP", "UDP"] = "TCP",  # noqa: N803
    ) -> Any:
        """See ``IHostnameResolver``."""
        receiver = _Filter(self, resolutionReceiver, hostName)
        given = self._names.get(hostName, _literal(hostName))
        if given is None:
            return self._resolver.resolveHostName(
                receiver, hostName, portNumber, addressTypes, transportSemantics
            )
        resolution = _Resolution(hostName)
        receiver.resolutionBegan(resolution)
        for text in given:
            kind = TwistedIPv6 if ":" in text else TwistedIPv4
            receiver.addressResolved(kind(transportSemantics, text, portNumber))
        receiver.resolutionComplete()
        return resolution

    def is_near(self, name: str) -> bool:
        """Whether it is known to be on a private network; at once when no one need be asked."""
        if name not in self.nearby:
            for text in self._names.get(name, _literal(name)) or ():
                self.admits(name, text)
        return name in self.nearby

    def admits(self, name: str, host: str) -> bool:
        """Whether ``name`` may be reached at ``host`` (an address), remembered either way."""
        address = ip_address(host.partition("%")[0])
        if not is_allowed(address, self._networks):
            self.refused[name] = host
            return False
        if is_private(address):
            self.nearby.add(name)
        return True


@implementer(IResolutionReceiver)
class _Filter:
    """Passes on the addresses that the guard admits."""

    def __init__(self, guard: GuardedResolver, receiver: Any, name: str) -> None:
        self._guard = guard
        self._receiver = receiver
        self._name = name

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._guard.admits(self._name, address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()
