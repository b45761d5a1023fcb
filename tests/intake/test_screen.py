"""People and machines: no machine is answered, and no person's mail is taken for a machine's."""

import pytest

from bot.intake.screen import Accept, Automatic, screen
from bot.mail.parse import parse

OURS = frozenset({"cmpcr@meridell.example"})
LETTER_ID = "0123456789abcdef01234567"


def verdict(*fields: str, body: str = "Hello", sender: str = "Ann Lee <ann@pine.example>") -> Accept | Automatic:
    """What the screen says about a mail of some fields."""
    raw = "\r\n".join([f"From: {sender}", "Message-ID: <1@pine.example>", *fields, "", body]).encode()
    return screen(parse(raw), OURS, "meridell.example")


@pytest.mark.parametrize(
    "value",
    [
        *(
            "auto-generated",
            "auto-replied",
            "auto-notified",
            "Auto-Replied",
            "AUTO-GENERATED",
            "auto-replied (vacation)",
        ),
        *(
            "auto-generated; type=status",
            "auto-replied;x=y",
            "  auto-replied  ",
            "yes",
            "true",
            "vacation",
            "auto",
            "1",
        ),
        *("auto-submitted", "auto_generated", "auto-replied\t(x)", '"auto-replied"', "not-human", "auto-forwarded"),
    ],
)
def test_what_says_it_is_automatic_is(value: str) -> None:
    """Auto-Submitted counts in every spelling but `no` (RFC 3834 section 5)."""
    assert isinstance(verdict(f"Auto-Submitted: {value}"), Automatic)


@pytest.mark.parametrize("value", ["no", "No", "NO", "no (a person)", " no ", "no; x=y", ""])
def test_what_says_it_is_not_automatic_is_not(value: str) -> None:
    """`no` in every spelling is a person's."""
    assert verdict(f"Auto-Submitted: {value}") == Accept()


def test_one_automatic_statement_of_two_counts() -> None:
    """A `no` in front does not hide an automatic reply."""
    assert isinstance(verdict("Auto-Submitted: no", "Auto-Submitted: auto-replied"), Automatic)


@pytest.mark.parametrize(
    "fields",
    [
        ["Return-Path: <>"],
        ["Return-Path: < >"],
        ["List-Id: <clecs.pine.example>"],
        ["List-Unsubscribe: <mailto:x@pine.example>"],
        ["Precedence: bulk"],
        ["Precedence: Junk"],
        ["precedence: LIST"],
        ["Feedback-ID: 1:2:3:x"],
        ["X-Autoreply: yes"],
        ["X-Autorespond: Re: hello"],
        ["X-Failed-Recipients: ann@pine.example"],
        ["X-MS-Exchange-Message-Is-Ndr:"],
        ["Content-Type: multipart/report; report-type=delivery-status; boundary=b"],
        ["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"],
        ["Content-Type: multipart/report; report-type=feedback-report; boundary=b"],
        ["Content-Type: message/delivery-status"],
        ["Content-Type: Message/Disposition-Notification"],
        ["Subject: Report domain: meridell.example Submitter: x", "Return-Path: <postmaster@x.example>"],
    ],
)
def test_marked_mail_is_automatic(fields: list[str]) -> None:
    """Null return paths, reports, lists, bulk mail and the fields of answering programs are told."""
    assert isinstance(verdict(*fields), Automatic)


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        ([], "CMP <CMPCR@meridell.example>"),
        ([], "CMP <cmpcr+bounce@meridell.example>"),
        (["Sender: CMP <cmpcr@meridell.example>"], "Ann <ann@pine.example>"),
        ([f"X-Cmpbot-Loop: {LETTER_ID}"], "Ann <ann@pine.example>"),
    ],
)
def test_our_own_mail_is_never_answered(fields: list[str], sender: str) -> None:
    """Whatever alias or forward brings our letters back, they stop here."""
    assert isinstance(verdict(*fields, sender=sender), Automatic)


def test_our_own_message_id_is_known() -> None:
    """A letter of ours is known by the shape of its id, even with another sender; a colleague's is not."""
    for local, expected in ((LETTER_ID, Automatic), ("20261130.211102.7F3A", Accept)):
        raw = f"From: hollis@meridell.example\r\nMessage-ID: <{local}@Meridell.example>\r\n\r\nHello".encode()
        assert isinstance(screen(parse(raw), OURS, "meridell.example"), expected)


@pytest.mark.parametrize(
    ("sender", "subject", "path"),
    [
        ("MAILER-DAEMON@pine.example", "hello", "ann@pine.example"),
        ("MAILER-DAEMON <>", "Mail delivery failed", ""),
        ("Mail Delivery System <Mailer-Daemon@pine.example>", "", ""),
        ("postmaster@pine.example", "Undeliverable: Change request logged", ""),
        ("Postmaster <postmaster@pine.example>", "Delivery Status Notification (Failure)", ""),
        ("POSTMASTER@pine.example", "[EXTERNAL] failure notice", ""),
        ("ann@pine.example", "Unzustellbar: Change request", "MAILER-DAEMON@pine.example"),
    ],
)
def test_bounces_without_marks_are_told(sender: str, subject: str, path: str) -> None:
    """A mail system is known by its address, or by its role and its subject together."""
    fields = [f"Subject: {subject}", *([f"Return-Path: <{path}>"] if path else [])]
    assert isinstance(verdict(*fields, sender=sender), Automatic)


ABSENCES = [
    ("Automatic reply: [PC112226-1] Change request logged", "I am out of the office until Monday."),
    ("Out of Office: Change request logged", "I am currently away."),
    ("Auto: Change request logged", "I'm away."),
    ("Automatische Antwort: Ihr Antrag", "Ich bin bis Montag nicht im Büro."),
    ("Abwesenheitsnotiz", "Ich bin im Urlaub."),
    ("Réponse automatique : Demande", "Je suis en congé."),
    ("Absence du bureau", "De retour le 7 décembre."),
    ("Respuesta automática: Solicitud", "Estoy de vacaciones."),
    ("Risposta automatica: Richiesta", "Sono in ferie."),
    ("Resposta automática: Pedido", "Estou de férias."),
    ("Automatisch antwoord: Aanvraag", "Ik ben niet aanwezig."),
    ("Autosvar: Ansökan", "Jag är på semester."),
    ("Automatisk svar: Anmodning", "Jeg er på ferie."),
    ("Automaattinen vastaus: Pyyntö", "Olen lomalla."),
    ("Automatyczna odpowiedź: Wniosek", "Jestem na urlopie."),
    ("Automatická odpověď: Žádost", "Jsem na dovolené."),
    ("Автоответ: Запрос", "Я в отпуске."),
    ("自动回复: 请求", "我在休假"),
    ("自動応答: 依頼", "休暇をいただいております"),
    ("Ruth Calloway is out of the office", "I will be out of the office."),
]


@pytest.mark.parametrize(("subject", "body"), ABSENCES)
def test_absence_notices_without_marks_are_told(subject: str, body: str) -> None:
    """A dozen languages: the subject of a notice with its text, or as an answer to ours, is enough."""
    fields = [f"Subject: {subject}", "Content-Type: text/plain; charset=utf-8"]
    assert isinstance(verdict(*fields, body=body), Automatic)
    assert isinstance(verdict(*fields, "In-Reply-To: <a@meridell.example>", body="x"), Automatic)
    assert isinstance(verdict(*fields, "X-Auto-Response-Suppress: All", body="x"), Automatic)


PEOPLE = [
    ["Subject: Change request", "X-Auto-Response-Suppress: All"],
    ["Subject: Change request", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", "In-Reply-To: <a@b>"],
    ["Subject: Automatic reply on FOC should name the order"],
    ["Subject: Automatic replies from your gateway", "References: <a@meridell.example>"],
    ["Subject: RE: Automatic reply: [PC112226-1] logged", "In-Reply-To: <a@meridell.example>"],
    ["Subject: AW: Abwesenheitsnotiz", "In-Reply-To: <a@meridell.example>"],
    ["Subject: FW: Undeliverable: jeopardy notices"],
    ["Subject: Undeliverable jeopardy notices are a trouble to us"],
    ["Subject: Delivery failure of the loop on 11/20"],
    ["Subject: Out of office hours porting"],
    ["Subject: Auto: vehicles"],
    ["Subject: Out of office hours porting", "References: <a@meridell.example>"],
    ["Subject: Autoreply texts for FOC", "In-Reply-To: <a@meridell.example>"],
    ["Subject: Change request", "Reply-To: cmpcr@meridell.example"],
    ["Subject: Change request", "Precedence: first-class"],
    ["Subject: Change request", "Precedence: normal", "X-Priority: 1", "Importance: high"],
    ["Subject: Change request", "Disposition-Notification-To: ann@pine.example", "Return-Receipt-To: ann@pine.example"],
    ["Subject: Change request", "Return-Path: <ann@pine.example>", "X-Spam-Status: No", "X-MS-TNEF-Correlator:"],
    ["Subject: Change request", "X-Autoreply: no"],
]


@pytest.mark.parametrize("fields", PEOPLE)
def test_people_are_accepted(fields: list[str]) -> None:
    """Marks that people's programs add, and subjects that people write, make nobody a machine."""
    assert verdict(*fields) == Accept()


@pytest.mark.parametrize("sender", ["noreply@pine.example", "orders@pine.example", "postmaster@pine.example"])
def test_a_form_is_never_screened_out_on_weak_signs(sender: str) -> None:
    """A change request with a form attached is taken in, whatever its subject and sender resemble."""
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nOut of office\r\n"
        "--b\r\nContent-Type: application/msword; name=cr.doc\r\n\r\nx\r\n--b--"
    )
    for subject in ("Automatic reply: change request", "Undeliverable: orders", "Out of office"):
        fields = [f"Subject: {subject}", "In-Reply-To: <a@b>", "Content-Type: multipart/mixed; boundary=b"]
        assert verdict(*fields, body=body, sender=sender) == Accept()


def test_a_forwarded_report_does_not_make_its_sender_a_machine() -> None:
    """Somebody who sends us a bounce as a file, with words of their own, is a person."""
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nWhat is this?\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: MAILER-DAEMON@x.example\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; boundary=c\r\n\r\n--c--\r\n--b--"
    )
    assert verdict("Subject: FW: bounce", "Content-Type: multipart/mixed; boundary=b", body=body) == Accept()
