"""Answers of calendars in the shapes that Outlook, Google and Apple send, with invented people."""

from base64 import encodebytes
from quopri import encodestring

UID = "PC112326-1-meeting-1@meridell.example"
KIM = "kim@bench00.example"
MOUNTAIN = """\
BEGIN:VTIMEZONE
TZID:Mountain Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0600
TZOFFSETTO:-0700
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0700
TZOFFSETTO:-0600
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""

OUTLOOK_EVENT = """\
BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
{zone}BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN=Kim Doe:MAILTO:Kim@Bench00.example
COMMENT;LANGUAGE=en-US:{comment}
UID:{uid}
SUMMARY;LANGUAGE=en-US:{word}: PC112326-1 Clarification Meeting: Name the faili
 ng field in rejects
DTSTART;TZID=Mountain Standard Time:{starts}
DTEND;TZID=Mountain Standard Time:20261203T110000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261124T170000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-US:Bridge 303-555-0100
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
BEGIN:VALARM
DESCRIPTION:REMINDER
TRIGGER;RELATED=START:-PT15M
ACTION:DISPLAY
COMMENT:not the attendee's
END:VALARM
END:VEVENT
END:VCALENDAR
"""

GOOGLE_EVENT = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
DTSTART:{starts}
DTEND:20261203T180000Z
DTSTAMP:20261124T170000Z
ORGANIZER;CN=Meridell CMP:mailto:cmpcr@meridell.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Kim Do
 e;X-NUM-GUESTS=0:mailto:kim@bench00.example
CREATED:20261124T160000Z
DESCRIPTION:Clarification Meeting about PC112326-1
LAST-MODIFIED:20261124T170000Z
LOCATION:Bridge 303-555-0100
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:PC112326-1 Clarification Meeting
TRANSP:OPAQUE
{comment}END:VEVENT
END:VCALENDAR
"""

APPLE_EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 14.4//EN
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTART:20261203T170000Z
DTEND:20261203T180000Z
ATTENDEE;CN="Kim Doe";CUTYPE=INDIVIDUAL;EMAIL="kim@bench00.example";PARTSTAT
 ={partstat};ROLE=REQ-PARTICIPANT:/aMjA1NDQ4NTk/principal/
ORGANIZER;CN="Meridell CMP":mailto:cmpcr@meridell.example
SEQUENCE:{sequence}
SUMMARY:PC112326-1 Clarification Meeting
DTSTAMP:20261124T170000Z
COMMENT:{comment}
END:VEVENT
END:VCALENDAR
"""

VOUCHED = "Authentication-Results: mx.meridell.example; dmarc=pass header.from=bench00.example\n"


def head(subject: str, sender: str = KIM, *, vouched: bool = True, more: str = "", name: str = "rsvp") -> str:
    """The header of an answer."""
    return (
        f"{VOUCHED if vouched else ''}From: Kim Doe <{sender}>\nTo: Meridell CMP <cmpcr@meridell.example>\n"
        f"Subject: {subject}\nDate: Tue, 24 Nov 2026 10:00:00 -0700\nMessage-ID: <{name}@bench00.example>\n"
        f"{more}MIME-Version: 1.0\n"
    )


def outlook(
    partstat: str = "ACCEPTED",
    *,
    method: str = "REPLY",
    starts: str = "20261203T100000",
    comment: str = "",
    body: str = "",
    uid: str = UID,
    sequence: int = 0,
    zone: str = MOUNTAIN,
    sender: str = KIM,
    vouched: bool = True,
    name: str = "rsvp",
) -> bytes:
    """Outlook on Exchange: an alternative in base64, times in Windows' zones, folded lines."""
    words = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Tentative"}
    word = "New Time Proposed" if method == "COUNTER" else words.get(partstat, partstat)
    event = OUTLOOK_EVENT.format(
        method=method,
        partstat=partstat,
        comment=comment,
        word=word,
        starts=starts,
        uid=uid,
        sequence=sequence,
        zone=zone,
    )
    event64 = encodebytes(event.replace("\n", "\r\n").encode()).decode()
    return (
        head(f"{word}: PC112326-1 Clarification Meeting", sender, vouched=vouched, name=name)
        + 'Content-Type: multipart/alternative; boundary="_000_A"\n\n'
        + '--_000_A\nContent-Type: text/plain; charset="us-ascii"\n'
        + f"Content-Transfer-Encoding: quoted-printable\n\n{body}\n"
        + f'--_000_A\nContent-Type: text/html; charset="us-ascii"\n\n<html><body><p>{body}</p></body></html>\n'
        + f'--_000_A\nContent-Type: text/calendar; charset="utf-8"; method={method}\n'
        + f"Content-Transfer-Encoding: base64\n\n{event64}\n--_000_A--\n"
    ).encode()


def google(
    partstat: str = "ACCEPTED",
    *,
    method: str = "REPLY",
    starts: str = "20261203T170000Z",
    comment: str = "",
    uid: str = UID,
    sequence: int = 0,
) -> bytes:
    """Google Calendar: words of its own, the event twice, sent by a machine in the attendee's name."""
    said = f"COMMENT:{comment}\n" if comment else ""
    event = GOOGLE_EVENT.format(
        method=method, partstat=partstat, starts=starts, comment=said, uid=uid, sequence=sequence
    ).replace("\n", "\r\n")
    words = f"Kim Doe has {partstat.lower()} this invitation.\n\nInvitation from Google Calendar"
    return (
        head(
            f"{partstat.title()}: PC112326-1 Clarification Meeting @ Thu Dec 3, 2026 10am - 11am (MST)",
            more="Sender: Google Calendar <calendar-notification@google.example>\nAuto-Submitted: auto-generated\n",
        )
        + 'Content-Type: multipart/mixed; boundary="0000A"\n\n'
        + '--0000A\nContent-Type: multipart/alternative; boundary="0000B"\n\n'
        + f'--0000B\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\n\n{words}\n'
        + f'--0000B\nContent-Type: text/html; charset="UTF-8"\n\n<p>{words}</p>\n'
        + f'--0000B\nContent-Type: text/calendar; charset="UTF-8"; method={method}\n\n{event}\n--0000B--\n'
        + '--0000A\nContent-Type: application/ics; name="invite.ics"\nContent-Disposition: attachment; '
        + 'filename="invite.ics"\nContent-Transfer-Encoding: base64\n\n'
        + f"{encodebytes(event.encode()).decode()}--0000A--\n"
    ).encode()


def apple(partstat: str = "ACCEPTED", *, comment: str = "", uid: str = UID, sequence: int = 0) -> bytes:
    """Apple Calendar: quoted-printable, the attendee named by a path with the address beside it."""
    event = APPLE_EVENT.format(partstat=partstat, comment=comment, uid=uid, sequence=sequence).replace("\n", "\r\n")
    return (
        head(f"{partstat.title()}: PC112326-1 Clarification Meeting")
        + 'Content-Type: multipart/alternative; boundary="Apple-Mail=_A"\n\n'
        + "--Apple-Mail=_A\nContent-Type: text/plain; charset=us-ascii\n\n\n"
        + '--Apple-Mail=_A\nContent-Type: multipart/mixed; boundary="Apple-Mail=_B"\n\n'
        + "--Apple-Mail=_B\nContent-Type: text/calendar; charset=utf-8; method=REPLY; "
        + 'name="iCal-20261124-100000.ics"\nContent-Disposition: attachment; filename="iCal-20261124-100000.ics"\n'
        + f"Content-Transfer-Encoding: quoted-printable\n\n{encodestring(event.encode()).decode()}\n"
        + "--Apple-Mail=_B--\n--Apple-Mail=_A--\n"
    ).encode()
