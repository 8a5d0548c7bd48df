"""Any reference: what Hypothesis draws, and titles that broke somebody's export once."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from core.model import Access
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import one_line

NASTY = (
    "Aide sociale à l'enfance : « le département ne répond plus »",
    "Il a dit \"non\", puis `oui' ; et ``peut-être''…",
    r"100 % d'écart & 3_4 {x} #1 $5 ~ ^ \textbf{gras} \o/",
    "Accolade { ouverte",
    "Accolade } fermée --- et -- tirets",
    "L’aller-vers 🚶‍♀️ hors les murs 🎬",
    "1er congrès, 2e éd., XXIe siècle, n° 3, Mᵐᵉ Z.",
    "Les travailleur·euses social·es face à l’« accueil inconditionnel »",
    "ER  - TY  - BOOK",
    "@book{piege, title={x}}",
    "<b>gras</b> & <script>alert(1)</script>",
    "社会福祉 и социальная работа",
    ", and, et & others",
    "x" * 400,
    " ".join(["accompagnement"] * 26) + " ?",
)
_LETTERS = st.characters(blacklist_categories=["Cs", "Cc", "Cn"])
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(_LETTERS, max_size=40),
    st.text(r"\{}%&$#_~^-`'<>!?,\"« »", max_size=12),
).map(one_line)
TITLES = TEXTS.filter(bool)
_NAMES = st.text(
    st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=12
).filter(lambda name: name.lower() not in {"and", "others"})
_GIVEN = st.lists(_NAMES.map(str.title), min_size=1, max_size=2).map(" ".join)
PERSONS = st.builds(
    Author,
    st.one_of(
        _NAMES.map(str.title), st.sampled_from(["de La Tour", "d'Ormesson", "Le Gall", "O’Neil"])
    ),
    st.one_of(_GIVEN, st.sampled_from(["Jean-Pierre Marie", "C.", "J.-P."])),
)
BODIES = st.sampled_from([
    Author("Haut Conseil du travail social"),
    Author("Ministère du travail, de la santé et des solidarités"),
    Author("Caisse nationale des allocations familiales & partenaires"),
    Author("DREES"),
    Author("Société {Et} Cie"),
])  # fmt: skip
PEOPLE = st.lists(st.one_of(PERSONS, BODIES), max_size=4).map(tuple)
DATES = st.one_of(
    st.none(),
    st.integers(1000, 2200).map(PartialDate),
    st.builds(PartialDate, st.integers(1000, 2200), st.integers(1, 12)),
    st.dates().filter(lambda day: day.year > 999).map(PartialDate.of),
)
_WORD = st.from_regex(r"[A-Za-z0-9éè°]{0,8}", fullmatch=True)
_ADDRESS = st.sampled_from(["", "https://a.example/b_c?d=1&e=%20#f", "https://é.example/~x/{y}"])


def _held(address: str) -> str:
    return re.sub(r"[{}]", lambda match: f"%{ord(match[0]):X}", address)


REFERENCES = st.builds(
    Reference,
    kind=st.sampled_from(ReferenceKind),
    title=TITLES,
    id=st.sampled_from(["", "goffman68", "glaneuse-17"]),
    authors=PEOPLE,
    editors=PEOPLE,
    translators=PEOPLE,
    container=TEXTS,
    collection=TEXTS,
    publisher=TEXTS,
    place=TEXTS,
    edition=_WORD,
    volume=_WORD,
    issue=_WORD,
    number=st.sampled_from(["", "2022-140", "32"]),
    genre=TEXTS,
    pages=st.sampled_from(["", "12", "12-25", "12-14, 20", "e5"]),
    published=DATES,
    url=_ADDRESS.map(_held),
    doi=st.sampled_from(["", "10.3917/vsoc.161.0013", "10.1000/a_b(c)"]),
    isbn=st.sampled_from(["", "978-2-7071-4611-5", "2707146115"]),
    issn=st.sampled_from(["", "0042-5605", "1234-567X"]),
    language=st.sampled_from(["", "fr", "en", "ca"]),
    accessed=st.one_of(st.none(), st.dates().filter(lambda day: day.year > 999)),
    access=st.sampled_from([Access.UNKNOWN, Access.FREE, Access.SUBSCRIBERS]),
    note=TEXTS,
)
