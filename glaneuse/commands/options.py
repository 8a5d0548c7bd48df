"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from glaneuse.messages import of_the_machine

json_option = click.option("--json", "as_json", is_flag=True, help="Réponse en JSON.")
source_option = click.option("--source", "slug", metavar="SLUG", help="Cette source seulement.")


class Day(click.ParamType[datetime]):
    """A calendar day, ``2026-11-22``, as the instant at which it begins in Paris."""

    name = "AAAA-MM-JJ"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read the day; fails with a sentence."""
        from datetime import date

        from core.weeks import paris_midnight

        if isinstance(value, datetime):
            return value
        try:
            return paris_midnight(date.fromisoformat(str(value)))
        except (ValueError, OverflowError):
            self.fail(
                f"« {value} » n’est pas une date ; écrivez par exemple 2026-11-22", param, ctx
            )


class InputFile(click.File):
    """A file to read, or « - »; what stands in the way is said in French."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Open the file; fails with a sentence."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            why = error.__context__
            said = of_the_machine(why) if isinstance(why, OSError) else ""
            self.fail(f"{value} : {said}" if said else error.message, param, ctx)


def ask_whether(question: str) -> None:
    """Go on when the person at the keyboard says so. Raises click.Abort."""
    words = click.Choice(["oui", "non"], case_sensitive=False)
    answer = click.prompt(f"{question} (oui, non)", type=words, default="non",
                          show_default=False, show_choices=False, prompt_suffix=" ")  # fmt: skip
    if answer != "oui":
        raise click.Abort
