"""The grids of competences, edited by the documentalist: several diplomas live side by side."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from core.reading_lists import Grid
from core.text import clean, slugify
from curation.skills import BadGrid, grids, read_grid, written
from people.rights import Action
from web.context import now, parts
from web.forms import FrenchForm, Needed, is_sent, tell, tidy
from web.guard import open_to
from web.reading_lists import page

bp = Blueprint("skills", __name__, url_prefix="/bureau/competences")

MOST: Final = 30  # grids
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,50}")


class GridForm(FrenchForm):
    """A grid: its name, and a line a competence."""

    grille = HiddenField()
    nom = StringField(
        "Nom de la grille",
        [Needed("Donnez un nom à la grille."), Length(max=200, message="200 caractères au plus.")],
        filters=[tidy],
    )
    lignes = TextAreaField("Compétences", filters=[lambda text: clean(text or "")])

    def validate_grille(self, field: HiddenField) -> None:
        """One that there is, or a new one."""
        if field.data and not _ID.fullmatch(field.data):
            raise ValidationError("Cette grille n’existe pas.")


@bp.route("", methods=["GET", "POST"])
@open_to(Action.EDIT_VOCABULARY)
def show() -> Response:
    """Every grid, each with its form; and a new one."""
    with parts().store.read() as tx:
        held = grids(tx.skill_grids.all())
    sent = GridForm(request.form)
    if request.method == "POST" and is_sent(sent) and _save(held, sent):
        return redirect(url_for("skills.show"), 303)
    forms = [
        sent
        if request.method == "POST" and sent.grille.data == grid.id
        else GridForm(data={"grille": grid.id, "nom": grid.label, "lignes": written(grid)})
        for grid in (*held, Grid("", "", ()))
    ]
    return page("reading_lists/skills.html", forms=forms, form=sent)


def _save(held: tuple[Grid, ...], form: GridForm) -> bool:
    """Keep a grid; False, with the reason in the form, for one that cannot be read."""
    id = form.grille.data or slugify(form.nom.data or "")[:50].strip("-")
    known = {grid.id: grid for grid in held}
    is_new = not form.grille.data
    if not _ID.fullmatch(id) or (is_new and (id in known or len(held) >= MOST)):
        form.nom.errors = ("Une grille porte déjà ce nom : choisissez-en un autre.",)
        return False
    try:
        grid = read_grid(
            known.get(id, Grid(id, "", ())), form.nom.data or "", form.lignes.data or ""
        )
    except BadGrid as error:
        form.lignes.errors = (error.reason,)
        return False
    with parts().store.begin() as tx:
        tx.skill_grids.put(grid, now())
    tell("C’est enregistré.")
    return True
