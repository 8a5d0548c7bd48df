"""What real servers say, and what it means."""

from __future__ import annotations

import pytest

from mail.answers import Answer, Stage, Verdict, sort_answer

A, T, N, R, O = (  # noqa: E741
    Verdict.ACCEPTED, Verdict.TEMPORARY, Verdict.NO_SUCH_RECIPIENT, Verdict.REFUSED, Verdict.OURS,
)  # fmt: skip
MAIL, RCPT, DATA, END = Stage


@pytest.mark.parametrize(
    ("verdict", "stage", "code", "text"),
    [
        (A, END, 250, "2.0.0 Ok: queued as 4F2D"),
        (A, RCPT, 251, "User not local; will forward"),
        (T, RCPT, 450, "4.2.0 <a@x.example>: Recipient address rejected: Greylisted"),
        (T, RCPT, 451, "4.7.1 Greylisting in action, please come back later"),
        (T, RCPT, 451, "4.7.650 The mail server has been temporarily rate limited"),
        (T, RCPT, 452, "4.2.2 The email account that you tried to reach is over quota"),
        (T, MAIL, 452, "4.3.1 Insufficient system storage"),
        (T, END, 421, "4.7.0 Try again later, closing connection"),
        (T, MAIL, 421, "Service refuse. Veuillez essayer plus tard. OFR_108"),
        (T, RCPT, 454, "4.7.1 Relay access denied"),
        (T, END, 432, "4.3.2 STOREDRV; mailbox server is too busy"),
        (T, RCPT, 552, "5.2.2 mailbox full"),
        (T, RCPT, 550, "5.2.2 user is over quota"),
        (T, RCPT, 554, "delivery error: dd This mailbox quota exceeded"),
        (T, RCPT, 550, "Boîte aux lettres pleine"),
        (T, RCPT, 550, "5.7.1 Service refuse, please try later. OFR_506"),
        (T, RCPT, 550, "Greylisted, try again in 300 seconds"),
        (T, RCPT, -1, ""),
        (N, RCPT, 550, "5.1.1 <a@x.example>: User unknown in virtual mailbox table"),
        (N, RCPT, 550, "5.1.1 The email account that you tried to reach does not exist."),
        (N, RCPT, 550, "5.5.0 Requested action not taken: mailbox unavailable"),
        (N, RCPT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
        (N, RCPT, 550, "5.4.1 Recipient address rejected: Access denied."),
        (N, RCPT, 550, "5.2.1 This mailbox has been disabled"),
        (N, RCPT, 550, "5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient."),
        (N, RCPT, 550, "No such user here"),
        (N, RCPT, 550, "Unknown user"),
        (N, RCPT, 554, "delivery error: dd This user doesn't have a yahoo.com account"),
        (N, RCPT, 550, "Utilisateur inconnu"),
        (N, RCPT, 550, "L'adresse est inconnue"),
        (N, RCPT, 553, "sorry, no mailbox here by that name"),
        (N, RCPT, 550, "Invalid recipient <a@x.example>"),
        (N, RCPT, 512, "5.1.2 <a@x.example>: Domain not found"),
        (N, RCPT, 556, "5.1.10 Domain does not accept mail"),
        (N, END, 550, "5.1.1 User unknown"),
        (R, RCPT, 550, "Rejected"),
        (R, RCPT, 550, ""),
        (R, RCPT, 554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using spamhaus"),
        (R, RCPT, 550, "5.7.1 Recipient not authorized, your IP has been found on a block list"),
        (R, END, 550, "5.7.1 Message content rejected as spam"),
        (R, END, 550, "5.7.26 Unauthenticated email refused by the domain's DMARC policy"),
        (R, END, 554, "Transaction failed"),
        (R, END, 552, "5.3.4 Message size exceeds fixed maximum message size"),
        (R, MAIL, 552, "5.3.4 Message size exceeds fixed limit"),
        (R, DATA, 554, "5.5.1 Error: no valid recipients"),
        (R, END, 550, "5.6.0 Lone CR or LF"),
        (O, MAIL, 550, "5.1.8 Sender address rejected: Domain not found"),
        (O, MAIL, 553, "5.7.1 <l@x.example>: Sender address rejected: not owned by user"),
        (O, MAIL, 550, "No"),
        (O, MAIL, 530, "5.7.0 Must issue a STARTTLS command first"),
        (O, RCPT, 554, "5.7.1 <a@x.example>: Relay access denied"),
        (O, RCPT, 550, "Relaying is prohibited"),
        (O, RCPT, 550, "5.7.1 Unable to relay"),
        (O, RCPT, 550, "5.1.8 Sender rejected"),
        (O, RCPT, 530, "5.7.1 Authentication required"),
        (O, RCPT, 550, "5.7.60 Client does not have permissions: sender not allowed"),
    ],
)  # fmt: skip
def test_an_answer_is_sorted(verdict: Verdict, stage: Stage, code: int, text: str) -> None:
    assert sort_answer(Answer(code, text, stage)) is verdict


def test_an_answer_is_kept_on_one_short_line() -> None:
    line = Answer(550, "5.1.1 a\r\nb" + "c" * 1000, RCPT).line
    assert len(line) <= 300
    assert "\n" not in line
