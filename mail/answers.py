"""What a mail server's answer means: pure sorting of code, enhanced code and wording.

After RFC 5321 (codes), RFC 3463 and its registry (enhanced codes), and what servers really say.
A wrong « nobody has this address » loses a reader for good, so it takes an enhanced code or words
that say so; a bare 550 does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.text import fold, shorten


class Stage(StrEnum):
    """What was being answered."""

    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    DATA = "DATA"
    END = "end of data"


class Verdict(StrEnum):
    """What is to be done with the letter."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # try again later
    NO_SUCH_RECIPIENT = "no such recipient"  # never again to this address
    UNWANTED = "unwanted"  # its owner told their server to take no letter of ours: a complaint
    REFUSED = "refused"  # this letter, for good: spam, policy, size
    OURS = "ours"  # our sender or account is wrong: no letter would pass, so all of them wait


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, its lines joined."""

    code: int
    text: str
    stage: Stage

    @property
    def line(self) -> str:
        """On one line of readable length."""
        return shorten(f"{self.code} {self.text} ({self.stage})", 300)


_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")

_FULL = re.compile(
    r"over ?quota|quota (is )?(exceeded|full)|exceed\w* (\w+ )?quota|(mail ?box|inbox|boite)"
    r"( aux lettres)?( (for|of|du|de) \S+)? (is |est )?(full|pleine)|out of (storage|space)"
    r"|storage allocation|too full|insufficient (system )?storage"
)
_LATER = re.compile(
    r"gr[ea]y-?list|try (it )?(again )?later|try again|temporar|temporai|essaye[rz] plus tard"
    r"|reessaye[rz]|rate limit|too many (connection|message|recipient|error)|come back later"
    r"|(?<!permanently )deferr?|at a rate that|daily .{0,30}limit exceeded"
)
_OURS = re.compile(
    r"relay(ing)? (access )?(is )?(denied|not (permitted|allowed))|(unable|not (permitted|allowed))"
    r" to relay|relaying is prohibited|authentication (is )?required|must (first )?authenticate"
    r"|authentication (failed|credentials)|sender (address )?(rejected|verify failed|not allowed)"
    r"|not owned by|not authorized to send(?! to\b)|starttls (command )?first|rcpthosts"
    r"|(emetteur|expediteur) (invalide|inconnu)|invalid sender|helo command rejected"
    r"|client host rejected|permissions? to send as"
)
# Its owner's own word to the server: the nearest thing to a complaint that SMTP carries.
_UNWANTED = re.compile(
    r"(blocked|black ?listed|rejected) by (the |this )?(recipient|user)\b(?!\W(s|domain|server)\b)"
    r"|(recipient|user) has (blocked|black ?listed|rejected)|destinataire a (bloque|refuse)"
)
_POLICY = re.compile(
    r"spam|black ?list|block ?list|blocked|reputation|dmarc|\bspf\b|dkim|virus|malware|spamhaus"
    r"|policy|unsolicited|bulk|content (is )?(rejected|refused)|access denied|refuse"
)
_NOBODY = re.compile(
    r"(user|recipient|mail ?box|address|account|destinataire|adresse|utilisateur|compte)\W+(\w+\W+)"
    r"{0,6}?(unknown|not (found|exist|known|valid|a valid|listed)|invalid|inconnue?|invalide"
    r"|n.existe|does ?n[o']t exist|do not exist|unavailable|not available|disabled|inactive"
    r"|desactive|no longer|closed|suspended|undeliverable)"
    r"|(unknown|invalid|no such|bad|inactive|disabled|non-?existent) "
    r"(local )?(user|recipient|mail ?box|address|account|destination)"
    r"|unrout(e)?able address|(recipient|mail ?box|boite)( du destinataire)? (archived|archivee)"
    r"|archived recipient|(doesn't|does not) have an? [\w.]+ account|no mailbox here"
    r"|user doesn't exist|host or domain name not found|domain (name )?(not found|does not exist)"
)


def sort_answer(answer: Answer) -> Verdict:
    """What the answer means for the letter."""
    family = answer.code // 100
    if family == 2:
        return Verdict.ACCEPTED
    if family != 5:  # 4xx, or no answer that SMTP knows at this point
        return Verdict.TEMPORARY
    words = fold(answer.text)
    return _sort_words_first(words, answer) or _sort_enhanced(answer) or _sort_words(words)


def _sort_words_first(words: str, answer: Answer) -> Verdict | None:
    """Cases in which the words, or where we are, weigh more than the enhanced code."""
    if answer.stage is not Stage.SENDER and _is_recipient_s_rule(words, answer):
        return Verdict.UNWANTED if _UNWANTED.search(words) else Verdict.REFUSED
    if answer.code in {530, 535} or _OURS.search(words):
        return Verdict.OURS
    if _FULL.search(words) or _enhanced(answer) == (2, 2):
        return Verdict.TEMPORARY
    if answer.stage is Stage.SENDER:  # said of the sender: but for the size, the same for all
        return Verdict.REFUSED if _is_about_size(answer) else Verdict.OURS
    if _LATER.search(words):
        return Verdict.TEMPORARY
    return None


def _is_recipient_s_rule(words: str, answer: Answer) -> bool:
    """Whether the mailbox, or the group, takes letters from some senders only.

    Exchange's 5.7.12x and 5.7.13x: « not authorized », « authentication required », of one
    recipient, though they read as if our account were wrong.
    """
    subject, detail = _enhanced(answer) or (0, 0)
    return (subject == 7 and 120 <= detail < 140) or _UNWANTED.search(words) is not None


def _is_about_size(answer: Answer) -> bool:
    return answer.code == 552 or _enhanced(answer) == (3, 4)


def _sort_enhanced(answer: Answer) -> Verdict | None:
    match _enhanced(answer):
        case (1, 7 | 8 | 9):  # the sender's address
            return Verdict.OURS
        case (1, _) | (2, 1) | (4, 4):  # no such mailbox; disabled; no such host or domain
            return Verdict.NO_SUCH_RECIPIENT
        case (4, 1) if answer.stage is Stage.RECIPIENT:  # Exchange: « Recipient address rejected »
            return Verdict.NO_SUCH_RECIPIENT
        case (2 | 3 | 6, _):
            return Verdict.REFUSED
    return None


def _sort_words(words: str) -> Verdict:
    if _POLICY.search(words):
        return Verdict.REFUSED
    return Verdict.NO_SUCH_RECIPIENT if _NOBODY.search(words) else Verdict.REFUSED


def _enhanced(answer: Answer) -> tuple[int, int] | None:
    """Subject and detail of the enhanced code (RFC 3463), when it agrees with the code."""
    found = _ENHANCED.match(answer.text)
    if found is None or int(found[1]) != answer.code // 100:
        return None
    return int(found[2]), int(found[3])
