"""What real servers say, and what it means."""

from __future__ import annotations

import pytest

from mail.answers import Answer, Stage, Verdict, sort_answer

A, T, N, U, R, O = (  # noqa: E741
    Verdict.ACCEPTED, Verdict.TEMPORARY, Verdict.NO_SUCH_RECIPIENT, Verdict.UNWANTED,
    Verdict.REFUSED, Verdict.OURS,
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


@pytest.mark.parametrize(
    ("verdict", "stage", "code", "text"),
    [
        # Gmail and Google's relay
        (T, RCPT, 452, "4.2.2 The recipient's inbox is out of storage space. Please direct"),
        (T, RCPT, 552, ("5.2.2 The email account that you tried to reach is over quota and "
         "inactive. Please direct the recipient to")),
        (T, RCPT, 450, ("4.2.1 The user you are trying to contact is receiving mail at a rate that "
         "prevents additional messages from being delivered.")),
        (T, RCPT, 550, ("5.2.1 The user you are trying to contact is receiving mail at a rate that "
         "prevents additional messages from being delivered.")),
        (T, END, 421, ("4.7.28 Gmail has detected an unusual rate of unsolicited mail originating "
         "from your IP address.")),
        (T, END, 550, "5.4.5 Daily user sending limit exceeded."),
        (O, MAIL, 550, "5.4.5 Daily SMTP relay limit exceeded for user."),
        (N, RCPT, 550, ("5.1.1 The email account that you tried to reach does not exist. Please "
         "try double-checking the recipient's email address for typos or unnecessary spaces.")),
        (N, RCPT, 550, "5.2.1 The email account that you tried to reach is disabled."),
        (R, END, 550, ("5.7.1 [192.0.2.1 12] Gmail has detected that this message is likely "
         "unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been "
         "blocked.")),
        (R, END, 550, ("5.7.26 This mail has been blocked because the sender is unauthenticated. "
         "Gmail requires all senders to authenticate with either SPF or DKIM.")),
        (R, END, 550, "5.7.25 The IP address sending this message does not have a PTR record"),
        (R, END, 550, ("5.7.1 The user or domain that you are sending to (or from) has a policy "
         "that prohibited the mail that you sent.")),
        (O, MAIL, 535, "5.7.8 Username and Password not accepted."),
        # Exchange and Outlook
        (T, RCPT, 554, ("5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException."
         "MapiExceptionShutoffQuotaExceeded; Failed to process message")),
        (T, RCPT, 451, "4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS77713)"),
        (T, RCPT, 452, "4.5.3 Too many recipients (AS780090)"),
        (T, END, 421, "4.4.2 Connection dropped due to SocketError"),
        (N, RCPT, 550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
        (N, RCPT, 550, ("5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@x.example not found by "
         "SMTP address lookup")),
        (N, RCPT, 550, "5.5.0 Requested action not taken: mailbox unavailable (S2017062302)."),
        (N, RCPT, 550, "5.1.1 RESOLVER.ADR.ExRecipNotFound; not found"),
        (R, RCPT, 550, ("5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication "
         "required; Delivery restriction check failed because the sender was not authenticated "
         "when sending to this group")),
        (R, RCPT, 550, ("5.7.124 RESOLVER.RST.NotAuthorized; not authorized to send to the "
         "recipient")),
        (R, END, 550, ("5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please "
         "contact your Internet service provider since part of their network is on our block list "
         "(S3140).")),
        (R, RCPT, 550, "5.7.606 Access denied, banned sending IP [192.0.2.1]."),
        (R, END, 550, ("5.7.509 Access denied, sending domain glaneuse.example does not pass DMARC "
         "verification and has a DMARC policy of reject.")),
        (R, END, 550, ("5.7.23 The message was rejected because of Sender Policy Framework "
         "violation")),
        (O, RCPT, 550, "5.7.64 TenantAttribution; Relay Access Denied"),
        (O, END, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
        (O, MAIL, 550, "5.1.8 Access denied, bad outbound sender"),
        # Orange, Free, La Poste, SFR
        (T, RCPT, 552, "5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]"),
        (T, MAIL, 421, ("mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. "
         "Too many connections, slow down. OFR004_104 [104]")),
        (T, RCPT, 451, ("too many errors from your ip (192.0.2.1), please visit "
         "http://postmaster.free.example/")),
        (T, RCPT, 450, ("4.7.1 Ressources temporairement indisponibles - Veuillez reessayer plus "
         "tard. LPN007_401")),
        (T, RCPT, 550, "5.7.1 Ressources temporairement indisponibles. LPN007_401"),
        (T, RCPT, 550, "mailbox for a@free.example is full"),
        (T, RCPT, 552, "5.2.2 La boîte aux lettres du destinataire est pleine"),
        (N, RCPT, 550, ("5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. "
         "OFR_416 [416]")),
        (N, RCPT, 550, "5.5.0 Boite du destinataire archivee. Archived recipient. OFR_443 [443]"),
        (N, RCPT, 550, "5.2.1 This mailbox has been blocked due to inactivity"),
        (N, RCPT, 550, "Ce compte n'existe pas"),
        (R, END, 550, "5.2.0 Mail rejete. Mail rejected. ofr_506 [506]"),
        (R, RCPT, 550, ("mwinf5c20 ME Adresse IP source bloquee pour incident de spam. Client host "
         "blocked for spamming issues. OFR006_102")),
        (O, RCPT, 501, "5.1.0 Emetteur invalide. Invalid Sender. OFR004_405 [405]"),
        # Yahoo
        (T, MAIL, 421, ("4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to "
         "unexpected volume or user complaints")),
        (N, RCPT, 552, "1 Requested mail action aborted, mailbox not found"),
        (N, RCPT, 554, ("30 Sorry, your message to a@x.example cannot be delivered. This mailbox "
         "is disabled (554.30).")),
        (R, END, 554, "5.7.9 Message not accepted for policy reasons."),
        (R, RCPT, 553, "5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred"),
        # Postfix, as OVH and many others run it
        (T, RCPT, 450, ("4.2.0 <a@x.example>: Recipient address rejected: Greylisted, see "
         "http://postgrey.example/help")),
        (T, RCPT, 450, "4.1.1 <a@x.example>: Recipient address rejected: unverified address"),
        (T, RCPT, 450, "4.1.8 <l@x.example>: Sender address rejected: Domain not found"),
        (T, RCPT, 451, "4.3.0 <a@x.example>: Temporary lookup failure"),
        (T, RCPT, 452, "4.2.2 <a@x.example>: user is over quota"),
        (T, RCPT, 450, ("4.7.1 <a@x.example>: Recipient address rejected: Policy Rejection- Quota "
         "Exceeded")),
        (N, RCPT, 550, "5.1.1 <a@x.example>: Recipient address rejected: undeliverable address"),
        (N, RCPT, 550, ("5.1.1 <a@x.example>: Recipient address rejected: User unknown in relay "
         "recipient table")),
        (R, RCPT, 554, "5.7.1 <a@x.example>: Recipient address rejected: Access denied"),
        (R, RCPT, 554, ("5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
         "zen.spamhaus.example")),
        (R, END, 550, "5.7.1 Message rejected: failed DMARC policy (p=reject)"),
        (R, END, 554, "5.7.1 Message rejected due to SPAM"),
        (O, RCPT, 504, "5.5.2 <machine>: Helo command rejected: need fully-qualified hostname"),
        (O, RCPT, 554, "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied"),
        (O, RCPT, 550, "5.1.0 <l@x.example>: Sender address rejected: User unknown"),
        # Exim, sendmail, qmail
        (T, RCPT, 451, "Temporary local problem - please try later"),
        (T, RCPT, 550, "Mailbox is full / quota exceeded"),
        (N, RCPT, 550, "Unrouteable address"),
        (N, RCPT, 550, "5.1.1 <a@x.example>... User unknown"),
        (N, RCPT, 511, "sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
        (R, RCPT, 550, "Administrative prohibition"),
        (R, RCPT, 550, "rejected because 192.0.2.1 is in a black list at dnsbl.example"),
        (O, RCPT, 550, "Sender verify failed"),
        (O, RCPT, 550, "relay not permitted"),
        (O, RCPT, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
        (O, RCPT, 553, ("5.1.8 <l@x.example>... Domain of sender address l@x.example does not "
         "exist")),
        # What the owner of the address said to its server
        (U, RCPT, 550, "5.7.1 The recipient has blocked messages from this sender"),
        (U, RCPT, 554, "5.7.1 <a@x.example>: sender is blocked by recipient"),
        (U, END, 550, "Message rejected: l@x.example is blacklisted by user"),
        (U, RCPT, 550, "5.7.1 Le destinataire a bloqué cet expéditeur"),
        (T, RCPT, 450, "4.7.1 sender is blocked by recipient"),
        (R, RCPT, 550, "5.7.1 Message rejected by recipient domain policy"),
    ],
)  # fmt: skip
def test_what_each_family_of_servers_says_is_sorted(
    verdict: Verdict, stage: Stage, code: int, text: str
) -> None:
    assert sort_answer(Answer(code, text, stage)) is verdict


def test_an_answer_is_kept_on_one_short_line() -> None:
    line = Answer(550, "5.1.1 a\r\nb" + "c" * 1000, RCPT).line
    assert len(line) <= 300
    assert "\n" not in line
