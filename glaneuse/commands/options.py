"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime

import click

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
