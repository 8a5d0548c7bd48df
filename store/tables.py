"""The tables, without behaviour. Changed together with a migration in ``store/migrations``."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from store.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(200), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    # None for a source that is not visited: its articles were imported or typed in.
    Column("feed", Text, unique=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("added", Instant, nullable=False),
    Column("last_visit", Instant),
    Column("last_success", Instant),
    Column("next_visit", Instant),
    Column("errors_in_a_row", Integer, nullable=False, default=0),
    Column("last_error", Text, nullable=False, default=""),
    # Addresses where it may publish, for one that was added without being looked at.
    Column("candidates", JSON),
    # When it last answered in full, and whether its « not modified » was ever found to be false.
    Column("last_full", Instant),
    Column("trusted", Boolean, nullable=False, default=True),
    # Of the errors in a row, those that pass by themselves counting for less.
    Column("weight", Float, nullable=False, default=0.0),
    Column("failing_since", Instant),
    # What its feed asks of those who come again (``core.model.Pace``); None: nothing.
    Column("pace", JSON),
    # Since when its feed says not to mine it.
    Column("opposed", Instant),
    # A removed source is no longer visited nor listed; its articles stay.
    Column("removed", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False, default=""),
    Column("published", Instant),
    # When it counts as having appeared: published, else collected. What lists are ordered by.
    Column("appeared", Instant, nullable=False),
    Column("language", String(35), nullable=False, default=""),
    Column("access", String(20), nullable=False),
    Column("site", Text, nullable=False, default=""),
    Column("image", Text, nullable=False, default=""),
    Column("summary", Text, nullable=False, default=""),
    Column("collected", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("tagger", String(100), nullable=False, default=""),
    # Since when its publisher is known to oppose mining: nothing of its text is kept.
    Column("opposed", Instant),
    # Characters that its publisher lets be shown, and since when that is known.
    Column("max_snippet", Integer),
    Column("max_snippet_seen", Instant),
    # What its page says of itself: section, schema.org type.
    Column("section", Text, nullable=False, default="", server_default=""),
    # The version that gave kind and names; "" when none has seen this text.
    Column("describer", String(100), nullable=False, default="", server_default=""),
    Column("kind", String(20), nullable=False, default="", server_default=""),
    Column("kind_reasons", JSON, nullable=False, default=list, server_default="[]"),
    # Whether it has a theme: off-field articles stay out of the home page and the digest.
    Column("in_field", Boolean, nullable=False, default=False),
    Index("ix_articles_appeared", "in_field", "appeared"),
    Index("ix_articles_source", "source_id", "appeared"),
    # The method by which its copies were looked for; "": to be done.
    Column("grouper", String(20), nullable=False, default=""),
    # The method by which what else tells of its event was looked for; "": to be done.
    Column("teller", String(20), nullable=False, default="", server_default=""),
    Index("ix_articles_teller", "in_field", "teller", "id"),
    Index("ix_articles_tagger", "tagger"),
    Index("ix_articles_grouper", "grouper", "id"),
    Index("ix_articles_describer", "describer"),
    Index("ix_articles_kind", "kind", "appeared"),
    sqlite_autoincrement=True,
)

# Every address known to lead to an article: the feed's, before and after redirects, its own.
aliases = Table(
    "aliases",
    metadata,
    Column("url", Text, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    # ``page_key``: the same for all the forms of this address.
    Column("key", Text, nullable=False, index=True),
)

# What press reviews cite, in their words. Joined to the article cited through ``aliases.key``.
citations = Table(
    "citations",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("heading", Text, nullable=False),
    # ``page_key`` of the cited address: a review may write another form of it than its publisher.
    Column("key", Text, nullable=False, index=True),
    # Of the cited address: which sites are met often.
    Column("host", String(255), nullable=False, index=True),
    # Whether it is still to be asked for, how often it was in vain, and from when it may be again.
    Column("sought", Boolean, nullable=False, default=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Instant),
    Index("ix_citations_url", "url"),
    Index(
        "ix_citations_sought",
        "due",
        sqlite_where=text("sought"),
        postgresql_where=text("sought"),
    ),
)

# When an article is looked at again, and what was seen of it then.
revisits = Table(
    "revisits",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    # None: not by itself any more.
    Column("due", Instant, index=True),
    # When its page was first missing (404, 410), and since when it counts as withdrawn by its
    # publisher.
    Column("missing", Instant),
    Column("gone", Instant),
)

# How far a source is read back, and how far that has come.
backfills = Table(
    "backfills",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    # What is left to look at: [kind, address, attempts] each.
    Column("todo", JSON, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("mark", String(64), nullable=False),
    Column("done", Instant),
)

# When an article had another text than now.
versions = Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("until", Instant, primary_key=True),
)

# Articles withdrawn for good, by each address that led to them: nothing else is kept of them.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("key", Text, primary_key=True),
    Column("article_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

taggings = Table(
    "taggings",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("theme", String(100), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    # Copied from the article, so that a theme's latest articles are one walk of an index.
    Column("appeared", Instant, nullable=False),
    # Given or confirmed by somebody.
    Column("by_people", Boolean, nullable=False, default=False, server_default=false()),
    Index("ix_taggings_theme", "theme", "appeared"),
)

# What people last said of a theme of an article. Kept for ever: it outlives every tagger, and is
# what this installation is measured by and learns from. ``taggings`` has what follows from it.
corrections = Table(
    "corrections",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    # "" in what is said of all the other themes.
    Column("theme", String(100), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
    # The tagger's version, and its own score of this theme (None when not given), at that time.
    Column("tagger", String(100), nullable=False),
    Column("score", Float),
)

# What the tagger alone gives to the articles that have corrections: these can be undone.
own_taggings = Table(
    "own_taggings",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("given", JSON, nullable=False),
)

# By which likely copies of an article are found (``curation/shingles.py``).
keys = Table(
    "keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The keys of each article, so that they can be taken back when its text changes.
sketches = Table(
    "sketches",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("keys", JSON, nullable=False),
)

# Two articles that are the same one, or that somebody said are not. ``first_id`` < ``second_id``.
pairs = Table(
    "pairs",
    metadata,
    Column("first_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "second_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    # A likeness, or "apart".
    Column("verdict", String(10), nullable=False),
    Column("share", Float, nullable=False),
    # What somebody said holds for ever; what was found holds until a text changes.
    Column("by_hand", Boolean, nullable=False, default=False),
)

# The articles that do not lead their group, which is known by its leader.
reprints = Table(
    "reprints",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("leader_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("likeness", String(10), nullable=False),
    Column("share", Float, nullable=False),
    # Its place in the group, and whether an article before it has the same source: a source's own
    # list shows its first.
    Column("rank", Integer, nullable=False),
    Column("repeats_source", Boolean, nullable=False),
)

# By which articles that may tell of the same event are found (``curation/events.py``), within weeks
# around theirs; weeks are counted from the epoch.
event_keys = Table(
    "event_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("week", Integer, primary_key=True, autoincrement=False),
    Column(
        "article_id",
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    sqlite_with_rowid=False,
)

# Articles that tell of the same event. A strand is what was found, known by the number of one of
# its articles; a story is what is shown: a strand, or several that somebody joined.
stories = Table(
    "stories",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Integer, nullable=False, index=True),
    Column("strand_id", Integer, nullable=False, index=True, server_default="0"),
)

# What somebody said once, for ever: pairs of articles tell the same story, or do not. Of a pair of
# which several spoke, the last holds.
story_sayings = Table(
    "story_sayings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("together", Boolean, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
story_pairs = Table(
    "story_pairs",
    metadata,
    Column("saying_id", ForeignKey("story_sayings.id", ondelete="CASCADE"), primary_key=True),
    Column("one_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("other_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# Organisations, professions, territories … that an article names.
names = Table(
    "names",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("type", String(20), primary_key=True),
    Column("named", String(200), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("in_title", Boolean, nullable=False),
    Index("ix_names_named", "type", "named"),
)

# What this installation changes in the shipped vocabulary (core/vocabulary_edits.py).
vocabulary_edits = Table(
    "vocabulary_edits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("theme", String(100), nullable=False),
    Column("text", String(200), nullable=False),
    Column("value", JSON, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
    UniqueConstraint("kind", "theme", "text", name="uq_vocabulary_edits_kind"),
    sqlite_autoincrement=True,
)

said_settings = Table(
    "said_settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("final_url", Text, nullable=False),
    Column("fetched", Instant, nullable=False),
    Column("content_type", Text, nullable=False, default=""),
    # Key in the file of bodies; "" when the announcement itself is all there is to read.
    Column("body", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("announcement", JSON, nullable=False),
    # Of a page announced and not fetched yet: when to ask for it (again), and how often it failed.
    Column("due", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    # What its answer said of mining (``core.model.Reservation``) and of extracts.
    Column("reservation", String(10), nullable=False, default=""),
    Column("robots_tag", Text, nullable=False, default=""),
    Index("ix_pages_state", "state", "id"),
    sqlite_autoincrement=True,
)

# What the sites that we visit ask of robots: their rules, and until when to leave them alone.
hosts = Table(
    "hosts",
    metadata,
    Column("site", String(300), primary_key=True),  # scheme, host and port
    Column("robots", Text, nullable=False, default=""),
    Column("tdmrep", Text, nullable=False, default=""),
    Column("read", Instant),
    Column("wait_until", Instant),
)

# What the search index has not seen yet. Saving an article again gives it a new version, so that
# a change arriving while the former one is being indexed survives.
changes = Table(
    "changes",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("article_id", Integer, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

# Text and HTML that letters to many have alike, kept once while one of them is.
outbox_texts = Table(
    "outbox_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Letters to send, being sent, and sent. An ended letter is emptied after a while; its key stays,
# so that what was sent is never sent again.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("purpose", String(100), nullable=False, default=""),
    Column("recipient", Text, nullable=False, index=True),
    Column("recipient_name", Text, nullable=False, default=""),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False, default=""),
    Column("list_id", Text, nullable=False, default=""),
    Column("unsubscribe_url", Text, nullable=False, default=""),
    Column("unsubscribe_mailto", Text, nullable=False, default=""),
    Column("headers", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    # 0: urgent, 1: the others.
    Column("rank", Integer, nullable=False),
    Column("added", Instant, nullable=False),
    # From when it may be tried; None: not by itself.
    Column("due", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    # Which drain marked it, and when.
    Column("run", String(40), nullable=False, default=""),
    Column("handed", Instant),
    Column("ended", Instant),
    # The server's last answer, or why it waits.
    Column("answer", Text, nullable=False, default=""),
    # Where its text and HTML are when they are not its own, and what goes in their gaps.
    Column("shared", ForeignKey("outbox_texts.id"), index=True),
    Column("gap", String(64), nullable=False, default="", server_default=""),
    Column("filling", Text, nullable=False, default="", server_default=""),
    Index(
        "ix_outbox_due",
        "rank",
        "due",
        "id",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index("ix_outbox_state", "state", "ended"),
    sqlite_autoincrement=True,
)

# Addresses that are not written to. The digest alone is kept of one that was erased.
suppressions = Table(
    "suppressions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("reason", String(20), primary_key=True),
    Column("address", Text, nullable=False, default=""),
    Column("since", Instant, nullable=False),
    Column("detail", Text, nullable=False, default=""),
)

# Work that one process at a time may do, whatever the machine.
leases = Table(
    "leases",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("place", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    # In its normal form (mail/addresses.py), as it is written to.
    Column("address", String(320), nullable=False),
    # The same in lower case: two spellings are one account.
    Column("folded", String(320), nullable=False, unique=True),
    Column("name", Text, nullable=False, default=""),
    Column("role", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    # "" until an invitation is accepted.
    Column("password", Text, nullable=False, default=""),
    Column("created", Instant, nullable=False),
    Column("last_sign_in", Instant),
    sqlite_autoincrement=True,
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    # The last time step whose code was used: none works twice.
    Column("last_step", Integer, nullable=False, default=0),
)

# Each row works once; the codes themselves are not kept.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", String(64), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("started", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("device", String(200), nullable=False, default=""),
    sqlite_autoincrement=True,
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("nonce_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", String(20), nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used", Instant),
)

# What was tried lately, by bucket (a keyed hash of an account or of a place on the network).
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_attempts_bucket", "bucket", "at"),
    Index("ix_attempts_at", "at"),
    sqlite_autoincrement=True,
)

drafts = Table(
    "drafts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("kept", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    # None for the command line, and for somebody whose account was erased.
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("action", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("ix_audit_thing", "kind", "key"),
    sqlite_autoincrement=True,
)

# Who follows what by mail. Once one ended, the digest stays a while and the address does not.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(320), nullable=False, default=""),
    # Of the address in lower case: two spellings are one person.
    Column("digest", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", Text, nullable=False),
    # Of kind and key, which may be long.
    Column("subject", String(64), nullable=False),
    Column("rhythm", String(10), nullable=False),
    Column("nonce", String(40), nullable=False),
    Column("confirmed", Instant, nullable=False),
    # When it was last looked whether there was something to send.
    Column("looked", Instant),
    Column("ended", Instant, index=True),
    Column("ending", String(20)),
    UniqueConstraint("digest", "subject", name="uq_subscriptions_digest_subject"),
    sqlite_autoincrement=True,
)

# What was asked for, in which words; once confirmed, the proof of it.
consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(320), nullable=False, default=""),
    Column("digest", String(64), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("key", Text, nullable=False),
    Column("subject", String(64), nullable=False),
    Column("rhythm", String(10), nullable=False),
    Column("words", Text, nullable=False),
    Column("version", String(20), nullable=False),
    Column("asked", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    # Hash of what the link in the confirmation letter carries; None when no letter went.
    Column("nonce_hash", String(64), unique=True),
    Column("link_used", Instant),
    Column("confirmed", Instant),
    Column(
        "subscription_id", ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True
    ),
    sqlite_autoincrement=True,
)  # fmt: skip

# Which articles a subscription has had, so that none comes twice.
told = Table(
    "told",
    metadata,
    Column(
        "subscription_id", ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("article_id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)  # fmt: skip

# What was written in the contact form.
requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("name", Text, nullable=False, default=""),
    Column("address", String(320), nullable=False, default="", index=True),
    Column("message", Text, nullable=False),
    Column("received", Instant, nullable=False),
    Column("done", Instant, index=True),
    sqlite_autoincrement=True,
)

# What weeks brought, as chosen when they were closed (core/digests.py).
digests = Table(
    "digests",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("closed", Instant, nullable=False),
    Column("content", JSON, nullable=False),
)

# The letters that editors compose (core/newsletters.py).
newsletters = Table(
    "newsletters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("scheduled", Instant),
    Column("sent", Instant),
    # Names its page, once it has one.
    Column("slug", String(200), unique=True),
    # When it was not sent as scheduled, an article having been withdrawn meanwhile.
    Column("held", Instant),
    sqlite_autoincrement=True,
)

# Every content that a letter had, thinned with time.
newsletter_versions = Table(
    "newsletter_versions",
    metadata,
    Column("newsletter_id", ForeignKey("newsletters.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("content", JSON, nullable=False),
)

# What the team puts aside for the next letter.
newsletter_basket = Table(
    "newsletter_basket",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), unique=True),
    Column("entry", JSON, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
)

# Images that letters show.
newsletter_pictures = Table(
    "newsletter_pictures",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

# The schedule's jobs: when each last ran, and how it ended.
jobs = Table(
    "jobs",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("started", Instant, nullable=False),
    Column("ended", Instant),
    Column("code", Integer),
    Column("said", Text, nullable=False, default=""),
)

# What trainers have students read (core/reading_lists.py).
reading_lists = Table(
    "reading_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(200), nullable=False, unique=True),
    # None: of somebody whose account was erased.
    Column("owner_id", ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("visibility", String(10), nullable=False, index=True),
    Column("contents", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("copied_from", Text, nullable=False, default=""),
    # In the bin since then.
    Column("deleted", Instant, index=True),
    # Of the contents, what indexes of lists show, and the folded words that they are searched by.
    Column("title", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("size", Integer, nullable=False),
    Column("words", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Colleagues who may change a list besides its owner.
reading_list_editors = Table(
    "reading_list_editors",
    metadata,
    Column("list_id", ForeignKey("reading_lists.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# Lists as they were on a day: written once.
reading_list_editions = Table(
    "reading_list_editions",
    metadata,
    Column("list_id", ForeignKey("reading_lists.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("frozen", Instant, nullable=False),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("visibility", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("contents", JSON, nullable=False),
)

# Each change of a list, as what differs (curation/differences.py).
reading_list_revisions = Table(
    "reading_list_revisions",
    metadata,
    Column("list_id", ForeignKey("reading_lists.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person_id", ForeignKey("people.id", ondelete="SET NULL")),
    Column("deed", Text, nullable=False),
    Column("difference", JSON, nullable=False),
)

# The competence grids that this installation changed or added; the others are as shipped.
skill_grids = Table(
    "skill_grids",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("label", Text, nullable=False),
    # [id, code, label] each.
    Column("skills", JSON, nullable=False),
    Column("changed", Instant, nullable=False),
)
