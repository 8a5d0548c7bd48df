"""Everything that can go wrong on purpose: one root, children that carry what they are about.

Messages are English, for logs. What a reader sees is French and is chosen at the edges
(``web/errors.py``, ``glaneuse/cli.py``) from the class and its attributes.
"""


class GlaneuseError(Exception):
    """The root of every expected error."""


class BadSettings(GlaneuseError, ValueError):
    """A setting that cannot be used; ``name`` is the setting, ``allowed`` says what would do.

    ``allowed`` is shown to who installs, hence in French. ``file``, ``line``: where it is written,
    when it is in a file; line 0: not known.
    """

    def __init__(
        self, name: str, value: object, allowed: str, *, file: str = "", line: int = 0
    ) -> None:
        where = f"{file}, line {line}: " if file else ""
        super().__init__(f"{where}{name}: {value!r} cannot be used: {allowed}")
        self.file = file
        self.line = line
        self.name = name
        self.value = value
        self.allowed = allowed


class UnknownSetting(BadSettings):
    """No setting has this name; ``allowed`` is the nearest one, or all of them."""


class UnreadableSettings(BadSettings):
    """The settings file ``name`` is no such file; ``allowed`` says why."""


class BadSource(GlaneuseError, ValueError):
    """An address or a slug that cannot become or designate a source."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class BadVocabulary(GlaneuseError, ValueError):
    """A vocabulary file that cannot be used; says file, line (0: the whole file) and field."""

    def __init__(self, file: str, line: int, field: str, reason: str) -> None:
        super().__init__(f"{file}:{line}: {field}: {reason}")
        self.file = file
        self.line = line
        self.field = field
        self.reason = reason


class FetchFailed(GlaneuseError):
    """An address that could not be fetched."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class AddressRefused(FetchFailed):
    """An address that we do not fetch: not HTTP(S), or on a private network."""


class Unreadable(GlaneuseError):
    """A feed, page or file whose content cannot be read as what it should be."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what}: {reason}")
        self.what = what
        self.reason = reason


class NotFound(GlaneuseError, LookupError):
    """Something asked for by its identifier that the store does not hold."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"no {kind} {key!r}")
        self.kind = kind
        self.key = key


class Conflict(GlaneuseError):
    """Something that exists already, or was changed by somebody else meanwhile."""


class Overtaken(Conflict):
    """Somebody else was quicker; ``what`` is (« item », « section », « part »), ``key`` which."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"{what} {key!r} is not what it was")
        self.what = what
        self.key = key


class Withdrawn(GlaneuseError):
    """An article that was withdrawn for good: it comes back by no route."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}: withdrawn")
        self.url = url


class StoreFailed(GlaneuseError):
    """The database cannot be opened, migrated, read or written."""


class StoreTooNew(StoreFailed):
    """The database's schema, ``found``, is of a later version than this program's, ``known``."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(f"the database (schema {found}) is newer than this program ({known})")
        self.found = found
        self.known = known


class StoreOutdated(StoreFailed):
    """The database was made by an earlier version of the program: it is to be upgraded."""


class UpgradeFailed(StoreFailed):
    """A migration did not go through: the schema is still ``found``; ``reason`` is why."""

    def __init__(self, found: str, reason: str) -> None:
        super().__init__(f"the database stays at schema {found or '0'}: {reason}")
        self.found = found
        self.reason = reason


class SearchUnavailable(GlaneuseError):
    """The search engine is down, filling, or of a version we cannot talk to; why, in French."""


class IndexMissing(SearchUnavailable):
    """Nothing was ever indexed."""

    def __init__(self) -> None:
        super().__init__("rien n’a encore été indexé : glaneuse index")


class IndexOutdated(SearchUnavailable):
    """The index was made by another version of the program: it is to be rebuilt."""

    def __init__(self) -> None:
        super().__init__("l’index vient d’une autre version de Glaneuse : glaneuse index --rebuild")


class BadQuery(GlaneuseError, ValueError):
    """A search that cannot be asked (a page out of reach, dates that are none)."""


class IndexBusy(GlaneuseError):
    """Another process is writing the index."""


class BadAddress(GlaneuseError, ValueError):
    """What was typed is no mail address; ``reason`` is French, for the person who typed it."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class BadLetter(GlaneuseError, ValueError):
    """A letter that cannot be sent as it is; says which field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class MailUnavailable(GlaneuseError):
    """The mail server is not set, does not answer, or refuses us: mail waits."""


class LastAdmin(GlaneuseError):
    """Nobody could administer any more."""


class AlreadyRunning(GlaneuseError):
    """Another process does this work (its name is the text) on the same data folder."""
