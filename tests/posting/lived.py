"""A change request that has seen all there is to see, for the tests of pages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.posting.public import Record
from bot.workflow.change import Disposition, Escalation, Meeting, Phase, Response, Step, Way
from bot.workflow.effect import Row
from tests.posting.samples import advanced

HELD = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
NOTICES = ("CMPR.12.09.26.F.00001.CR_Responses", "CMPR.01.13.27.F.00004.CR_Responses")


def lived(text: str = "The notice does not name the field.") -> Record:
    """One in an escalation, with a meeting held and another planned, minutes, two responses, an announced
    date and related change requests; `text` is what people wrote, wherever they may write."""
    base = advanced()
    denied, accepted = (
        Response(
            disposition,
            text,
            "a" * 64,
            "joan",
            on,
            position=text if disposition is Disposition.ACCEPTED else "",
            basis=text if disposition is Disposition.DENIED else "",
            reference=text if disposition is Disposition.DENIED else "",
            approved_by="omar",
            issued_on=on,
            notice=notice,
        )
        for disposition, on, notice in (
            (Disposition.DENIED, date(2026, 12, 9), NOTICES[0]),
            (Disposition.ACCEPTED, date(2027, 1, 13), NOTICES[1]),
        )
    )
    change = replace(
        base.change,
        step=Step.ESCALATED,
        phase=Phase.ESCALATED,
        way=Way.PLAN,
        disposition=Disposition.ACCEPTED,
        meeting=Meeting(datetime(2027, 2, 3, 17, 0, tzinfo=UTC), place=text, n=2),
        responses=(denied, replace(accepted, text=f"{text} And more.")),
        draft=replace(denied, basis="INTERNAL", issued_on=None, notice=""),
        escalation=Escalation(2, date(2027, 1, 21), text, text, Step.NOT_ACCEPTED, (text,), None, text),
        announced=date(2027, 3, 22),
        deferred_until=date(2027, 4, 1),
        related=("PC112226-1",),
        ended=text,
    )
    rows = (
        Row("Clarification Meeting Held", "Meeting held on 11/18/2026", HELD, "lena", recorded_at=HELD),
        Row(
            "Info Sent to CLEC",
            f"Minutes of the meeting of 11/18/2026\n{text}\nTwo lines.",
            HELD,
            "lena",
            recorded_at=HELD + timedelta(days=2),
        ),
        *(
            Row(
                "Meridell Response Issued",
                f"CLECs notified by {notice}. Denied.\nBasis: {text}",
                HELD + timedelta(days=n + 21),
                "lena",
            )
            for n, notice in enumerate(NOTICES)
        ),
        Row("CLEC Provided Information", f"{text}\nA second line.", HELD + timedelta(days=30), text),
    )
    return Record(change, (*base.rows, *rows), tuple(due for due in base.deadlines if due.met_on))
