"""What no change request alters of the posting is there from the start, and made anew only when it has to be."""

from bot.daemon.desk import Desk
from bot.daemon.furnish import MARK, furnish
from bot.posting.pages import FORMS, WORKFLOW


def test_the_furniture_is_made_once(desk: Desk) -> None:
    """Style sheet, forms and the page of the workflow; a second look finds nothing to do."""
    assert furnish(desk)
    root = desk.site.root
    for path in ("site.css", FORMS, WORKFLOW, "forms/change-request.docx"):
        assert (root / path).stat().st_size > 0
    assert "Meridell Response Issued" in (root / WORKFLOW).read_text("utf-8")
    assert not furnish(desk)


def test_what_has_gone_or_is_out_of_date_is_made_again(desk: Desk) -> None:
    """A missing page, or a mark that tells of other sources."""
    furnish(desk)
    (desk.site.root / FORMS).unlink()
    assert furnish(desk)
    (desk.settings.kept / MARK).write_text("made of something else", encoding="ascii")
    (desk.site.root / WORKFLOW).write_text("old", encoding="utf-8")
    assert furnish(desk)
    assert (desk.site.root / WORKFLOW).stat().st_size > len("old")
