"""The documentalist's desk: themes, their words, synonyms and acronyms, edited in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request
from flask import url_for as to
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from core.cells import decoded
from core.errors import Conflict, NotFound, Unreadable
from core.model import Article, Theme, ThemeId
from core.text import fold, one_line, slugify
from core.vocabulary_edits import Edit, EditKind, KeptEdit
from people.rights import Action
from store import ReadTransaction, Transaction
from taxonomy import editing
from taxonomy.edits import FALSE_FRIEND, NONE
from taxonomy.expressions import Expression, frequent
from taxonomy.spreadsheet import COLUMNS, LONGEST, read_table, write_table
from taxonomy.vocabulary import Strength, Vocabulary, expression_problem
from web import guard
from web.context import extension, now, parts
from web.forms import (
    RESTORED,
    FrenchForm,
    Needed,
    coming_back,
    is_sent,
    keep_draft,
    mark_of,
    opened,
    tell,
    tidy,
)
from web.guard import open_to
from web.history import name_in, name_of, told
from web.paging import SIZE
from web.signing import typed
from web.trials import Outcome, Trial, try_edit

bp = Blueprint("vocabulary", __name__, url_prefix="/bureau/vocabulaire")

TRIAL: Final = "glaneuse-trial"
STRENGTHS: Final = {
    Strength.STRONG.value: "Fort",
    Strength.MEDIUM.value: "Moyen",
    Strength.WEAK.value: "Faible",
    FALSE_FRIEND: "Faux ami",
}
MEANT: Final = {
    Strength.STRONG.value: "dans un titre ou un début d’article, suffit presque à lui seul",
    Strength.MEDIUM.value: "il en faut deux ou trois différents",
    Strength.WEAK.value: "appuie les autres, ne décide jamais seul",
    FALSE_FRIEND: "le mot a un autre sens : il cache ceux qu’il contient",
}
NOTE: Final = 1000  # characters
EXAMPLES: Final = 10  # shown of what an edit would change
UNTAGGED: Final = 600  # articles without theme that are looked at for their expressions
# Addresses beside those of the themes.
RESERVED: Final = frozenset({"fiabilite", "nouveau", "expressions", "tableau"})
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


# -- forms ----------------------------------------------------------------------------------------


class SheetForm(FrenchForm):
    """A theme's label, family and note; ``vue``: what the page showed of them, in short."""

    libelle = StringField("Nom", [Needed("Donnez un nom."), Length(max=100)], filters=[tidy])
    famille = StringField("Famille")
    note = TextAreaField("Note", [Length(max=NOTE)], filters=[tidy])
    vue = HiddenField()

    def validate_famille(self, field: Field) -> None:
        """One of the families."""
        if field.data not in {family.id for family in parts().vocabulary.families}:
            raise ValidationError("Choisissez une famille.")


class NewForm(SheetForm):
    """A theme to be added."""

    identifiant = StringField("Nom dans les adresses", filters=[tidy])

    def validate_identifiant(self, field: Field) -> None:
        """Free, and written as addresses are; made of the label when left empty."""
        field.data = field.data or slugify(self.libelle.data or "")
        _check_free(field.data)


class TermForm(FrenchForm):
    """An expression, and what it is for the theme."""

    expression = StringField(
        "Expression",
        [Needed("Écrivez une expression."), Length(max=LONGEST)],
        filters=[tidy],
    )
    force = StringField("Force")
    sens = StringField("Développement", [Length(max=LONGEST)], filters=[tidy])
    ambigu = BooleanField("Ambigu")
    sigle = BooleanField("Sigle")

    def validate_expression(self, field: Field) -> None:
        """Something that can be looked for."""
        problem = "" if self.sigle.data else expression_problem(field.data or "")
        if problem:
            raise ValidationError(f"{problem}.")

    def validate_force(self, field: Field) -> None:
        """A strength, or "" to take the expression away."""
        if field.data not in {*STRENGTHS, NONE}:
            raise ValidationError("Choisissez une force.")

    def validate_sens(self, field: Field) -> None:
        """An acronym says what it stands for."""
        if self.sigle.data and self.force.data and not field.data:
            raise ValidationError("Écrivez ce que le sigle veut dire.")

    def edit(self, theme: ThemeId) -> Edit:
        """What it changes."""
        value: dict[str, Any] = {"strength": self.force.data or NONE}
        if self.sigle.data:
            value |= {"meaning": self.sens.data or "", "ambiguous": bool(self.ambigu.data)}
            return Edit(EditKind.ACRONYM, theme, self.expression.data or "", value)
        return Edit(EditKind.TERM, theme, self.expression.data or "", value)


class SynonymForm(FrenchForm):
    """A name that readers may know the theme by."""

    nom = StringField(
        "Employé pour", [Needed("Écrivez un nom."), Length(max=LONGEST)], filters=[tidy]
    )


class SplitForm(NewForm):
    """A theme made of some of another's terms."""


def _made_already(form: NewForm) -> ThemeId | None:
    """The theme that this form made a moment ago: its button was pressed twice."""
    id = ThemeId(form.identifiant.data or slugify(form.libelle.data or ""))
    made = parts().vocabulary.themes.get(id) if request.method == "POST" else None
    return id if made and _sheet(id, form).value == _sheet_of(made) else None


def _check_free(id: str) -> None:
    vocabulary = parts().vocabulary
    if not _SLUG.fullmatch(id) or len(id) > 60:
        raise ValidationError("Minuscules sans accents, chiffres et tirets, 60 au plus.")
    if id in vocabulary.themes or id in vocabulary.moved or id in RESERVED:
        raise ValidationError("Ce nom est déjà pris.")


# -- what is shown --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that differs from what was shipped, and can be taken back."""

    kind: str
    text: str
    word: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """What an edit would change, in figures and examples."""

    holding: int
    articles: int
    gained: int
    lost: int
    examples: tuple[tuple[Article, tuple[str, ...], tuple[str, ...]], ...]


@bp.get("")
@open_to(Action.EDIT_VOCABULARY)
def index() -> str:
    """The themes, with what each is made of."""
    vocabulary = parts().vocabulary
    with parts().store.read() as tx:
        changed = len(tx.vocabulary_edits.all())
        trail = told(tx, tx.audit.recent(kind=editing.KIND, limit=SIZE))
    return render_template(
        "vocabulary/index.html",
        vocabulary=vocabulary,
        counts={id: sum(t.theme == id for t in vocabulary.terms) for id in vocabulary.themes},
        changed=changed,
        trail=trail,
    )


@bp.route("/nouveau", methods=["GET", "POST"])
@open_to(Action.EDIT_VOCABULARY)
def add() -> AnyResponse:
    """One more theme."""
    form = opened(NewForm)
    if (made := _made_already(form)) is not None:
        return redirect(to("vocabulary.theme", id=made), 303)
    if not is_sent(form):
        return _page("vocabulary/new.html", form=form, families=parts().vocabulary.families)
    id = ThemeId(form.identifiant.data or "")
    return _save(id, lambda tx: editing.change(tx, _sheet(id, form), by=guard.me(), now=now()))


@bp.route("/<slug:id>", methods=["GET", "POST"])
@open_to(Action.EDIT_VOCABULARY)
def theme(id: str) -> AnyResponse:
    """One theme: its sheet, its words, and what may be done with it."""
    if request.method == "POST":
        parts().words.look()  # what another process was told shows at once
    if (elsewhere := _follow(ThemeId(id))) is not None:
        return elsewhere
    found, gesture = _theme(id), request.form.get("geste", "")
    if request.method == "POST":
        if gesture in GESTURES:
            return GESTURES[gesture](found)
        return _theme_page(found, alert="Ce geste n’existe pas.")
    return _come_back(found) or _theme_page(found)


def _come_back(theme: Theme) -> AnyResponse | None:
    """The page with what had been typed in one of its forms, when it could not be received."""
    kept = coming_back()
    if kept is None:
        return None
    tell(RESTORED)
    match kept.get("geste"):
        case "fiche":
            return _theme_page(theme, sheet=SheetForm(kept))
        case "synonyme":
            return _theme_page(theme, synonym=SynonymForm(kept))
        case _:
            return _theme_page(theme, term=TermForm(kept))


def _follow(old: ThemeId) -> AnyResponse | None:
    """What was sent to a theme that was merged or renamed meanwhile comes back on the other."""
    new = parts().vocabulary.moved.get(old)
    if request.method != "POST" or new is None:
        return None
    where = to("vocabulary.theme", id=new)
    if request.form.get("geste") in {"fusionner", "renommer"}:  # a button pressed twice
        return redirect(where, 303)
    label = parts().vocabulary.themes[new].label
    tell(f"Ce thème est devenu « {label} » entre-temps.")
    with parts().store.begin() as tx:
        back = keep_draft(tx, guard.here().person, typed(where, request.form))
    return redirect(back or where, 303)


def _try(theme: Theme) -> AnyResponse:
    form = TermForm(request.form)
    if not form.validate():
        return _theme_page(theme, term=form)
    edit = form.edit(theme.id)
    p, trial = parts(), extension(TRIAL)
    outcome = try_edit(p.store, p.engine, trial, edit, edit.text)
    tried = None if outcome.differences is None else _tried(outcome, p.vocabulary)
    return _theme_page(theme, term=form, tried=tried, asked=edit)


def _keep(theme: Theme) -> AnyResponse:
    form = TermForm(request.form)
    if not form.validate():
        return _theme_page(theme, term=form)
    edit = form.edit(theme.id)
    if shared := _shared(theme, edit):
        tell(shared)
    return _save(theme.id, lambda tx: editing.change(tx, edit, by=guard.me(), now=now()))


def _rewrite(theme: Theme) -> AnyResponse:
    form = SheetForm(request.form)
    if not form.validate():
        return _theme_page(theme, sheet=form)
    edit = _sheet(theme.id, form)
    held = _sheet_of(theme)
    if (form.vue.data or "") not in {"", mark_of(held)} and edit.value != held:
        form.vue.data = mark_of(held)
        return _theme_page(theme, sheet=form, alert=_overtaken(theme))
    return _save(theme.id, lambda tx: editing.change(tx, edit, by=guard.me(), now=now()))


def _name(theme: Theme) -> AnyResponse:
    form = SynonymForm(request.form)
    if not form.validate():
        return _theme_page(theme, synonym=form)
    edit = Edit(
        EditKind.SYNONYM, theme.id, form.nom.data or "", {"on": "retirer" not in request.form}
    )
    return _save(theme.id, lambda tx: editing.change(tx, edit, by=guard.me(), now=now()))


def _merge(theme: Theme) -> AnyResponse:
    target = ThemeId(request.form.get("vers", ""))
    if target not in parts().vocabulary.themes or target == theme.id:
        return _theme_page(theme, alert="Choisissez le thème qui prendra la place de celui-ci.")
    return _moved(
        theme, target, lambda tx: editing.move(tx, theme.id, target, by=guard.me(), now=now())
    )


def _rename(theme: Theme) -> AnyResponse:
    id = one_line(request.form.get("identifiant", ""))
    try:
        _check_free(id)
    except ValidationError as error:
        return _theme_page(theme, alert=str(error))
    new = ThemeId(id)
    return _moved(theme, new, lambda tx: editing.rename(tx, theme, new, by=guard.me(), now=now()))


def _take_back(theme: Theme) -> AnyResponse:
    kind, text = request.form.get("genre", ""), request.form.get("texte", "")
    if kind not in set(EditKind):
        return _theme_page(theme, alert="Il n’y a rien à annuler.")
    of = ThemeId(request.form.get("de", "") or theme.id)
    edit = Edit(EditKind(kind), of, text, {})
    return _save(theme.id, lambda tx: editing.take_back(tx, edit, by=guard.me(), now=now()))


GESTURES: Final[dict[str, Callable[[Theme], AnyResponse]]] = {
    "essayer": _try,
    "enregistrer": _keep,
    "fiche": _rewrite,
    "synonyme": _name,
    "fusionner": _merge,
    "renommer": _rename,
    "annuler": _take_back,
}


@bp.route("/<slug:id>/scinder", methods=["GET", "POST"])
@open_to(Action.EDIT_VOCABULARY)
def split(id: str) -> AnyResponse:
    """Some of a theme's terms become another theme."""
    found, form = _theme(id), opened(SplitForm)
    if request.form.getlist("terme") and (made := _made_already(form)) is not None:
        return redirect(to("vocabulary.theme", id=made), 303)
    own = {term.text: term.strength for term in parts().vocabulary.terms if term.theme == found.id}
    typed_in = request.form or coming_back() or MultiDict()
    chosen = [(text, own[text]) for text in typed_in.getlist("terme") if text in own]
    if not is_sent(form) or not chosen:
        alert = "Choisissez au moins un terme." if request.method == "POST" and not chosen else ""
        return _page(
            "vocabulary/split.html",
            form=form,
            theme=found,
            terms=sorted(own, key=fold),
            chosen={text for text, _ in chosen},
            alert=alert,
            families=parts().vocabulary.families,
        )
    new = Theme(
        ThemeId(form.identifiant.data or ""),
        form.libelle.data or "",
        form.famille.data or "",
        form.note.data or "",
    )
    return _save(
        new.id, lambda tx: editing.split(tx, found.id, new, chosen, by=guard.me(), now=now())
    )


@bp.get("/expressions")
@open_to(Action.EDIT_VOCABULARY)
def expressions() -> str:
    """What articles left without a theme often speak of."""
    found, read = parts().memory.recall("expressions", _frequent)
    return render_template(
        "vocabulary/expressions.html",
        expressions=found,
        read=read,
        vocabulary=parts().vocabulary,
    )


@bp.get("/tableau.csv")
@open_to(Action.EDIT_VOCABULARY)
def table() -> Response:
    """All the words of all the themes, for a spreadsheet."""
    text = "\ufeff" + write_table(parts().vocabulary)
    answer = make_response(text.encode())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="vocabulaire.csv"'
    return answer


@bp.route("/tableau", methods=["GET", "POST"])
@open_to(Action.EDIT_VOCABULARY)
def upload() -> AnyResponse:
    """The same, given back: first what it would change, then the change itself."""
    if request.method == "GET":
        return _page("vocabulary/table.html", columns=COLUMNS, alert="", edits=None, text="")
    file = request.files.get("fichier")
    text = request.form.get("texte", "") if file is None else decoded(file.read())
    try:
        edits = read_table(text, parts().vocabulary)
    except Unreadable as error:
        alert = f"{error.what} : {error.reason}."
        return _page("vocabulary/table.html", columns=COLUMNS, alert=alert, edits=None, text="")
    if "enregistrer" in request.form:
        with parts().store.begin() as tx:
            for edit in edits:
                editing.change(tx, edit, by=guard.me(), now=now())
        _renew()
        return redirect(to("vocabulary.index"), 303)
    shown = [(edit, _word(edit)) for edit in edits]
    return _page("vocabulary/table.html", 200, columns=COLUMNS, alert="", edits=shown, text=text)


# -- for the whole application --------------------------------------------------------------------

# Where a theme stands in an address; the old one leads to the new.
_ADDRESSED: Final = frozenset(
    {"themes.show", "feeds.theme", "subscriptions.theme", "vocabulary.theme"}
)


def install(app: Flask, trial: Trial) -> None:
    """How edits are tried, and old addresses of themes."""
    app.extensions[TRIAL] = trial
    app.before_request(_lead_on)


def _lead_on() -> AnyResponse | None:
    """From the address of a theme that was merged or renamed to that of what stands for it."""
    values = dict(request.view_args or {})
    if request.endpoint not in _ADDRESSED or request.method not in {"GET", "HEAD"}:
        return None
    moved = parts().vocabulary.moved.get(ThemeId(str(values.get("id", ""))))
    if moved is None:
        return None
    where: dict[str, Any] = {**request.args.to_dict(), **values, "id": moved}
    return redirect(to(request.endpoint, **where), 301)


# -- inside ---------------------------------------------------------------------------------------


def _theme(id: str) -> Theme:
    found = parts().vocabulary.themes.get(ThemeId(id))
    if found is None:
        raise NotFound("theme", id)
    return found


def _theme_page(
    theme: Theme,
    *,
    term: TermForm | None = None,
    sheet: SheetForm | None = None,
    synonym: SynonymForm | None = None,
    tried: Tried | None = None,
    asked: Edit | None = None,
    alert: str = "",
) -> Response:
    vocabulary = parts().vocabulary
    own = {"libelle": theme.label, "famille": theme.family, "note": theme.note}
    own["vue"] = mark_of(_sheet_of(theme))
    with parts().store.read() as tx:
        kept = tx.vocabulary_edits.all()
        changed = _changed(tx, [one for one in kept if one.edit.theme == theme.id])
        sources = [one for one in kept if vocabulary.moved.get(one.edit.theme) == theme.id]
    words, rivals = _words(theme, vocabulary), _rivals(theme, vocabulary)
    wrong = any(form is not None and form.errors for form in (term, sheet, synonym)) or alert
    return _page(
        "vocabulary/theme.html",
        422 if wrong else 200,
        theme=theme,
        vocabulary=vocabulary,
        words=words,
        acronyms=[one for one in vocabulary.acronyms if theme.id in one.themes],
        strengths=STRENGTHS,
        meant=MEANT,
        term=term or TermForm(data=_from_address()),
        sheet=sheet or SheetForm(data=own),
        synonym=synonym or SynonymForm(),
        changed=changed,
        merged=[one.edit for one in sources if one.edit.kind is EditKind.MOVED],
        tried=tried,
        asked=asked,
        shared=_shared(theme, asked) if asked else "",
        rivals={
            text: labels for text in words[Strength.STRONG] if (labels := rivals.get(fold(text)))
        },
        alert=alert,
    )


def _from_address() -> dict[str, Any]:
    """What the form is filled with, when one comes to change a term."""
    return {
        "expression": one_line(request.args.get("expression", ""))[:LONGEST],
        "force": request.args.get("force", Strength.MEDIUM.value),
        "sens": one_line(request.args.get("sens", ""))[:LONGEST],
        "sigle": "sigle" in request.args,
        "ambigu": "ambigu" in request.args,
    }


def _shared(theme: Theme, edit: Edit) -> str:
    """A warning when a term is to be strong for two themes, both named."""
    if edit.kind is not EditKind.TERM or edit.value["strength"] != Strength.STRONG:
        return ""
    others = _rivals(theme, parts().vocabulary).get(fold(edit.text), ())
    names = " et ".join(f"« {label} »" for label in others)
    if not others:
        return ""
    return (
        f"« {edit.text} » est déjà un terme fort de {names} : les articles qui le contiennent "
        f"pourront avoir ce thème, « {theme.label} », ou les deux."
    )


def _rivals(theme: Theme, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Of each expression that is strong for other themes, folded: their labels."""
    found: dict[str, list[str]] = {}
    for term in vocabulary.terms:
        other = vocabulary.themes.get(term.theme) if term.theme else None
        if term.strength is Strength.STRONG and other and other.id != theme.id:
            found.setdefault(fold(term.text), []).append(other.label)
    return found


def _words(theme: Theme, vocabulary: Vocabulary) -> dict[str, list[str]]:
    """The theme's expressions, by strength."""
    words: dict[str, list[str]] = {strength: [] for strength in STRENGTHS}
    for term in vocabulary.terms:
        if term.theme == theme.id:
            words[term.strength].append(term.text)
    words[FALSE_FRIEND] = [one.text for one in vocabulary.false_friends if one.theme == theme.id]
    return {strength: sorted(texts, key=fold) for strength, texts in words.items()}


def _changed(tx: ReadTransaction, kept: Iterable[KeptEdit]) -> list[Changed]:
    held = list(kept)
    names = tx.accounts.names({one.by for one in held if one.by is not None})
    return [
        Changed(
            one.edit.kind,
            one.edit.text,
            _word(one.edit),
            name_in(names, one.by),
            one.at,
        )
        for one in reversed(held)
    ]


def _word(edit: Edit) -> str:
    """What an edit says, in words."""
    if edit.kind is EditKind.SYNONYM:
        return "employé pour" if edit.value["on"] else "n’est plus employé pour"
    if edit.kind is EditKind.THEME:
        return "fiche"
    if edit.kind is EditKind.MOVED:
        return f"devient {edit.value['to']}"
    strength = STRENGTHS.get(edit.value["strength"], "retiré").lower()
    return f"sigle {strength}" if edit.kind is EditKind.ACRONYM else strength


def _tried(outcome: Outcome, vocabulary: Vocabulary) -> Tried:
    differences = outcome.differences or []

    def labels(ids: Iterable[ThemeId]) -> tuple[str, ...]:
        return tuple(vocabulary.themes[id].label for id in ids if id in vocabulary.themes)

    return Tried(
        outcome.holding,
        len(outcome.articles),
        sum(len(one.gained) for one in differences),
        sum(len(one.lost) for one in differences),
        tuple(
            (outcome.articles[one.id], labels(one.gained), labels(one.lost))
            for one in differences[:EXAMPLES]
        ),
    )


def _frequent() -> tuple[list[Expression], int]:
    p = parts()
    with p.store.read() as tx:
        texts = tx.articles.without_theme(UNTAGGED)
    known = {fold(term.text) for term in p.vocabulary.terms}
    return frequent((f"{title}\n{text}" for title, text in texts), known=known), len(texts)


def _overtaken(theme: Theme) -> str:
    """What somebody else wrote in a sheet while another was written."""
    with parts().store.read() as tx:
        kept = (one for one in tx.vocabulary_edits.all() if one.edit.theme == theme.id)
        last = next((one for one in kept if one.edit.kind is EditKind.THEME), None)
        who = name_of(tx, last.by if last else None)
    note = f", note « {theme.note} »" if theme.note else ", sans note"
    return (
        f"{who} a changé cette fiche pendant que vous écriviez : nom « {theme.label} »{note}. "
        "Vos mots sont toujours dans le formulaire ; enregistrez de nouveau pour les garder à la "
        "place."
    )


def _sheet_of(theme: Theme) -> dict[str, Any]:
    return {"label": theme.label, "family": theme.family, "note": theme.note}


def _sheet(id: ThemeId, form: SheetForm) -> Edit:
    value = {"label": form.libelle.data, "family": form.famille.data, "note": form.note.data or ""}
    return Edit(EditKind.THEME, id, "", value)


def _save(theme: ThemeId, change: Callable[[Transaction], object]) -> AnyResponse:
    with parts().store.begin() as tx:
        change(tx)
    _renew()
    return redirect(to("vocabulary.theme", id=theme), 303)


def _moved(theme: Theme, target: ThemeId, change: Callable[[Transaction], int]) -> AnyResponse:
    try:
        return _save(target, change)
    except Conflict:
        return _theme_page(theme, alert="Ce thème mène déjà à celui-ci.")


def _renew() -> None:
    parts().words.look()
    tell("C’est noté. Les articles seront relus à ces mots au prochain classement.")


def _page(template: str, status: int | None = None, **values: Any) -> Response:
    fallback = 422 if request.method == "POST" else 200
    return make_response(render_template(template, **values), status or fallback)
