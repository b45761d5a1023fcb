"""Reports about a letter of ours, as mail systems write them: tests fill in which letter."""

from dataclasses import dataclass

HEADERS = """\
From: Meridell CMP <cmpcr@meridell.example>
To: <{to}>
Subject: [PC112326-1] Change request logged
Message-ID: {message_id}
X-Cmpbot-Loop: x
"""
DSN = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@{host}>
To: {receiver}
Subject: {subject}
Message-ID: <{name}@{host}>
Date: Mon, 23 Nov 2026 09:30:00 -0700
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {host}. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}
Arrival-Date: Mon, 23 Nov 2026 09:29:00 -0700

Final-Recipient: rfc822; {about}
Original-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: {returned}

{headers}
--b--
"""
WORDS = """\
Return-Path: <>
From: MAILER-DAEMON@{host}
To: {receiver}
Subject: failure notice
Message-ID: <{name}@{host}>

Hi. This is the program at {host}.
I'm afraid I wasn't able to deliver your message.

<{to}>:
{diagnostic}

--- Below this line is a copy of the message.

{headers}
Dear originator, ...
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; `about` is the address that it names, by default that of the letter."""

    to: str
    message_id: str
    action: str = "failed"
    status: str = "5.1.1"
    diagnostic: str = "550 5.1.1 user unknown"
    about: str = ""
    receiver: str = "cmpcr@meridell.example"
    returned: str = "text/rfc822-headers"
    name: str = "dsn1"
    subject: str = "Undelivered Mail Returned to Sender"
    host: str = "mx.bench00.example"
    form: str = DSN

    @property
    def raw(self) -> bytes:
        """The report as it comes."""
        said = {name: getattr(self, name) for name in self.__slots__} | {"about": self.about or self.to}
        headers = HEADERS.format(to=self.to, message_id=self.message_id)
        return self.form.format(**said, headers=headers).replace("\n", "\r\n").encode()
