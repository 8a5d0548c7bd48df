"""What the command line's library says, in French: it asks gettext for its own words."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

FOLDER = Path(__file__).parent


def speak_french() -> None:
    """Have Click say usages, options and mistakes in French, whatever the machine's language."""
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("messages", FOLDER)
