"""What comes of addresses: real requests, made by the fetching process, to a server on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from core.errors import AddressRefused, FetchFailed
from core.model import Validators
from core.settings import read_settings
from crawler.fetching import (
    Answer,
    Fetcher,
    Options,
    Request,
    Trouble,
    options_from,
    raise_for,
    web_address,
    why_not,
)
from crawler.network import GuardedResolver, is_allowed
from tests.crawler.conftest import LOOPBACK
from tests.crawler.local_site import LocalSite, Reply, article, serving

PAGE = Reply(b"<html><body>bonjour</body></html>")


# -- the guard ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.8", "192.88.99.1",
        "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1",
        "2001:0:7f00:1::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["9.9.9.9", "185.15.58.224", "2620:fe::fe", "2a02:ec80:300:ed1a::1", "::ffff:9.9.9.9"],
)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(ip_address(address))


def test_the_settings_allow_a_private_network_and_no_other() -> None:
    networks = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    assert is_allowed(ip_address("127.0.0.1"), networks)
    assert is_allowed(ip_address("::ffff:127.0.0.1"), networks)
    assert is_allowed(ip_address("fd00::1"), networks)
    assert not is_allowed(ip_address("10.0.0.1"), networks)
    assert not is_allowed(ip_address("::1"), networks)


@implementer(IHostnameResolver)
class ChangingResolver:
    """A name server that gives another address at each question (DNS rebinding)."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", self.addresses.pop(0), port))
        receiver.resolutionComplete()


@implementer(IResolutionReceiver)
class Connections:
    """What would be connected to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, _: object) -> None:  # noqa: N802
        self.addresses.clear()

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        pass


def test_every_resolution_is_checked_and_only_what_passed_is_connected_to() -> None:
    guard = GuardedResolver(ChangingResolver("9.9.9.9", "127.0.0.1"))
    connections = Connections()
    guard.resolveHostName(connections, "piege.example", 80)
    assert connections.addresses == ["9.9.9.9"]
    guard.resolveHostName(connections, "piege.example", 80)
    assert connections.addresses == []
    assert guard.refused == {"piege.example": "127.0.0.1"}


def test_a_private_address_is_known_for_one_before_anything_is_asked_of_it() -> None:
    names = {"interne.test": ("10.0.0.7",), "melange.test": ("192.168.1.1", "127.0.0.1")}
    guard = GuardedResolver(ChangingResolver("9.9.9.9"), LOOPBACK, names)
    hosts = ("127.0.0.1", "melange.test", "interne.test", "10.0.0.7", "9.9.9.9", "piege.example")
    assert [host for host in hosts if guard.is_near(host)] == ["127.0.0.1", "melange.test"]


@pytest.mark.parametrize(
    "url",
    ["http://interne.test/", "http://10.0.0.7/", "http://[::1]:9/", "http://169.254.169.254/"],
)
def test_a_private_address_is_refused(fetcher: Fetcher, url: str) -> None:
    answer = fetcher.fetch(url)
    assert answer.trouble is Trouble.PRIVATE
    with pytest.raises(AddressRefused, match="réseau privé"):
        raise_for(answer)


def test_a_redirect_to_a_private_address_is_refused(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/a"] = Reply.to("http://interne.test/secret")
    assert fetcher.fetch(f"{site.url}/a").trouble is Trouble.PRIVATE


def test_of_a_name_with_several_addresses_only_the_allowed_are_tried(
    fetcher: Fetcher, site: LocalSite
) -> None:
    site.replies["/a"] = PAGE
    port = site.url.rpartition(":")[2]
    assert fetcher.fetch(f"http://melange.test:{port}/a").is_fresh


def test_loopback_is_refused_unless_allowed_and_no_request_leaves() -> None:
    with serving({"/a": PAGE}) as site, Fetcher(Options(timeout=3)) as strict:
        answer = strict.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.PRIVATE
    assert why_not(answer) == "adresse d’un réseau privé, refusée (127.0.0.1)"
    assert site.asked == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://site.test/a", "javascript:x"])
def test_a_redirect_out_of_the_web_is_refused(
    fetcher: Fetcher, site: LocalSite, location: str
) -> None:
    site.replies["/a"] = Reply.to(location)
    answer = fetcher.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.NOT_WEB
    assert not answer.body


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///etc/passwd", "javascript:1", "", "//"]
)
def test_an_address_that_is_not_of_the_web_is_refused_at_once(url: str) -> None:
    with pytest.raises(AddressRefused, match="http"):
        web_address(url)


# -- politeness ---------------------------------------------------------------------------------


def test_robots_txt_is_obeyed(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /prive/\n\nUser-agent: Glaneuse\nDisallow: /pas-elle/\n",
        "text/plain",
    )
    site.replies |= {"/prive/a": PAGE, "/pas-elle/a": PAGE}
    assert fetcher.fetch(f"{site.url}/pas-elle/a").trouble is Trouble.ROBOTS
    assert fetcher.fetch(f"{site.url}/pas-elle/a").is_refused
    assert fetcher.fetch(f"{site.url}/prive/a").is_fresh
    assert site.paths == ["/prive/a"]


def test_a_redirect_to_another_site_obeys_that_site(
    fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    other_site.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
    other_site.replies["/b"] = PAGE
    site.replies["/a"] = Reply.to(f"{other_site.url}/b")
    assert fetcher.fetch(f"{site.url}/a").trouble is Trouble.ROBOTS
    assert other_site.asked == []


def test_a_site_without_robots_txt_allows_all(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/robots.txt"] = Reply(b"Disallow: / is what this page says", status=404)
    site.replies["/a"] = PAGE
    assert fetcher.fetch(f"{site.url}/a").is_fresh


def test_a_robots_txt_in_error_refuses_all_for_now(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/robots.txt"] = Reply(b"oops", status=503)
    site.replies["/a"] = PAGE
    answer = fetcher.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.ROBOTS_DOWN
    assert not answer.is_gone
    assert "robots.txt" in why_not(answer)
    assert site.asked == []


def test_a_robots_txt_that_runs_in_circles_is_as_none(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies |= {"/robots.txt": Reply.to("/robots.txt"), "/a": PAGE}
    assert fetcher.fetch(f"{site.url}/a").is_fresh


def test_a_robots_txt_without_end_refuses_all_for_now(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies |= {"/robots.txt": Reply(endless=50_000_000), "/a": PAGE}
    assert fetcher.fetch(f"{site.url}/a").trouble is Trouble.ROBOTS_DOWN


def test_the_user_agent_says_who_and_where_to_write(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/a"] = PAGE
    fetcher.fetch(f"{site.url}/a")
    assert site.asked[0][1]["User-Agent"] == "Glaneuse/0.1 (+redaction@glaneuse.example)"


@pytest.mark.parametrize(
    ("given", "agent"),
    [
        ({}, "Glaneuse/0.1"),
        ({"CONTACT": "a@b.example"}, "Glaneuse/0.1 (+a@b.example)"),
        ({"PUBLIC_URL": "https://g.example"}, "Glaneuse/0.1 (+https://g.example)"),
        ({"CONTACT": "x\r\nHost: pirate (é)"}, "Glaneuse/0.1 (+x Host: pirate )"),
    ],
)
def test_the_contact_address_comes_from_the_settings(given: dict[str, str], agent: str) -> None:
    settings = read_settings({f"GLANEUSE_{name}": value for name, value in given.items()})
    assert options_from(settings).user_agent == agent


# -- answers ------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/a"] = Reply(b"<p>a</p>", etag=True, headers={"Last-Modified": "hier"})
    first = fetcher.fetch(f"{site.url}/a")
    assert first.validators.etag
    assert first.validators.last_modified == "hier"
    answers: list[Answer] = []
    fetcher.submit(Request(f"{site.url}/a", first.validators), answers.append)
    fetcher.run()
    assert answers[0].is_unchanged
    assert site.asked[1][1]["If-Modified-Since"] == "hier"


def test_redirects_are_followed_and_told(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies |= {"/a": Reply.to("/b"), "/b": Reply.to(f"{site.url}/c?x=1", 302), "/c?x=1": PAGE}
    answer = fetcher.fetch(f"{site.url}/a")
    assert (answer.url, answer.final_url) == (f"{site.url}/a", f"{site.url}/c?x=1")


def test_a_cookie_set_by_a_redirect_is_shown_where_it_leads_and_nowhere_else(
    fetcher: Fetcher, site: LocalSite, other_site: LocalSite
) -> None:
    def cookies(where: LocalSite) -> list[str | None]:
        return [headers.get("Cookie") for _, headers in where.asked]

    given = {"Set-Cookie": "session=abc; Path=/; HttpOnly"}
    site.replies["/door"] = Reply(status=302, headers={"Location": "/room"} | given)
    site.replies["/room"] = Reply(b"<p>Texte</p>", headers={"Set-Cookie": "seen=1"})
    site.replies["/out"] = Reply(status=302, headers={"Location": f"{other_site.url}/"} | given)
    assert fetcher.fetch(f"{site.url}/door").body == b"<p>Texte</p>"
    assert cookies(site) == [None, "session=abc"]
    fetcher.fetch(f"{site.url}/room")
    fetcher.fetch(f"{site.url}/out")
    assert cookies(site)[2:] == [None, None]
    assert cookies(other_site) == [None]


def test_a_redirect_loop_ends(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies |= {"/a": Reply.to("/b"), "/b": Reply.to("/a")}
    answer = fetcher.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.LOOP
    assert why_not(answer) == "redirections sans fin"
    assert len(site.asked) <= 6


@pytest.mark.parametrize("endless", [0, 50_000_000])
def test_a_body_too_large_is_cut_off(fetcher: Fetcher, site: LocalSite, endless: int) -> None:
    site.replies["/a"] = Reply(b"x" * 3_000_000, endless=endless)
    answer = fetcher.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.TOO_LARGE
    assert why_not(answer) == "trop volumineux (plus de 2 Mo)"


def test_a_compressed_body_too_large_is_cut_off(fetcher: Fetcher, site: LocalSite) -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    site.replies["/a"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    assert fetcher.fetch(f"{site.url}/a").trouble is Trouble.TOO_LARGE


@pytest.mark.parametrize(("name", "compress"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_compressed_pages_are_read(
    fetcher: Fetcher, site: LocalSite, name: str, compress: Any
) -> None:
    site.replies["/a"] = Reply(compress(PAGE.body), headers={"Content-Encoding": name})
    assert fetcher.fetch(f"{site.url}/a").body == PAGE.body


def test_a_server_that_says_nothing_times_out() -> None:
    allowed = (ip_network("127.0.0.0/8"),)
    hurried = Options(networks=allowed, timeout=0.5)
    with serving({"/a": Reply(stuck=True)}) as site, Fetcher(hurried) as fetcher:
        answer = fetcher.fetch(f"{site.url}/a")
    assert answer.trouble is Trouble.TIMEOUT
    assert why_not(answer) == "ne répond pas (délai de 0.5 s dépassé)"


def test_a_dead_host_and_an_unknown_name_are_told_apart(fetcher: Fetcher) -> None:
    with serving() as gone:
        pass
    assert fetcher.fetch(f"{gone.url}/a").trouble is Trouble.NO_CONNECTION
    assert fetcher.fetch("http://nulle-part.invalid/").trouble is Trouble.NO_HOST


@pytest.mark.parametrize(
    ("status", "refused", "gone"),
    [(401, True, False), (403, True, False), (404, False, True), (410, False, True),
     (429, False, False), (500, False, False), (503, False, False)],
)  # fmt: skip
def test_an_error_of_the_site_is_told(
    fetcher: Fetcher, site: LocalSite, status: int, *, refused: bool, gone: bool
) -> None:
    site.replies["/a"] = Reply(b"non", status=status, headers={"Retry-After": "120"})
    answer = fetcher.fetch(f"{site.url}/a")
    assert (answer.is_fresh, answer.is_refused, answer.is_gone) == (False, refused, gone)
    assert str(status) in why_not(answer)
    assert answer.retry_after == "120"
    with pytest.raises(FetchFailed):
        raise_for(answer)


def test_garbage_instead_of_http_is_one_line(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/a"] = Reply(b"pas du gzip", headers={"Content-Encoding": "gzip"})
    answer = fetcher.fetch(f"{site.url}/a")
    assert answer.is_fresh or why_not(answer)


def test_many_requests_all_come_back(fetcher: Fetcher, site: LocalSite) -> None:
    urls = [f"{site.url}/{n}" for n in range(40)]
    for n in range(40):
        site.replies[f"/{n}"] = Reply(str(n).encode())
    answers: list[Answer] = []
    for url in urls:
        fetcher.submit(Request(url), answers.append)
    fetcher.run()
    assert {answer.url: answer.body for answer in answers} == {
        url: str(n).encode() for n, url in enumerate(urls)
    }


def test_an_answer_may_ask_for_more(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies |= {"/a": PAGE, "/b": PAGE}
    seen: list[str] = []

    def follow(_: Answer) -> None:
        fetcher.submit(Request(f"{site.url}/b"), lambda last: seen.append(last.url))

    fetcher.submit(Request(f"{site.url}/a"), follow)
    fetcher.run()
    assert seen == [f"{site.url}/b"]


def test_a_killed_fetching_process_is_replaced(site: LocalSite) -> None:
    site.replies |= {"/a": Reply(stuck=True), "/b": PAGE}
    with Fetcher(Options(networks=(ip_network("127.0.0.0/8"),))) as fetcher:
        answers: list[Answer] = []
        assert fetcher.fetch(f"{site.url}/b").is_fresh
        fetcher.submit(Request(f"{site.url}/a"), answers.append)
        fetcher._send()
        fetcher._processes[0]._process.kill()
        fetcher.run()
        assert [answer.trouble for answer in answers] == [Trouble.STOPPED]
        assert fetcher.fetch(f"{site.url}/b").is_fresh


def test_validators_are_sent_only_when_there_are_some(fetcher: Fetcher, site: LocalSite) -> None:
    site.replies["/a"] = Reply(article("Titre").encode())
    fetcher.submit(Request(f"{site.url}/a", Validators()), lambda _: None)
    fetcher.run()
    headers: Sequence[str] = list(site.asked[0][1])
    assert "If-None-Match" not in headers
    assert "If-Modified-Since" not in headers
