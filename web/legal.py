"""The pages that every site owes: legal notice, personal data, accessibility. From the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint, Flask, render_template

from core.settings import Settings
from people.retention import KEPT
from web.context import parts
from web.typography import count

bp = Blueprint("legal", __name__)

# Setting → what is missing without it, for who administers.
MENTIONS: Final = {
    "publisher": "le nom de l’éditeur",
    "publisher_address": "son adresse postale",
    "director": "la personne qui dirige la publication",
    "host": "l’hébergeur",
    "contact": "une adresse où écrire",
    "public_url": "l’adresse du site",
}


def missing_mentions(settings: Settings) -> list[tuple[str, str]]:
    """The settings that these pages lack, by name, and what each would say."""
    return [
        (name.upper(), what) for name, what in MENTIONS.items() if not getattr(settings, name)
    ]  # fmt: skip


def lasting(period: timedelta) -> str:
    """« 30 jours », « 3 ans »."""
    years, rest = divmod(period.days, 365)
    return count(years, "an") if years and not rest else count(period.days, "jour")


def install(app: Flask) -> None:
    """Give the pages the settings as they stand, and the administration what is missing."""
    app.jinja_env.globals["site_settings"] = lambda: parts().settings
    app.jinja_env.globals["missing_mentions"] = lambda: missing_mentions(parts().settings)


@bp.get("/mentions-legales")
def notice() -> str:
    """Who publishes, who answers for it, who hosts."""
    return render_template("legal/notice.html", settings=parts().settings)


@bp.get("/donnees-personnelles")
def privacy() -> str:
    """What is kept, why, how long; and one's rights."""
    kept = {thing.value: lasting(period) for thing, period in KEPT.items()}
    return render_template("legal/privacy.html", settings=parts().settings, kept=kept)


@bp.get("/accessibilite")
def accessibility() -> str:
    """What was done, what was tried, whom to tell."""
    return render_template("legal/accessibility.html", settings=parts().settings)
