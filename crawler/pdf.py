"""Reports in PDF: text, title, author, date.

A PDF is read in a process of its own, with bounds on its time and memory: files made to hang or to
grow are common, and those that only look so as well.
"""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from core.model import Access, Announcement, Extracted, Rejected
from core.text import clean, one_line
from core.urls import canonical_url
from core.weeks import paris_date
from crawler.language import detect_language

SECONDS = 40
MEMORY = 2**30 + 2**29  # bytes
MOST_PAGES = 150
MOST_CHARACTERS = 400_000
FEWEST = 250  # characters: under that, it is images of pages
_START = re.compile(rb"\s{0,20}%PDF-")
# What programs write as a title when nobody does.
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|sans titre|untitled|document\d*|présentation powerpoint|"
    r"mise en page|\S+\.(?:docx?|indd|pptx?|pdf|odt|qxp))", re.IGNORECASE,
)  # fmt: skip


def is_pdf(body: bytes) -> bool:
    """Whether these bytes are a PDF's."""
    return bool(_START.match(body))


def read_pdf(
    body: bytes, *, url: str, announcement: Announcement, today: date, seconds: float = SECONDS
) -> Extracted | Rejected:
    """The article that a PDF is, or why it gives none. Never raises, whatever the bytes."""
    command = [sys.executable, "-m", "crawler.pdf"]
    root = Path(__file__).resolve().parent.parent
    try:
        ran = subprocess.run(  # noqa: S603  our own module, given bytes on its input
            command, input=body, capture_output=True, timeout=seconds, cwd=root, check=False
        )
    except subprocess.TimeoutExpired:
        return Rejected(url, f"lecture du PDF interrompue après {seconds:g} secondes")
    try:
        told: dict[str, str] = json.loads(ran.stdout)
    except ValueError:
        return Rejected(url, "PDF illisible")
    text = clean(told["text"])[:MOST_CHARACTERS]
    if len(text) < FEWEST:
        return Rejected(url, "PDF sans texte (des images de pages)")
    title = one_line(announcement.title) or _title(told["title"], text)
    return Extracted(
        url=canonical_url(url),
        title=title[:300],
        text=text,
        author=one_line(announcement.author),
        published=announcement.published or _date(told["created"], today),
        language=detect_language(text, ""),
        access=Access.FREE,
    )


def _title(said: str, text: str) -> str:
    """The file's own title when somebody gave it one, else its first line."""
    title = one_line(said)
    if len(title) >= 8 and not _NO_TITLE.match(title):
        return title
    lines = (one_line(line) for line in text.splitlines())
    return next((line for line in lines if len(line) >= 8), text[:100])


def _date(stamp: str, today: date) -> datetime | None:
    try:
        instant = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    return instant if instant.year >= 1995 and paris_date(instant) <= today else None


# -- in the other process -------------------------------------------------------------------------


def _tell(body: bytes) -> dict[str, Any]:
    from pypdf import PdfReader  # noqa: PLC0415  in the other process only

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted:
        reader.decrypt("")
    pieces: list[str] = []
    length = 0
    for page in reader.pages[:MOST_PAGES]:
        pieces.append(_paragraphs(page.extract_text()))
        length += len(pieces[-1])
        if length > MOST_CHARACTERS:
            break
    about = reader.metadata
    created = about.creation_date if about else None
    return {
        "title": (about.title if about else "") or "",
        "created": created.isoformat() if created else "",
        "text": "\n\n".join(pieces),
    }


def _paragraphs(text: str) -> str:
    """Lines joined as they were written: words cut at their end too."""
    joined = re.sub(r"(?<=[a-zà-ÿ])[-\u00ad]\n(?=[a-zà-ÿ])", "", text)
    return re.sub(r"(?<![.!?:»])\n(?!\s*\n|\s*[A-ZÀ-Þ•–-])", " ", joined)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(json.dumps(_tell(sys.stdin.buffer.read())))
