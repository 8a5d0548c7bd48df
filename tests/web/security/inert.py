"""What is active in a page, found in the tree that a parser makes of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from lxml import etree, html
from werkzeug.test import TestResponse

TAGS: Final = frozenset(
    "html head title meta link body header nav main footer section article aside div p span a ul "
    "ol li dl dt dd h1 h2 h3 h4 h5 form label input select option optgroup textarea button "
    "fieldset legend details summary table thead tbody tfoot tr th td caption colgroup col time "
    "mark strong em small abbr blockquote q cite figure figcaption img svg path rect g line circle "
    "text script noscript output datalist kbd code pre br hr sup sub b i search progress meter bdi "
    "wbr hgroup desc polyline polygon symbol defs use address ins del s u center font".split()
)
ADDRESSES: Final = frozenset(
    "href src action formaction xlink:href poster background data ping cite srcset".split()
)
WEB: Final = frozenset({"", "http", "https", "mailto", "webcal", "cid"})
_CONTROL: Final = re.compile(r"[\x00-\x20]+")


def active_in(page: str, *, letter: bool = False) -> list[str]:
    """What would run, load or reach elsewhere by itself; ``letter``: where styles are inlined."""
    root = html.document_fromstring(page)
    return [found for element in root.iter(etree.Element) for found in _active(element, letter)]


def _active(element: Any, letter: bool) -> Iterator[str]:
    tag = str(element.tag).rpartition("}")[2].lower()
    said = etree.tostring(element, encoding="unicode", with_tail=False)[:200]
    if tag not in TAGS and not (letter and tag == "style"):
        yield f"<{tag}>: {said}"
    if tag == "script" and not _is_ours(element.get("src")):
        yield f"script: {said}"
    if tag in {"img", "link", "use"} and not letter and not _is_local(element, tag):
        yield f"loads from elsewhere: {said}"
    if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        yield f"refresh: {said}"
    for name, value in element.attrib.items():
        low = str(name).lower()
        if low.startswith(("on", "srcdoc", "v-", "ng-", "hx-")) or (low == "style" and not letter):
            yield f"{low}: {said}"
        scheme = urlsplit(_CONTROL.sub("", value)).scheme if low in ADDRESSES else ""
        if scheme not in WEB:
            yield f"{low}={value!r}: {said}"


def _is_ours(src: str | None) -> bool:
    return src is not None and src.startswith("/static/")


def _is_local(element: Any, tag: str) -> bool:
    if tag == "link" and element.get("rel") not in {"stylesheet", "icon", "preload"}:
        return True
    address = element.get("src" if tag == "img" else "href") or ""
    return address.startswith(("/", "#")) and not address.startswith("//")


@dataclass
class Walk:
    """A visitor who follows every link of the site, and sends every form that they meet."""

    client: FlaskClient
    base: str = "http://localhost"
    most: int = 600
    but: Iterable[str] = ("/static/",)
    pages: dict[str, TestResponse] = field(default_factory=dict)
    forms: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)

    def run(self, *starts: str) -> None:
        """Read what can be reached from there."""
        waiting, shapes = deque(starts), dict[str, int]()
        while waiting and len(self.pages) < self.most:
            address = waiting.popleft()
            shape = re.sub(r"[0-9]+", "0", urlsplit(address).path)
            if address in self.pages or any(part in address for part in self.but):
                continue
            shapes[shape] = shapes.get(shape, 0) + 1
            if shapes[shape] > 80:
                continue
            answer = self.client.get(address, base_url=self.base)
            self.pages[address] = answer
            if answer.mimetype == "text/html":
                waiting.extend(self._links(address, answer.text))

    def _links(self, address: str, page: str) -> Iterator[str]:
        root = html.document_fromstring(page)
        for form in root.iter("form"):
            action = urljoin(address, form.get("action") or address)
            names = ",".join(sorted({one.get("name") or "" for one in form.iter("input")}))
            key = (re.sub(r"[0-9]+", "0", urlsplit(action).path), names)
            self.forms.setdefault(key, (action, form))
        for link in root.iter("a", "link"):
            there = urlsplit(urljoin(f"{self.base}{address}", link.get("href") or ""))
            if there.netloc == urlsplit(self.base).netloc and there.scheme in {"http", "https"}:
                yield there.path + (f"?{there.query}" if there.query else "")

    def send(self, text: str, form: Any, action: str) -> TestResponse:
        """Fill every field that a person could with this text, and send the form."""
        values = dict(_filled(form, text))
        how = self.client.post if form.get("method", "get").lower() == "post" else self.client.get
        if how == self.client.get:
            return self.client.get(action, query_string=values, base_url=self.base)
        return self.client.post(action, data=values, base_url=self.base, follow_redirects=True)


def _filled(form: Any, text: str) -> Iterator[tuple[str, Any]]:
    for one in form.iter("input", "textarea", "select", "button"):
        name, kind = one.get("name"), one.get("type", "text")
        if not name or kind in {"submit", "checkbox", "radio", "file"} or one.tag == "button":
            continue
        if kind == "hidden" or one.tag == "select":
            value = one.get("value") if one.tag == "input" else _chosen(one)
            yield name, value or ""
        elif kind == "email":
            yield name, "qui@exemple.fr"
        elif kind in {"date", "number"}:
            yield name, one.get("value") or ""
        else:
            yield name, text


def _chosen(select: Any) -> str:
    options: list[Mapping[str, str]] = [one.attrib for one in select.iter("option")]
    return next((str(one.get("value", "")) for one in options if "selected" in one), "") or (
        str(options[0].get("value", "")) if options else ""
    )
