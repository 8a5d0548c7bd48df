"""What stands in a reading list: its sheet, its sections' headings, and each item by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from core.errors import Overtaken
from core.model import Access, Theme, ThemeId
from core.reading_lists import Advice, Contents, Grid, Item, ReadingList, Section, SkillId
from core.references import Author, PartialDate, Reference, ReferenceKind
from core.text import clean, one_line
from core.urls import canonical_url
from curation import shelving
from curation.bibliography.pasted import reference_of_text
from curation.bibliography.reading import BadEntry, date_of
from curation.reading_lists import revise
from curation.skills import grids
from people.rights import Action
from store import ReadTransaction
from taxonomy.vocabulary import Vocabulary
from web.context import now, parts, today
from web.forms import FrenchForm, Needed, is_sent, mark_of, opened, tell, tidy
from web.guard import me, open_to
from web.reading_lists import FULL, GONE, TITLE, page
from web.readings import ADVICE, KINDS, listed

bp = Blueprint("reading_items", __name__, url_prefix="/bureau/bibliographies")

LONG: Final = 4_000  # characters of a note or an introduction
SHORT: Final = 300
MOST_AUTHORS: Final = 50
MOST_MINUTES: Final = 6_000
CHANGED: Final = (
    "Quelqu’un d’autre a modifié cette page entre-temps. Ce que vous avez écrit est encore là, "
    "sous ce qui est enregistré maintenant : reprenez ce qu’il faut, puis enregistrez de nouveau."
)


def lines(text: str | None) -> str:
    """On several lines, without what cannot be seen."""
    return clean(text or "")


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"{length} caractères au plus.")


def _line(label: str, length: int = SHORT) -> Any:
    return StringField(label, [_at_most(length)], filters=[tidy])


def web_address(_form: Any, field: Field) -> None:
    """The address of a page, or nothing."""
    if field.data:
        try:
            canonical_url(field.data)
        except ValueError as error:
            raise ValidationError("Une adresse commence par https://.") from error


class SheetForm(FrenchForm):
    """What a list says of itself. ``vu``: how it was when the page was shown."""

    titre = StringField("Titre", [Needed("Donnez un titre."), _at_most(TITLE)], filters=[tidy])
    introduction = TextAreaField("Introduction", [_at_most(LONG)], filters=[lines])
    public = _line("Public")
    matiere = _line("Matière ou unité de formation")
    vu = HiddenField()


class HeadingForm(FrenchForm):
    """The heading of a section."""

    titre = StringField("Titre", [_at_most(TITLE)], filters=[tidy])
    introduction = TextAreaField("Introduction", [_at_most(LONG)], filters=[lines])
    vu = HiddenField()


class ReferenceForm(FrenchForm):
    """A reference, field by field."""

    genre = StringField("Sorte de document")
    titre = StringField("Titre", [Needed("Écrivez le titre."), _at_most(1000)], filters=[tidy])
    auteurs = TextAreaField("Autrices et auteurs", [_at_most(LONG)], filters=[lines])
    direction = TextAreaField("Sous la direction de", [_at_most(LONG)], filters=[lines])
    dans = _line("Revue, site ou ouvrage qui le contient", 500)
    editeur = _line("Éditeur, organisme ou université", 500)
    date_ = StringField("Date", [_at_most(20)], filters=[tidy])
    adresse = StringField("Adresse", [_at_most(2000), web_address], filters=[tidy])
    pages = _line("Pages", 60)
    volume = _line("Volume", 60)
    numero_revue = _line("Numéro de la revue", 60)
    numero = _line("Numéro du texte ou du rapport", 100)
    lieu = _line("Lieu", 100)
    edition = _line("Édition", 60)
    collection = _line("Collection")
    precision = _line("Précision (« Thèse de doctorat », « Film documentaire »)", 100)
    doi = _line("DOI", 200)
    isbn = _line("ISBN", 40)
    langue = _line("Langue", 20)
    consulte = DateField("Consulté le", [Optional()])
    abonnes = StringField("Accès")

    def validate_genre(self, field: Field) -> None:
        """One of the kinds."""
        if field.data not in set(ReferenceKind):
            raise ValidationError("Choisissez une sorte de document.")

    def validate_date_(self, field: Field) -> None:
        """A year, a month or a day, as people write them."""
        if field.data:
            try:
                self.when = date_of(field.data)
            except ValueError as error:
                raise ValidationError(
                    "Écrivez 2026, novembre 2026, 19/11/2026 ou 2026-11-19."
                ) from error

    when: PartialDate | None = None

    def reference(self, former: Reference | None) -> Reference:
        """What it says, over what was known and is not in the form."""
        base = former or Reference(title=" ")
        return replace(
            base,
            kind=ReferenceKind(self.genre.data or ReferenceKind.DOCUMENT),
            title=self.titre.data or "",
            authors=read_authors(self.auteurs.data or ""),
            editors=read_authors(self.direction.data or ""),
            container=self.dans.data or "",
            publisher=self.editeur.data or "",
            published=self.when,
            url=self.adresse.data or "",
            pages=self.pages.data or "",
            volume=self.volume.data or "",
            issue=self.numero_revue.data or "",
            number=self.numero.data or "",
            place=self.lieu.data or "",
            edition=self.edition.data or "",
            collection=self.collection.data or "",
            genre=self.precision.data or "",
            doi=self.doi.data or "",
            isbn=self.isbn.data or "",
            language=self.langue.data or "fr",
            accessed=self.consulte.data,
            access=_access(self.abonnes.data or "", base.access),
        )


class ItemForm(ReferenceForm):
    """A reading: why it is there, then the reference itself."""

    note = TextAreaField("Pourquoi le lire", [_at_most(LONG)], filters=[lines])
    question = TextAreaField("Question à discuter", [_at_most(LONG)], filters=[lines])
    consigne = StringField("Consigne")
    a_lire = _line("Ce qu’il faut en lire", 100)
    minutes = StringField("Temps de lecture, en minutes", [_at_most(6)], filters=[tidy])
    seance = _line("Séance", 40)
    archive = StringField(
        "Adresse d’une copie archivée", [_at_most(2000), web_address], filters=[tidy]
    )
    vu = HiddenField()

    def validate_consigne(self, field: Field) -> None:
        """One of the three, or none."""
        if (field.data or "") not in set(Advice):
            raise ValidationError("Choisissez une consigne.")

    def validate_minutes(self, field: Field) -> None:
        """A number of minutes, or nothing."""
        data = field.data or ""
        if data and not (data.isascii() and data.isdecimal() and 1 <= int(data) <= MOST_MINUTES):
            raise ValidationError("Écrivez un nombre de minutes : 20, par exemple.")

    def item(self, former: Item, skills: tuple[SkillId, ...]) -> Item:
        """What it says."""
        return replace(
            former,
            reference=self.reference(former.reference),
            note=self.note.data or "",
            question=self.question.data or "",
            advice=Advice(self.consigne.data or ""),
            extent=self.a_lire.data or "",
            minutes=int(self.minutes.data) if self.minutes.data else None,
            session=self.seance.data or "",
            archive=self.archive.data or "",
            skills=skills,
        )


def read_authors(text: str) -> tuple[Author, ...]:
    """One a line: « Nom, Prénom »; without a comma, a body under its whole name."""
    named = (one_line(line).partition(",") for line in text.splitlines())
    given = (Author(family.strip(), rest.strip()) for family, _, rest in named if family.strip())
    return tuple(given)[:MOST_AUTHORS]


def written_authors(authors: tuple[Author, ...]) -> str:
    """The same, to edit."""
    return "\n".join(f"{a.family}, {a.given}" if a.given else a.family for a in authors)


def _access(written: str, former: Access) -> Access:
    known = {str(one) for one in Access}
    return Access(written) if written in known else former


def _filled(reference: Reference) -> dict[str, Any]:
    return {
        "genre": reference.kind,
        "titre": reference.title.strip(),
        "auteurs": written_authors(reference.authors),
        "direction": written_authors(reference.editors),
        "dans": reference.container,
        "editeur": reference.publisher,
        "date_": reference.published.in_french if reference.published else "",
        "adresse": reference.url,
        "pages": reference.pages,
        "volume": reference.volume,
        "numero_revue": reference.issue,
        "numero": reference.number,
        "lieu": reference.place,
        "edition": reference.edition,
        "collection": reference.collection,
        "precision": reference.genre,
        "doi": reference.doi,
        "isbn": reference.isbn,
        "langue": reference.language,
        "consulte": reference.accessed,
        "abonnes": reference.access,
    }


def _filled_item(item: Item) -> dict[str, Any]:
    return _filled(item.reference) | {
        "note": item.note,
        "question": item.question,
        "consigne": item.advice,
        "a_lire": item.extent,
        "minutes": str(item.minutes or ""),
        "seance": item.session,
        "archive": item.archive,
    }


# -- the sheet of the list ------------------------------------------------------------------------


@bp.route("/<slug:slug>/fiche", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def sheet(slug: str) -> Response:
    """Title, introduction, public, subject, themes and competences."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
        all_grids = grids(tx.skill_grids.all())
    held = one.contents
    form = opened(
        SheetForm,
        titre=held.title,
        introduction=held.introduction,
        public=held.audience,
        matiere=held.subject,
        vu=mark_of(_sheet_of(held)),
    )
    clash = False
    if is_sent(form):
        one, clash = _saved(
            slug, form, _sheet_of, lambda there: _with_sheet(there, form, all_grids), deed="sheet"
        )
        if not clash:
            return redirect(url_for("reading_lists.show", slug=slug), 303)
    sent = request.method == "POST"
    return page(
        "reading_lists/sheet.html",
        status=409 if clash else 0,
        one=one,
        form=form,
        alert=CHANGED if clash else "",
        clash=clash,
        families=_families(parts().vocabulary),
        themes=set(request.form.getlist("theme")) if sent else set(held.themes),
        grids=all_grids,
        skills=set(request.form.getlist("competence")) if sent else set(held.skills),
    )


def _sheet_of(contents: Contents) -> Contents:
    return replace(contents, sections=())


def _with_sheet(held: Contents, form: SheetForm, all_grids: tuple[Grid, ...]) -> Contents:
    known = parts().vocabulary.themes
    themes = (ThemeId(one) for one in request.form.getlist("theme"))
    return replace(
        held,
        title=form.titre.data or "",
        introduction=form.introduction.data or "",
        audience=form.public.data or "",
        subject=form.matiere.data or "",
        themes=tuple(dict.fromkeys(one for one in themes if one in known)),
        skills=_skills(all_grids, held.skills),
    )


def _skills(all_grids: tuple[Grid, ...], held: tuple[SkillId, ...]) -> tuple[SkillId, ...]:
    """Those that were ticked, of the grids or marked already, in the grids' order."""
    known = [skill.id for grid in all_grids for skill in grid.skills]
    order = [*known, *(one for one in held if one not in known)]
    ticked = set(request.form.getlist("competence"))
    return tuple(one for one in order if one in ticked)


def _families(vocabulary: Vocabulary) -> list[tuple[str, tuple[Theme, ...]]]:
    return [(one.label, vocabulary.of_family(one)) for one in vocabulary.families]


def _saved(
    slug: str,
    form: FrenchForm,
    shown: Callable[[Contents], object],
    written: Callable[[Contents], Contents],
    *,
    deed: str,
) -> tuple[ReadingList, bool]:
    """The list with what a form says of it, or as somebody else left it meanwhile: a clash.

    ``shown``: the part that the form was filled from; ``written``: the contents with what was
    typed. After a clash, the form may be sent again. Raises Overtaken when the part is gone.
    """
    with parts().store.begin() as tx:
        one = listed(tx, slug, hold=True)
        mark = mark_of(shown(one.contents))
        clash = form["vu"].data != mark
        if not clash:
            revise(tx, one, written(one.contents), by=me(), deed=deed, now=now())
    form["vu"].data = mark
    return one, clash


# -- the heading of a section ---------------------------------------------------------------------


@bp.route("/<slug:slug>/parties/<section>", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def heading(slug: str, section: str) -> Response:
    """A section's title and introduction."""

    def found(contents: Contents) -> Section:
        return shelving.section_of(contents, section)

    def written(contents: Contents) -> Contents:
        title, introduction = form.titre.data or "", form.introduction.data or ""
        return shelving.with_heading(contents, section, title, introduction)

    clash = False
    with parts().store.read() as tx:
        one = listed(tx, slug)
    try:
        held = found(one.contents)
        form = opened(
            HeadingForm, titre=held.title, introduction=held.introduction, vu=mark_of(_bare(held))
        )
        if sent := is_sent(form):
            one, clash = _saved(
                slug, form, lambda there: _bare(found(there)), written, deed="heading"
            )
            held = found(one.contents)
    except Overtaken as error:
        return _gone(slug, error)
    if sent and not clash:
        return redirect(url_for("reading_lists.show", slug=slug, _anchor=f"s-{section}"), 303)
    return page(
        "reading_lists/heading.html",
        status=409 if clash else 0,
        one=one,
        section=held,
        form=form,
        clash=clash,
        alert=CHANGED if clash else "",
    )


def _bare(section: Section) -> Section:
    return replace(section, items=())


def _gone(slug: str, error: Overtaken) -> Response:
    tell(GONE[error.what])
    return redirect(url_for("reading_lists.show", slug=slug), 303)


# -- items ----------------------------------------------------------------------------------------


@bp.route("/<slug:slug>/references/<item>", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def item(slug: str, item: str) -> Response:
    """One reading: why it is there, what of it, for when; and its reference, to be put right."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
        all_grids = grids(tx.skill_grids.all())

    def found(contents: Contents) -> Item:
        return shelving.item_of(contents, item)

    def written(contents: Contents) -> Contents:
        held = found(contents)
        return shelving.with_item(contents, form.item(held, _skills(all_grids, held.skills)))

    clash = False
    try:
        held = found(one.contents)
        form = opened(ItemForm, **_filled_item(held), vu=mark_of(held))
        if saved := is_sent(form):
            one, clash = _saved(slug, form, found, written, deed="item")
            held = found(one.contents)
    except Overtaken as error:
        return _item_gone(slug, error)
    if saved and not clash:
        return redirect(url_for("reading_lists.show", slug=slug, _anchor=f"r-{item}"), 303)
    sent = request.method == "POST"
    return _item_page(
        one, form, held, all_grids,
        status=409 if clash else 0,
        clash=clash,
        skills=set(request.form.getlist("competence")) if sent else set(held.skills),
    )  # fmt: skip


def _item_gone(slug: str, error: Overtaken) -> Response:
    """It is gone; what had been written about it is shown, to be copied."""
    if request.method == "GET":
        return _gone(slug, error)
    with parts().store.read() as tx:
        one = listed(tx, slug)
        all_grids = grids(tx.skill_grids.all())
    form = ItemForm(request.form)
    return _item_page(
        one, form, None, all_grids, status=409, alert=GONE["item"],
        skills=set(request.form.getlist("competence")),
    )  # fmt: skip


def _item_page(
    one: Any, form: FrenchForm, held: Item | None, all_grids: tuple[Grid, ...], **values: Any
) -> Response:
    given: dict[str, Any] = {"clash": False, "skills": set(), "sections": (), "pasted": ""}
    given |= values
    return page(
        "reading_lists/item.html",
        **({"alert": CHANGED if given["clash"] else ""} | given),
        one=one,
        form=form,
        held=held,
        grids=all_grids,
        kinds=KINDS,
        advice=ADVICE,
    )


@bp.route("/<slug:slug>/ajouter", methods=["GET", "POST"])
@open_to(Action.KEEP_READING_LIST)
def add(slug: str) -> Response:
    """A reference that is not in Glaneuse, by hand; a text pasted first fills what it can."""
    with parts().store.read() as tx:
        one = listed(tx, slug)
        all_grids = grids(tx.skill_grids.all())
    text = clean(request.form.get("colle", ""))[:LONG]
    if request.method == "POST" and "lire" in request.form:
        return _read_paste(one, text, all_grids)
    form = opened(ItemForm, genre=ReferenceKind.BOOK, langue="fr", consulte=today())
    if not is_sent(form):
        status = 422 if request.method == "POST" else 200
        skills = set(request.form.getlist("competence"))
        return _item_page(
            one, form, None, all_grids, status=status, sections=one.contents.sections, skills=skills
        )
    return _add(slug, form, all_grids)


def _read_paste(one: ReadingList, text: str, all_grids: tuple[Grid, ...]) -> Response:
    """The form filled with what a pasted text says."""
    values: dict[str, Any] = {"status": 200, "sections": one.contents.sections, "pasted": text}
    try:
        found = replace(reference_of_text(text), accessed=today())
    except BadEntry as bad:
        found = Reference(kind=ReferenceKind.BOOK, title=" ")
        why = str(bad) if text.strip() else "Collez d’abord une référence"
        values |= {"status": 422, "alert": f"{why[0].upper()}{why[1:]}."}
    return _item_page(one, ItemForm(data=_filled(found)), None, all_grids, **values)


def _add(slug: str, form: ItemForm, all_grids: tuple[Grid, ...]) -> Response:
    fresh = Item(shelving.new_item_id(), Reference(title=" "), added=now())
    made = form.item(fresh, _skills(all_grids, ()))
    with parts().store.begin() as tx:
        one = listed(tx, slug, hold=True)
        made = _recognised(tx, made)
        if not shelving.strangers(one.contents, [made]):
            form.titre.errors = ("Cette référence est déjà dans la bibliographie.",)
            return _item_page(
                one, form, None, all_grids, status=422, sections=one.contents.sections
            )
        section = request.form.get("partie", "")
        known = {held.id for held in one.contents.sections}
        try:
            contents = shelving.with_items(
                one.contents, [made], section if section in known else ""
            )
        except shelving.TooLong:
            form.titre.errors = (FULL,)
            return _item_page(one, form, None, all_grids, status=422)
        revise(tx, one, contents, by=me(), deed="add", now=now())
    return redirect(url_for("reading_lists.show", slug=slug, _anchor=f"r-{made.id}"), 303)


def _recognised(tx: ReadTransaction, item: Item) -> Item:
    """An item typed by hand whose address is that of an article of Glaneuse is that article."""
    if not item.reference.url:
        return item
    url = canonical_url(item.reference.url)
    found = tx.articles.by_urls([url]).get(url)
    return item if found is None else replace(item, article=found)
