"""Reports in PDF: read in a process apart, whatever the bytes."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime

import pytest

from core.clock import now
from core.model import Announcement, Extracted, Rejected, SourceKind
from core.settings import Settings
from crawler.pdf import is_pdf, read_pdf
from crawler.stages import collect
from store import Store
from tests.crawler.conftest import OPTIONS
from tests.crawler.local_site import LocalSite, Reply, item

TODAY = date(2026, 11, 25)
URL = "https://institut.example/rapport.pdf"
LINES = [f"Le rapport observe, page apres page, ce que vivent les familles {n}." for n in range(9)]


def pdf(lines: list[str], title: str = "") -> bytes:
    """A file of one page, as small as they can be."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    stream = zlib.compress(f"BT /F1 12 Tf 50 780 Td {shown} ET".encode("latin-1"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) /CreationDate (D:20260315100000Z) >>" % title.encode("latin-1"),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    size = len(objects) + 1
    return body + b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        start,
    )


def read(body: bytes, told: str = "") -> Extracted | Rejected:
    return read_pdf(body, url=URL, announcement=Announcement(URL, told), today=TODAY)


def test_a_report_gives_text_title_and_date() -> None:
    result = read(pdf(LINES, "Rapport annuel sur les familles"))
    assert isinstance(result, Extracted)
    assert result.title == "Rapport annuel sur les familles"
    assert "ce que vivent les familles 8" in result.text
    assert result.published == datetime(2026, 3, 15, 10, tzinfo=UTC)


def test_a_title_that_a_program_wrote_is_none() -> None:
    result = read(pdf(["Les familles et la rue", *LINES], "Microsoft Word - v3_def.docx"))
    assert isinstance(result, Extracted)
    assert result.title.startswith("Les familles et la rue")
    announced = read(pdf(LINES, "x.indd"), "Un rapport attendu")
    assert isinstance(announced, Extracted)
    assert announced.title == "Un rapport attendu"


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.4\n", b"%PDF-1.7\n" + bytes(range(256)) * 40, pdf(["Une ligne"]), pdf(LINES)[:300]],
    ids=["empty", "garbage", "images", "cut"],
)
def test_what_gives_no_text_is_said(body: bytes) -> None:
    assert is_pdf(body)
    result = read(body)
    assert isinstance(result, Rejected)
    assert "PDF" in result.reason


def test_one_that_takes_too_long_is_cut() -> None:
    told = Announcement(URL)
    result = read_pdf(pdf(LINES), url=URL, announcement=told, today=TODAY, seconds=0.01)
    assert isinstance(result, Rejected)
    assert "interrompue" in result.reason


def test_a_report_that_a_feed_announces_becomes_an_article(
    store: Store, settings: Settings, site: LocalSite
) -> None:
    site.replies["/r.pdf"] = Reply(pdf(LINES), "application/pdf")
    feed = site.feed("/feed", item(f"{site.url}/r.pdf", "Un rapport attendu"))
    with store.begin() as tx:
        tx.sources.add(name="S", url=site.url, feed=feed, kind=SourceKind.FEED, now=now())
    collect(store, settings, now, options=OPTIONS, processes=0)
    with store.read() as tx:
        (held,) = tx.articles.recent(off_field=True)
    assert held.title == "Un rapport attendu"
    assert "familles" in held.text
