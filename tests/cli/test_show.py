"""`cmpbot show`: everything that is known, in words, with every text there was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cli.look import show_record
from bot.cli.shapes import change_shape
from bot.config import Settings, load
from bot.config.load import packaged
from bot.posting.public import Record
from tests.posting.samples import ARRIVED, FIELDS, OFFICE, TABLE, advanced, change


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The shipped office."""
    return load(packaged() / "config.yaml", ARRIVED)


def test_revisions_are_shown_with_what_changed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Each text with its number, date and mail, and field by field what was and what is."""
    show_record(advanced(), settings)
    shown = " ".join(capsys.readouterr().out.split())  # however wide the terminal is
    assert "Revision 1 changed:" in shown
    assert f"{FIELDS['title']} -> Document and publish the 911 unlock process" in shown


def test_values_are_shown_in_words(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """No internal key is printed, and the text behind Other is not lost."""
    fields = {**FIELDS, "areas_impacted": ("Ordering", "Other"), "areas_other": "Directory listings"}
    show_record(Record(replace(change(), fields=fields)), settings)
    shown = capsys.readouterr().out
    assert "Other (Directory listings)" in shown
    assert "Product/Process" in shown
    assert "product_process" not in shown


def test_who_is_assigned_is_shown(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """CRPM, Director and SMEs by name, and that there is nobody yet."""
    show_record(Record(replace(change(), people={"crpm": ("brandt",), "director": ("whitcomb",)})), settings)
    shown = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert ["CRPM", "Lena Brandt"] in shown
    assert ["Director", "Grace Whitcomb"] in shown
    assert ["SME", "nobody"] in shown


def test_the_json_names_who_and_what_changed() -> None:
    """Every text with its fields, who sent it and the keys that it changed; areas_other is a field."""
    told = {**FIELDS, "areas_impacted": ("Other",), "areas_other": "Directory listings"}
    record = advanced()
    record = replace(record, change=replace(record.change, fields=told))
    shape = change_shape(record, TABLE, OFFICE.calendar)
    revisions = shape["revisions"]
    fields = shape["fields"]
    assert isinstance(revisions, list)
    assert isinstance(fields, dict)
    assert fields["areas_other"] == "Directory listings"
    assert [text["changed"] for text in revisions] == [[], ["title"]]
    assert revisions[0].keys() == {"number", "at", "mail", "by", "changed", "fields"}


def test_the_json_says_when_a_back_dated_row_was_recorded() -> None:
    """Only where that was on another day of the office's."""
    record = advanced()
    row = record.rows[0]
    told = [
        replace(row, recorded_at=row.at + timedelta(minutes=1)),
        replace(row, recorded_at=row.at + timedelta(days=2)),
        replace(row, recorded_at=None),
    ]
    history = change_shape(replace(record, rows=tuple(told)), TABLE, OFFICE.calendar)["history"]
    assert isinstance(history, list)
    assert [each.get("recorded") for each in history] == [None, (row.at + timedelta(days=2)).isoformat(), None]
    assert "recorded" not in history[0]
