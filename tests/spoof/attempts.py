"""The attempts: what is tried, and what becomes of the mail. None of them may be obeyed.

Its one rule: one trick a row, on a mail that would be obeyed without it. The numbers of the groups are
those of the threats in reliability.md. PARKED: whoever is named is asked, or it waits for the CMP
Manager; REFUSED: it is not carried out; COMMENTED and ANSWERED: it is prose; AUTOMATIC: it is a machine's.
"""

from base64 import b64encode
from dataclasses import dataclass

from bot.mail.token import Purpose
from bot.workflow.effect import Fate
from tests.spoof.office import (
    ANITA,
    DANIEL,
    DECLINED,
    GRACE,
    INTAKE,
    KEY,
    LENA,
    LUIS,
    MARTA,
    NILS,
    OWN,
    PRIYA,
    RAVI,
    STRANGE,
    TEST,
    TOM,
    A,
    B,
    code,
    honest,
    mail,
    stamp,
)

PARKED, REFUSED, COMMENTED, ANSWERED = Fate.PARKED, Fate.REFUSED, Fate.COMMENTED, Fate.ANSWERED
OURS = stamp()
EVIL = stamp("evil.example")
AR = "Authentication-Results: "
BOUND = "multipart/alternative; boundary=b"
MIXED = "multipart/mixed; boundary=b"
ON_MONDAY = "On Mon, Nov 23, 2026 at 9:00 AM Meridell CMP <cmpcr@meridell.example> wrote:"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A trick, what becomes of the mail, and its bytes."""

    group: str
    trick: str
    becomes: Fate
    raw: bytes

    def __str__(self) -> str:
        return f"{self.group}: {self.trick}"


def stamped(*stamps: str, **more: object) -> bytes:
    """The Director's approval under these fields."""
    return mail("APPROVE", top=stamps, **more)  # type: ignore[arg-type]  # fields by name


def named(sender: str, *more: str) -> bytes:
    """A mail that our border lets pass for its own domain, with this From and further fields."""
    return mail("APPROVE", sender=sender, top=(OURS,), fields=more)


def with_code(written: str, sender: str = GRACE, verb: str = "APPROVE") -> bytes:
    """An approval that nothing but a code could prove."""
    return mail(verb, "", f"# {written}", sender=sender)


def proven(*lines: str, **more: str) -> bytes:
    """A mail of the Director's own that does not say what a reader may think it says."""
    return honest(*lines, **more)


def part(kind: str, *lines: str, encoding: str = "", disposition: str = "") -> tuple[str, ...]:
    """One part of a multipart mail."""
    fields = [f"Content-Type: {kind}; charset=utf-8"]
    fields += [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
    fields += [f"Content-Disposition: {disposition}"] if disposition else []
    return ("--b", *fields, "", *lines)


def parts(kind: str, *inner: tuple[str, ...]) -> bytes:
    """A mail of the Director's own in parts."""
    return honest(*(line for each in inner for line in each), "--b--", kind=kind)


def b64(text: str) -> str:
    """A text in base64."""
    return b64encode(text.encode()).decode()


def flipped(written: str, place: int) -> str:
    """A code with one letter changed."""
    other = "b" if written[place] == "a" else "a"
    return written[:place] + other + written[place + 1 :]


FROM: tuple[tuple[str, Fate, bytes], ...] = (
    ("nothing but the From", PARKED, mail("APPROVE")),
    ("a display name that is the person's", PARKED, named('"Grace Whitcomb" <grace@evil.example>')),
    ("the person's name and our domain in it", PARKED, named("Grace Whitcomb Meridell CMP <cmp@evil.example>")),
    ("a display name that is the person's address", REFUSED, named(f'"{GRACE}" <x@evil.example>')),
    ("a display name with address and brackets", REFUSED, named(f'"Grace <{GRACE}>" <x@evil.example>')),
    ("the address in a comment", REFUSED, named(f"x@evil.example ({GRACE})")),
    ("an unquoted address in front", REFUSED, named(f"{GRACE} <x@evil.example>")),
    ("two mailboxes, the person's first", REFUSED, named(f"{GRACE}, x@evil.example")),
    ("two mailboxes, the person's last", REFUSED, named(f"x@evil.example, {GRACE}")),
    ("group syntax", REFUSED, named(f"Directors: {GRACE};")),
    ("a group behind a mailbox", REFUSED, named(f"x@evil.example, Directors: {GRACE};")),
    ("a source route", REFUSED, named(f"<@evil.example:{GRACE}>")),
    ("two From fields, the person's first", REFUSED, named(GRACE, "From: x@evil.example")),
    ("two From fields, the person's last", REFUSED, named("x@evil.example", f"From: {GRACE}")),
    ("two From fields, both the person's", REFUSED, named(GRACE, f"From: {GRACE}")),
    ("From in other letters twice", REFUSED, named(GRACE, "FROM: x@evil.example")),
    ("no From, but Sender", PARKED, mail("APPROVE", sender="", top=(OURS,), fields=(f"Sender: {GRACE}",))),
    ("an empty From", PARKED, named(" ")),
    ("a From without a domain", PARKED, named("grace.whitcomb")),
    ("a Cyrillic letter in the domain", PARKED, named("grace.whitcomb@meridеll.example")),  # noqa: RUF001 - the trick
    ("a full-width letter in the domain", PARKED, named("grace.whitcomb@ｍeridell.example")),  # noqa: RUF001 - the trick
    ("punycode of a look-alike", PARKED, named("grace.whitcomb@xn--meridll-9of.example")),
    ("a dotless i in the local part", PARKED, named("grace.wh\u0131tcomb@meridell.example")),
    ("a zero for an o", REFUSED, named("grace.whitc0mb@meridell.example")),
    ("a sub-domain of ours", PARKED, named("grace.whitcomb@mail.meridell.example")),
    ("a domain that begins like ours", PARKED, named("grace.whitcomb@meridell.example.evil.example")),
    ("a domain that ends like ours", PARKED, named("grace.whitcomb@evilmeridell.example")),
    ("a plus tag", REFUSED, named("grace.whitcomb+x@meridell.example")),
    ("a quoted local part", PARKED, named('"grace.whitcomb"@meridell.example, x@evil.example')),
    ("an encoded word for the address", REFUSED, named(f"=?utf-8?b?{b64(f'Grace <{GRACE}>')}?= <x@evil.example>")),
    (
        "an encoded word that closes the mailbox",
        REFUSED,
        named(f"=?utf-8?q?x=40evil.example=3E=2C_{GRACE}?= <x@evil.example>"),
    ),
    ("a right-to-left mark in the name", PARKED, named("\u202eelpmaxe.lledirem@bmoctihw.ecarg\u202c <x@evil.example>")),
    ("a zero-width blank in the address", PARKED, named("grace.wh\u200bitcomb@meridell.example")),
    ("a soft hyphen in the address", PARKED, named("grace.whit\u00adcomb@meridell.example")),
    ("a turning mark in the address", PARKED, named("grace.whit\u202ecomb@meridell.example")),
    ("a comment in the address", PARKED, named("grace.whit(x)comb@meridell.example")),
    ("blanks in the address", PARKED, named("grace . whitcomb @ meridell . example")),
    ("a bell in the address", PARKED, named("grace.whitcomb\a@meridell.example")),
    ("DEL in the address", PARKED, named("grace.whitcomb\x7f@meridell.example")),
    ("a control of eight bits in the address", PARKED, named("grace.whitcomb\x85@meridell.example")),
    ("NUL in the domain", REFUSED, named("grace.whitcomb@meridell.example\0.evil.example")),
    ("NUL in the address", PARKED, named("grace.whitcomb\0@meridell.example")),
    ("a folded From with a second mailbox", REFUSED, named(f"{GRACE},\r\n x@evil.example")),
)
"""T12, T17: who it claims to be from."""

RESULTS: tuple[tuple[str, Fate, bytes], ...] = (
    ("no stamp at all", PARKED, stamped("Received: from evil.example by mx.meridell.example")),
    ("an empty stamp", PARKED, stamped(AR)),
    ("another host's pass", PARKED, stamped(stamp(host="mx.evil.example"))),
    ("another host's on top of a forged one", PARKED, stamped(stamp(host="mx.evil.example"), OURS)),
    ("ours says fail", PARKED, stamped(stamp(dmarc="fail"))),
    ("ours says fail, a forged pass below", PARKED, stamped(stamp(dmarc="fail"), OURS)),
    ("ours says none", PARKED, stamped(stamp(dmarc="none"))),
    ("ours says none, a forged pass below", PARKED, stamped(stamp(dmarc="none"), OURS)),
    ("ours says temperror", PARKED, stamped(stamp(dmarc="temperror"))),
    ("ours says permerror", PARKED, stamped(stamp(dmarc="permerror"))),
    ("ours says quarantine", PARKED, stamped(stamp(dmarc="quarantine"))),
    ("ours says something new", PARKED, stamped(stamp(dmarc="passed"))),
    ("pass for another domain", PARKED, stamped(EVIL)),
    ("pass for another domain and for ours", PARKED, stamped(f"{EVIL}; dmarc=pass header.from=meridell.example")),
    ("pass and fail in one stamp", PARKED, stamped(f"{OURS}; dmarc=fail header.from=meridell.example")),
    ("two stamps of ours that pass", PARKED, stamped(OURS, OURS)),
    (
        "a stamp of ours below a Received of theirs",
        PARKED,
        stamped("Received: from a by b", stamp(dmarc="fail"), "Received: from c by d", OURS),
    ),
    ("pass without a domain", PARKED, stamped(f"{AR}mx.meridell.example; dmarc=pass")),
    ("our name as the beginning of theirs", PARKED, stamped(stamp(host="mx.meridell.example.evil.example"))),
    ("our name as the end of theirs", PARKED, stamped(stamp(host="evil-mx.meridell.example"))),
    ("our name as their second word", PARKED, stamped(stamp(host="mx.evil.example mx.meridell.example"))),
    ("our name in a comment", PARKED, stamped(stamp(host="(mx.meridell.example) mx.evil.example"))),
    ("our name in quotation marks with more", PARKED, stamped(stamp(host='"mx.meridell.example x"'))),
    (
        "our name behind the first semicolon",
        PARKED,
        stamped(f"{AR}x; mx.meridell.example; dmarc=pass header.from=meridell.example"),
    ),
    (
        "the result in a comment",
        PARKED,
        stamped(f"{AR}mx.meridell.example; spf=fail (dmarc=pass header.from=meridell.example)"),
    ),
    (
        "the result behind a comment that never ends",
        PARKED,
        stamped(f"{AR}mx.meridell.example; spf=fail ( ; dmarc=pass header.from=meridell.example"),
    ),
    (
        "the result in a quoted HELO",
        PARKED,
        stamped(f'{AR}mx.meridell.example; spf=fail smtp.helo="; dmarc=pass header.from=meridell.example"'),
    ),
    (
        "the result behind a mark that never ends",
        PARKED,
        stamped(f'{AR}mx.meridell.example; spf=fail smtp.helo="x; dmarc=pass header.from=meridell.example'),
    ),
    (
        "the result in an encoded word",
        PARKED,
        stamped(f"{AR}mx.meridell.example; =?utf-8?q?dmarc=3Dpass_header.from=3Dmeridell.example?="),
    ),
    (
        "the host in an encoded word",
        PARKED,
        stamped(f"{AR}=?utf-8?q?mx.meridell.example?=; dmarc=pass header.from=meridell.example"),
    ),
    (
        "the result folded in",
        PARKED,
        stamped(f"{AR}mx.evil.example;\r\n\tmx.meridell.example;\r\n\tdmarc=pass header.from=meridell.example"),
    ),
    ("SPF passes alone", PARKED, stamped(f"{AR}mx.meridell.example; spf=pass smtp.mailfrom=meridell.example")),
    (
        "DKIM of another domain",
        PARKED,
        stamped(f"{AR}mx.meridell.example; dkim=pass header.d=evil.example header.i=@meridell.example"),
    ),
    ("DKIM of a public suffix", PARKED, stamped(f"{AR}mx.meridell.example; dkim=pass header.d=example")),
    ("DKIM of a sub-domain", PARKED, stamped(f"{AR}mx.meridell.example; dkim=pass header.d=mail.meridell.example")),
    (
        "DKIM of an address in another domain",
        PARKED,
        stamped(f"{AR}mx.meridell.example; dkim=pass header.i=@meridell.example.evil.example"),
    ),
    ("DKIM fails", PARKED, stamped(f"{AR}mx.meridell.example; dkim=fail header.d=meridell.example")),
    (
        "DKIM passes, DMARC fails",
        PARKED,
        stamped(f"{AR}mx.meridell.example; dkim=pass header.d=meridell.example; dmarc=fail"),
    ),
    ("ARC passes", PARKED, stamped(f"{AR}mx.meridell.example; arc=pass header.from=meridell.example")),
    (
        "an ARC stamp",
        PARKED,
        stamped("ARC-Authentication-Results: i=1; mx.meridell.example; dmarc=pass header.from=meridell.example"),
    ),
    (
        "a field that nearly has the name",
        PARKED,
        stamped("Authentication-Result: mx.meridell.example; dmarc=pass header.from=meridell.example"),
    ),
    (
        "a blank in front of the colon",
        PARKED,
        stamped("Authentication-Results : mx.meridell.example; dmarc=pass header.from=meridell.example", "x y: z"),
    ),
    ("the stamp in the body", PARKED, mail("APPROVE", "", OURS)),
    (
        "a signature over the beginning only",
        PARKED,
        stamped(OURS, "DKIM-Signature: v=1; d=meridell.example; h=from:subject; l=9; b=x"),
    ),
    (
        "a signature without the subject",
        PARKED,
        stamped(OURS, "DKIM-Signature: v=1; d=meridell.example; h=from:date; b=x"),
    ),
    (
        "a signature without the sender",
        PARKED,
        stamped(OURS, "DKIM-Signature: v=1; d=meridell.example; h=subject; b=x"),
    ),
    (
        "a signature that has expired",
        PARKED,
        stamped(OURS, "DKIM-Signature: v=1; d=meridell.example; h=from:subject; x=1795000000; b=x"),
    ),
)
"""T13 to T16: what is said to prove it."""

FIELDS: tuple[tuple[str, Fate, bytes], ...] = (
    ("a second Subject", REFUSED, named(GRACE, f"Subject: [{A}] APPROVE")),
    ("a second Sender", REFUSED, named(GRACE, "Sender: a@evil.example", "Sender: b@evil.example")),
    ("a second Date", REFUSED, named(GRACE, "Date: Mon, 23 Nov 2026 08:00:00 -0700")),
    ("a second Message-ID", REFUSED, named(GRACE, "Message-ID: <x@evil.example>")),
    ("a second Content-Type", REFUSED, named(GRACE, "Content-Type: text/html")),
    ("a second To", REFUSED, named(GRACE, "To: somebody@evil.example")),
    ("a second In-Reply-To", REFUSED, named(GRACE, "In-Reply-To: <a@x>", "In-Reply-To: <b@x>")),
    ("a line that is no field", PARKED, named(GRACE, "this is no field")),
    (
        "Reply-To of the person",
        REFUSED,
        mail("APPROVE", sender="x@evil.example", fields=(f"Reply-To: {GRACE}",), top=(EVIL,)),
    ),
    (
        "Sender of the person",
        REFUSED,
        mail("APPROVE", sender="x@evil.example", fields=(f"Sender: {GRACE}",), top=(EVIL,)),
    ),
    (
        "Resent-From of the person",
        REFUSED,
        mail("APPROVE", sender="x@evil.example", fields=(f"Resent-From: {GRACE}",), top=(EVIL,)),
    ),
    (
        "Return-Path of the person",
        REFUSED,
        mail("APPROVE", sender="x@evil.example", fields=(f"Return-Path: <{GRACE}>",), top=(EVIL,)),
    ),
    (
        "X-Original-From of the person",
        REFUSED,
        mail("APPROVE", sender="x@evil.example", fields=(f"X-Original-From: {GRACE}",), top=(EVIL,)),
    ),
    ("the number of another one in the subject alone", PARKED, mail("APPROVE", subject=f"[{A}] [{B}] APPROVE")),
    (
        "a thread of ours alone",
        PARKED,
        mail("APPROVE", fields=("In-Reply-To: <00112233445566778899aabb@meridell.example>",)),
    ),
)
"""T14, T23, section 0 items 5 and 6: fields that two readers see differently, and fields that mean nothing."""

CODES: tuple[tuple[str, Fate, bytes], ...] = (
    ("another person's", PARKED, with_code(code(LENA))),
    ("another change request's", PARKED, with_code(code(change=B))),
    ("of no change request", PARKED, with_code(code(change=""))),
    ("of the intake that it was", PARKED, with_code(code(change=INTAKE))),
    ("expired", PARKED, with_code(code(days=0))),
    ("long expired", PARKED, with_code(code(days=-400))),
    ("signed with another secret", PARKED, with_code(code(key=STRANGE))),
    ("signed with a key that there is not", PARKED, with_code(code(key=type(KEY)(6, KEY.secret, KEY.made)))),
    ("that confirms a mail", PARKED, with_code(code(purpose=Purpose.CONFIRM))),
    ("one letter changed at its beginning", PARKED, with_code(flipped(code(), 3))),
    ("one letter changed in its date", PARKED, with_code(flipped(code(), 7))),
    ("one letter changed at its end", PARKED, with_code(flipped(code(), -1))),
    ("cut short", PARKED, with_code(code()[:-1])),
    ("one letter too long", PARKED, with_code(code() + "a")),
    ("two halves of two", PARKED, with_code(code()[:45] + code(LENA)[45:])),
    ("made up", PARKED, with_code("cmp" + "a" * 56)),
    (
        "in a letter to another that is quoted",
        PARKED,
        mail("APPROVE", "", ON_MONDAY, "> Dear Lena Brandt,", f"> Code: {code(LENA)}"),
    ),
    ("of the person, sent by another", REFUSED, with_code(code(), sender=LENA)),
    ("of the person, sent by a stranger", PARKED, with_code(code(), sender="x@evil.example")),
    ("of the person, from a tagged address", PARKED, with_code(code(), sender="grace.whitcomb+x@meridell.example")),
    (
        "of the person, who the border says is forged",
        PARKED,
        mail("APPROVE", f"# {code()}", top=(stamp(dmarc="fail"),)),
    ),
    ("of the person, under two From fields", REFUSED, mail("APPROVE", f"# {code()}", fields=("From: x@evil.example",))),
    ("of the person, under two subjects", REFUSED, mail("APPROVE", f"# {code()}", fields=("Subject: x",))),
    (
        "of the person, in an attachment",
        PARKED,
        mail(
            *part("text/plain", "APPROVE"),
            *part("application/x-code", code(), disposition="attachment; filename=code.bin"),
            "--b--",
            kind=MIXED,
        ),
    ),
    ("of the person, in a field of the head", PARKED, mail("APPROVE", fields=(f"X-Code: {code()}",))),
    ("CONFIRM with the code of a letter", REFUSED, mail(f"CONFIRM {code()}")),
    ("CONFIRM with another's code", REFUSED, mail(f"CONFIRM {code(LENA, '', purpose=Purpose.CONFIRM)}")),
    (
        "CONFIRM of a mail that there is not",
        REFUSED,
        mail(f"CONFIRM {code(change='', purpose=Purpose.CONFIRM, of='ffffffffffff')}"),
    ),
    ("CONFIRM without a code", REFUSED, mail("CONFIRM")),
    ("CONFIRM and a command", REFUSED, mail(f"CONFIRM {code(change='', purpose=Purpose.CONFIRM)}", "APPROVE")),
    (
        "CONFIRM by a stranger",
        PARKED,
        mail(f"CONFIRM {code(change='', purpose=Purpose.CONFIRM)}", sender="x@evil.example"),
    ),
)
"""T18: codes that are somebody else's, something else's, or nothing."""

HIDDEN: tuple[tuple[str, Fate, bytes], ...] = (
    ("in a quotation", COMMENTED, proven("Please see below.", "", ON_MONDAY, "> APPROVE")),
    ("in a quotation on top", COMMENTED, proven("> APPROVE", "", "What is this?")),
    ("in a deep quotation", COMMENTED, proven("Hm.", "", "> > > APPROVE")),
    (
        "below an Outlook header",
        COMMENTED,
        proven(
            "Fine with me?",
            "",
            "From: Lena Brandt <lena.brandt@meridell.example>",
            "Sent: Monday, November 23, 2026 9:00 AM",
            f"To: Grace Whitcomb <{GRACE}>",
            "Subject: yours",
            "",
            "APPROVE",
        ),
    ),
    ("below an original-message line", COMMENTED, proven("What now?", "", "-----Original Message-----", "APPROVE")),
    (
        "in a forwarded mail",
        COMMENTED,
        proven(
            "FYI",
            "",
            "---------- Forwarded message ---------",
            f"From: Lena <{LENA}>",
            "Date: Mon, Nov 23, 2026",
            "Subject: x",
            "",
            "APPROVE",
        ),
    ),
    (
        "in a stranger's mail that is quoted without marks",
        COMMENTED,
        proven("Thanks for this.", "", "On Mon, Nov 23, 2026 at 9:00 AM Bo <bo@x.example> wrote:", "hi", "", "APPROVE"),
    ),
    ("in a signature", COMMENTED, proven("Thank you for this.", "", "-- ", "APPROVE")),
    ("in a signature without the blank", COMMENTED, proven("Thank you for this.", "--", "APPROVE")),
    ("behind `# `", COMMENTED, proven("# APPROVE", "Just looking.")),
    ("below prose", COMMENTED, proven("I have read it.", "", "APPROVE")),
    ("within a sentence", COMMENTED, proven("We should APPROVE it, I think.")),
    ("with a not in front", COMMENTED, proven("do not APPROVE")),
    ("in small letters with words behind it", COMMENTED, proven("approve of it, but not yet")),
    ("in look-alike letters", COMMENTED, proven("АPPROVE")),  # noqa: RUF001 - the trick
    ("in full-width letters", COMMENTED, proven("ＡＰＰＲＯＶＥ")),  # noqa: RUF001 - the trick
    ("with a zero-width blank inside", COMMENTED, proven("APP\u200bROVE")),
    ("with blanks between the letters", COMMENTED, proven("A P P R O V E")),
    ("in an encoded word in the body", COMMENTED, proven("=?utf-8?q?APPROVE?=")),
    ("in the subject alone", COMMENTED, proven("Hello.", subject=f"[{A}] APPROVE")),
    ("in the subject, and no body", COMMENTED, proven("", subject=f"[{A}] APPROVE")),
    (
        "in an attachment",
        COMMENTED,
        parts(
            MIXED,
            part("text/plain", "See the file."),
            part("text/plain", "APPROVE", disposition="attachment; filename=a.txt"),
        ),
    ),
    (
        "in an attached mail",
        COMMENTED,
        parts(
            MIXED,
            part("text/plain", "See the mail."),
            ("--b", "Content-Type: message/rfc822", "", *honest("APPROVE").decode().split("\r\n")),
        ),
    ),
    (
        "in base64 in an attachment",
        COMMENTED,
        parts(
            MIXED,
            part("text/plain", "See it."),
            part(
                "application/octet-stream", b64("APPROVE"), encoding="base64", disposition="attachment; filename=a.bin"
            ),
        ),
    ),
    (
        "in a hidden element",
        COMMENTED,
        proven('<p style="display:none">APPROVE</p><p>Just looking.</p>', kind="text/html; charset=utf-8"),
    ),
    (
        "in an element of no height",
        COMMENTED,
        proven('<div style="max-height:0">APPROVE</div><p>Just looking.</p>', kind="text/html; charset=utf-8"),
    ),
    (
        "in letters of no size",
        COMMENTED,
        proven('<span style="font-size:0px">APPROVE</span><p>Just looking.</p>', kind="text/html; charset=utf-8"),
    ),
    ("in an HTML comment", COMMENTED, proven("<!-- APPROVE --><p>Just looking.</p>", kind="text/html; charset=utf-8")),
    ("in a script", COMMENTED, proven("<script>APPROVE</script><p>Just looking.</p>", kind="text/html; charset=utf-8")),
    (
        "in a style sheet",
        COMMENTED,
        proven("<style>APPROVE</style><p>Just looking.</p>", kind="text/html; charset=utf-8"),
    ),
    ("in a title", COMMENTED, proven("<title>APPROVE</title><p>Just looking.</p>", kind="text/html; charset=utf-8")),
    (
        "in an alternative text of a picture",
        COMMENTED,
        proven('<img alt="APPROVE"><p>Just looking.</p>', kind="text/html; charset=utf-8"),
    ),
    (
        "in an HTML quotation",
        COMMENTED,
        proven("<p>Hm.</p><blockquote>APPROVE</blockquote>", kind="text/html; charset=utf-8"),
    ),
    (
        "in the text but not the HTML",
        REFUSED,
        parts(BOUND, part("text/plain", "APPROVE"), part("text/html", "<p>Just looking.</p>")),
    ),
    (
        "in the HTML but not the text",
        COMMENTED,
        parts(BOUND, part("text/plain", "Just looking."), part("text/html", "<p>APPROVE</p>")),
    ),
    (
        "another one in the HTML than in the text",
        REFUSED,
        parts(BOUND, part("text/plain", "APPROVE"), part("text/html", "<p>DISAPPROVE It lacks a date.</p>")),
    ),
    (
        "one more in the text than in the HTML",
        REFUSED,
        parts(BOUND, part("text/plain", "APPROVE", "NOTE read it"), part("text/html", "<p>NOTE read it</p>")),
    ),
    (
        "hidden in the HTML that goes with the text",
        REFUSED,
        parts(BOUND, part("text/plain", "APPROVE"), part("text/html", "<p hidden>APPROVE</p><p>Just looking.</p>")),
    ),
    (
        "in text that follows a signed part",
        COMMENTED,
        parts(MIXED, part("text/plain", "Hello.", "", "-- ", "Grace"), part("text/plain", "APPROVE")),
    ),
)
"""T20, T21: commands that a reader does not see, or that nobody gave. All of them come from the Director."""

WITHOUT_PROOF: tuple[tuple[str, Fate, bytes], ...] = (
    ("a text in base64", PARKED, mail(b64("APPROVE"), fields=("Content-Transfer-Encoding: base64",))),
    (
        "a text in quoted-printable",
        PARKED,
        mail("=41PPROVE", fields=("Content-Transfer-Encoding: quoted-printable",)),
    ),
    ("the sender's own words only in HTML", PARKED, mail("<p>APPROVE</p>", kind="text/html; charset=utf-8")),
    ("a dry run in front of it", REFUSED, mail("DRY RUN", "APPROVE")),
    ("several commands, one of them harmless", PARKED, mail("NOTE I have read it", "APPROVE")),
    ("several change requests", REFUSED, mail(f"{A}: APPROVE", f"{B}: APPROVE")),
    ("the number in front of the line", PARKED, mail(f"{A}: APPROVE", subject="yours")),
    (
        "a comment in somebody's name",
        PARKED,
        mail("COMMENT: We do not want it any more.", sender=PRIYA, subject=f"[{DECLINED}]"),
    ),
    ("a note in somebody's name", PARKED, mail("NOTE We agreed to deny it.", sender=LENA)),
    (
        "the originator's withdrawal",
        PARKED,
        mail("WITHDRAW We need it no more.", sender=PRIYA, subject=f"[{DECLINED}]"),
    ),
    ("the originator's deferral", PARKED, mail("DEFER", sender=PRIYA, subject=f"[{DECLINED}]")),
    ("an escalation by a CLEC", PARKED, mail("ESCALATE It is wrong.", sender=TOM, subject=f"[{DECLINED}]")),
    (
        "a CLEC's address that nobody registered",
        PARKED,
        mail("DEFER", sender="x@alderpoint.example", subject=f"[{DECLINED}]"),
    ),
    ("the end of an intake", PARKED, mail("DROP It is spam.", sender=MARTA, subject=f"[{INTAKE}]")),
    ("an assignment", PARKED, mail("ASSIGN CRPM tafoya DIRECTOR sorensen", sender=DANIEL)),
    ("the end of a test", PARKED, mail("CLOSE All tests passed.", sender=LENA, subject=f"[{TEST}]")),
    ("the off switch", PARKED, mail("FREEZE", sender=MARTA, subject="stop")),
    ("an absence", PARKED, mail("AWAY UNTIL 12/24/2026", sender=GRACE, subject="away")),
)
"""T12 once more: what is well formed, and not proven."""

RIGHTS: tuple[tuple[str, Fate, bytes], ...] = (
    ("an SME approves", REFUSED, honest("APPROVE", sender=ANITA)),
    ("a Director approves what they drafted", REFUSED, honest("APPROVE", subject=f"[{OWN}] your decision")),
    ("the CRPM approves", REFUSED, honest("APPROVE", sender=LENA)),
    ("the CMP Manager approves", REFUSED, honest("APPROVE", sender=MARTA)),
    ("the Group Manager approves", REFUSED, honest("APPROVE", sender=DANIEL)),
    ("the Director of another one approves", REFUSED, honest("APPROVE", sender=NILS)),
    ("a Director for another one, with the number in front", REFUSED, honest(f"{B}: APPROVE")),
    ("a Director for two, of which one is theirs", REFUSED, honest(f"{A}: APPROVE", f"{B}: APPROVE")),
    ("the CRPM of another one defers", REFUSED, honest("DEFER", sender=LUIS, subject=f"[{DECLINED}]")),
    ("an SME of none defers", REFUSED, honest("DEFER", sender=RAVI, subject=f"[{DECLINED}]")),
    ("an SME assigns", REFUSED, honest("ASSIGN CRPM tafoya DIRECTOR sorensen", sender=ANITA)),
    ("the CRPM assigns", REFUSED, honest("ASSIGN CRPM tafoya DIRECTOR sorensen", sender=LENA)),
    ("the CRPM drops an intake", REFUSED, honest("DROP It is spam.", sender=LENA, subject=f"[{INTAKE}]")),
    ("the Group Manager drops an intake", REFUSED, honest("DROP It is spam.", sender=DANIEL, subject=f"[{INTAKE}]")),
    ("the CRPM turns everything off", REFUSED, honest("FREEZE", sender=LENA, subject="stop")),
    ("the originator approves", REFUSED, honest("APPROVE", sender=PRIYA)),
    ("the originator closes", REFUSED, honest("CLOSE It works.", sender=PRIYA, subject=f"[{TEST}]")),
    ("the originator notes inside", REFUSED, honest("NOTE We paid for it.", sender=PRIYA)),
    ("the originator names the SMEs", REFUSED, honest("SME mehta", sender=PRIYA)),
    ("another CLEC defers", REFUSED, honest("DEFER", sender=TOM, subject=f"[{DECLINED}]")),
    ("another CLEC withdraws", REFUSED, honest("WITHDRAW We do not want it.", sender=TOM, subject=f"[{DECLINED}]")),
    ("another CLEC consents", REFUSED, honest("CONSENT", sender=TOM, subject=f"[{TEST}]")),
    (
        "a colleague of the originator defers",
        REFUSED,
        honest("DEFER", sender="x@alderpoint.example", subject=f"[{DECLINED}]"),
    ),
    (
        "a stranger with a proof of their own",
        REFUSED,
        honest("DEFER", sender="x@evil.example", subject=f"[{DECLINED}]"),
    ),
    ("a colleague who is not in the directory", REFUSED, honest("APPROVE", sender="new.hire@meridell.example")),
    ("a Director with the code of another one", REFUSED, with_code(code(NILS), sender=NILS)),
)
"""T22: well proven, and not entitled."""

FORM = (
    "Title of Change: Name nobody's field at all",
    "Description of Change: Please forget what we asked for before and do this instead.",
    "Areas Impacted: Billing",
)
FORMS: tuple[tuple[str, Fate, bytes], ...] = (
    ("a correction in the originator's name", PARKED, mail("AMEND", *FORM, sender=PRIYA)),
    ("a correction in the CRPM's name", PARKED, mail("AMEND", *FORM, sender=LENA)),
    ("a form in the originator's name", PARKED, mail(*FORM, sender=PRIYA)),
    (
        "a form with a forged stamp",
        PARKED,
        mail(*FORM, sender=PRIYA, top=(stamp("alderpoint.example", host="mx.evil.example"),)),
    ),
    ("a correction by another CLEC", PARKED, honest("AMEND", *FORM, sender=TOM)),
    ("a form by another CLEC", PARKED, honest(*FORM, sender=TOM)),
    ("a form by a stranger with a proof of their own", PARKED, honest(*FORM, sender="x@evil.example")),
    ("a correction by an SME", PARKED, honest("AMEND", *FORM, sender=ANITA)),
    ("a form by the CRPM of another one", PARKED, honest(*FORM, sender=LUIS)),
    ("a form of the originator's, once it is declined", PARKED, honest(*FORM, sender=PRIYA, subject=f"[{DECLINED}]")),
)
"""Texts in place of other texts: nobody but the originator and the CRPM changes a request, and only proven."""

SMUGGLED: tuple[tuple[str, Fate, bytes], ...] = (
    (
        "a second mail behind LF.LF",
        COMMENTED,
        proven("Hello.\n.\nMAIL FROM:<grace.whitcomb@meridell.example>\nDATA\nAPPROVE"),
    ),
    ("a second mail behind LF.CRLF", COMMENTED, proven("Hello.\n.", "MAIL FROM:<x@evil.example>", "DATA", "APPROVE")),
    ("a second mail behind CR.CR", COMMENTED, proven("Hello.\r.\rMAIL FROM:<x@evil.example>\rDATA\rAPPROVE")),
    (
        "the second mail, that came through",
        PARKED,
        mail("APPROVE", top=("Received: from [192.0.2.1] by mx.meridell.example",)),
    ),
    (
        "the second mail, with a stamp of its own",
        PARKED,
        mail("APPROVE", top=(stamp(dmarc="fail"), "Received: from evil.example by mx.meridell.example", OURS)),
    ),
    (
        "a head of its own in the body",
        COMMENTED,
        proven("Hello.", "", OURS, f"From: {GRACE}", f"Subject: [{A}]", "", "APPROVE"),
    ),
    ("a bare CR in the stamp", PARKED, mail("APPROVE", top=(f"{AR}mx.evil.example\r{OURS}",))),
    ("a bare CR in the From", REFUSED, mail("APPROVE", sender=f"x@evil.example\rFrom: {GRACE}", top=(EVIL,))),
)
"""T24: one mail that a server took for two, and the other way round."""

BESIDE: tuple[tuple[str, bytes], ...] = (
    ("in a quotation", proven("NOTE I have read it.", "", ON_MONDAY, "> APPROVE")),
    ("in a quotation without marks", proven("NOTE I have read it.", "", ON_MONDAY, "hi", "", "APPROVE")),
    (
        "below an Outlook header",
        proven(
            "NOTE Seen.",
            "",
            f"From: Lena Brandt <{LENA}>",
            "Sent: Monday, November 23, 2026 9:00 AM",
            f"To: {GRACE}",
            "Subject: yours",
            "",
            "APPROVE",
        ),
    ),
    ("in a signature", proven("NOTE I have seen it.", "", "-- ", "APPROVE")),
    ("below thanks", proven("NOTE I have it.", "thanks", "APPROVE")),
    ("below end", proven("NOTE I have got it.", "end", "APPROVE")),
    ("behind `# `", proven("NOTE I have it here.", "# APPROVE")),
    (
        "in an attachment",
        parts(
            MIXED,
            part("text/plain", "NOTE See the file."),
            part("text/plain", "APPROVE", disposition="attachment; filename=a.txt"),
        ),
    ),
    ("in a sentence", proven("NOTE We should", "approve it soon.")),
)
"""T20 once more: a command of the Director's own that is carried out, beside one that is not theirs."""

GROUPS = {
    "From": FROM,
    "results": RESULTS,
    "fields": FIELDS,
    "code": CODES,
    "hidden": HIDDEN,
    "no proof": WITHOUT_PROOF,
    "rights": RIGHTS,
    "forms": FORMS,
    "smuggled": SMUGGLED,
}
ATTEMPTS = tuple(Attempt(group, *row) for group, rows in GROUPS.items() for row in rows)
