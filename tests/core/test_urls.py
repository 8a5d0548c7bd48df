from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.urls import (
    LONGEST,
    ascii_host,
    canonical_url,
    host_of,
    is_web_address,
    page_key,
    place_of,
)

HOSTS = st.sampled_from(
    [
        "a.example",
        "WWW.A.Example",
        "münchen.example",
        "[::1]",
        "[2001:DB8::0:1]",
        "127.0.0.1",
        "a_b.c",
    ]
)
PORTS = st.sampled_from(["", ":", ":80", ":443", ":8080", ":0", ":99999", ":x"])
PIECES = st.text("/abÉ%zç.~ &=?#+;:@!$'()*,[]|\"<>\\\u00a0\u202e29fF-_", max_size=30)
QUERIES = st.lists(
    st.sampled_from(
        [
            "utm_source=x",
            "a=1",
            "article12",
            "=",
            "b=%C3%a9",
            "c=a+b",
            "%75tm_medium=y",
            "d=é;e",
            "",
        ]
    ),
    max_size=5,
).map("&".join)
URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "HTTPS", "ftp"]), HOSTS, PORTS, PIECES, QUERIES, PIECES,
    ),
    st.builds("http://{}".format, PIECES),
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("http://moi:secret@example.org/", "http://example.org/"),
        ("http://example.org/a#b", "http://example.org/a"),
        ("http://example.org/#!/é b", "http://example.org/#!/%C3%A9%20b"),
        ("http://example.org/a#!", "http://example.org/a"),
        ("https://www-a-fr.cdn.ampproject.org/c/s/www.a.fr/b?amp=1", "https://www.a.fr/b?amp=1"),
        ("https://a-fr.cdn.ampproject.org/v/a.fr/b", "http://a.fr/b"),
        ("https://www.google.com/amp/s/amp.a.fr/b", "https://amp.a.fr/b"),
        ("https://www.google.com/amplification", "https://www.google.com/amplification"),
        ("http://example.org/été", "http://example.org/%C3%A9t%C3%A9"),
        ("http://example.org/%c3%a9t%C3%A9", "http://example.org/%C3%A9t%C3%A9"),
        ("http://example.org/%7Eana/%61", "http://example.org/~ana/a"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/a/../b/./c/..", "http://example.org/b/"),
        ("http://example.org/%2e%2e/a", "http://example.org/a"),
        ("http://example.org//a//b", "http://example.org//a//b"),
        ("http://example.org/a?utm_source=x&id=3&fbclid=y", "http://example.org/a?id=3"),
        ("http://example.org/a?UTM_Source=x", "http://example.org/a"),
        ("http://example.org/a?b=2&a=1", "http://example.org/a?b=2&a=1"),
        ("http://example.org/spip.php?article12", "http://example.org/spip.php?article12"),
        ("http://example.org/?q=a+b&r=%2B", "http://example.org/?q=a+b&r=%2B"),
        ("http://example.org/?q=été", "http://example.org/?q=%C3%A9t%C3%A9"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("  http://example.org/a\n\tb ", "http://example.org/ab"),
    ],
)
def test_an_address_has_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("b", "https://example.org/d/b"),
        ("/b", "https://example.org/b"),
        ("../b", "https://example.org/b"),
        ("//autre.example/b", "https://autre.example/b"),
        ("?b=1", "https://example.org/d/a?b=1"),
        ("%2e%2e/b", "https://example.org/b"),
    ],
)
def test_a_link_is_followed_from_its_page(url: str, expected: str) -> None:
    assert canonical_url(url, "https://example.org/d/a") == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "/", "exemple", "ftp://example.org/", "javascript:alert(1)", "mailto:a@example.org",
        "file:///etc/passwd", "data:text/html,a", "http://", "http:///a", "http://:80/",
        "http://example.org:99999/", "http://example.org:-1/", "http://example.org:http/",
        "http://[::1/", "http://[::1%]/", "http://[v1.a:b]/", "http://[1.2.3]/", "http://a b/",
        "http://exa<mple/", "http://%00/", "http://\udcff.example/", "http://example.org/\ud800",
        "http://" + "é" * 64 + ".example/", "http://ex℀mple/", "http://example.org/" + "é" * 400,
        "http://example.org/" + "a" * LONGEST, "http:\\\\example.org\\a",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        canonical_url(url)
    assert not is_web_address(url)


def test_an_address_of_two_thousand_characters_is_still_one() -> None:
    url = "http://example.org/".ljust(LONGEST, "a")
    assert canonical_url(url) == url


FORMS = st.lists(
    st.sampled_from(
        [
            lambda url: url.replace("https:", "http:", 1),
            lambda url: url.replace("://www.blog.", "://blog.", 1),
            lambda url: url.replace("://www.blog.", "://m.blog.", 1),
            lambda url: url.replace("://www.blog.", "://amp.blog.", 1),
            lambda url: url.replace("?", "/?", 1),
            lambda url: url.replace("?", "/amp?", 1),
            lambda url: url.replace("?", "/index.php?", 1),
            lambda url: url + "&amp=1",
            lambda url: url + "&outputType=amp",
            lambda url: url + "&utm_source=lettre&at_medium=rss&xtor=RSS-1",
            lambda url: url.replace("?", "?fbclid=x&", 1),
            lambda url: url + "#commentaires",
            lambda url: url.replace("article", "%61rticle", 1),
            lambda url: url.replace("example", "EXAMPLE", 1),
            lambda url: url.replace("id=3&page=2", "page=2&id=3"),
            lambda url: url.replace("https://", "https://www.google.com/amp/s/", 1),
        ]
    ),
    max_size=4,
    unique=True,
)


@given(FORMS)
def test_the_forms_of_a_page_are_one(forms: list[Callable[[str], str]]) -> None:
    page = url = "https://www.blog.example.org/2026/article?id=3&page=2"
    for form in forms:
        url = form(url)
    assert page_key(url) == page_key(page)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/b",
        "https://example.org/a?id=1",
        "https://example.org/a?id=2",
        "https://example.org/A",
        "https://example.org/a/b",
        "https://example.org:8443/a",
        "https://blog.example.org/a",
        "https://example.org/a#!/b",
        "https://example.org/amp",
        "https://example.org/a-amp",
    ],
)
def test_other_pages_are_others(other: str) -> None:
    assert page_key(other) != page_key("https://example.org/a")


@given(URLS)
def test_a_page_has_one_key_however_its_address_is_written(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    assert page_key(canonical) == page_key(url)


@given(URLS)
@example("http://h/%%34%31")
@example("http://h/?%%34%31&%26utm_a=1")
@example("http://h/a?&&b#?c")
@example("HTTP://0//;")
@example("http://h/a?")
@example("http://h:/%2e%2e//./x/..")
@example("http://h/#!%")
@example("https://www.google.com/amp/s/www.google.com/amp/h.fr/")
def test_the_form_of_an_address_is_its_own_form(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        return
    assert canonical_url(canonical) == canonical
    assert canonical_url(canonical, "http://base.example/x") == canonical
    assert canonical.isascii()
    assert len(canonical) <= LONGEST


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_the_reading_of_an_address(url: str, base: str) -> None:
    for given_ in (url, f"http://{url}", f"https://h/{url}", f"//{url}"):
        try:
            canonical_url(given_, base)
        except ValueError:
            assert not is_web_address(given_) or base
        host_of(given_)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org/a", "example.org"),
        ("https://blog.example.org:8080/a", "blog.example.org"),
        ("nulle part", ""),
        ("http://[", ""),
    ],
)
def test_a_site_is_named_by_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize("host", ["", "a b", "a/b", "é" * 64, "::g"])
def test_what_is_no_host_name_is_refused(host: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        ascii_host(host)


def test_a_site_known_by_its_number_is_called_by_its_name() -> None:
    assert place_of("https://www.dubasque.org/a", "Le blog") == "dubasque.org"
    assert place_of("http://127.0.0.1:8000/a", "Le blog") == "Le blog"
