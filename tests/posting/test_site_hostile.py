"""What a posting gives to programs, full of hostile texts: feeds, calendars and exports.

Its one rule: each file is read by somebody else's reader, as a reader of ours would find it on the disk.
"""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

import feedparser
import icalendar
import jsonschema
from openpyxl import load_workbook

from tests.posting.markup import parsed
from tests.posting.payloads import ALL, JOINED

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
OURS = "cmp.meridell.example"


def test_no_cell_of_a_table_is_a_formula(hostile: Path) -> None:
    """CSV: no field begins with what makes a spreadsheet reckon. Workbook: every cell is a text, a number, a date
    or nothing, and leads nowhere but to our pages."""
    for path in hostile.rglob("*.csv"):
        rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        assert len({len(row) for row in rows}) == 1, path.name
        live = [cell for row in rows for cell in row if cell.lstrip(" ").startswith(STARTS) and not number(cell)]
        assert live == [], path.name
    found = list(hostile.glob("*.xlsx"))
    assert found
    for path in found:
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert len(cells) > len(ALL)
        assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
        links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
        assert {urlsplit(link).netloc for link in links} == {OURS}


def number(cell: str) -> bool:
    """True for a number as a spreadsheet may well reckon it."""
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))


def test_no_feed_carries_anything_that_acts(hostile: Path) -> None:
    """Every Atom feed is well-formed, needs no mending, has a text for a text, and links to our pages alone."""
    feeds = sorted(hostile.rglob("*.atom"))
    assert len(feeds) == len((*ALL, *JOINED)) + 1
    for path in feeds:
        content = path.read_bytes()
        expat.ParserCreate().Parse(content, True)
        feed = feedparser.parse(content, sanitize_html=False)
        assert not feed.bozo, path.name
        for entry in feed.entries:
            assert {urlsplit(link.href).netloc for link in entry.links} == {OURS}
            for each in (entry.title_detail, *entry.get("content", ()), entry.get("summary_detail")):
                assert each is None or each.type == "text/plain" or parsed(each.value).acts == [], path.name


def test_the_json_is_what_its_schema_says(hostile: Path) -> None:
    """The schema lies beside it; what people wrote are strings in it, and no key."""
    found = json.loads((hostile / "register.json").read_text(encoding="utf-8"))
    schema = json.loads((hostile / "register.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema, format_checker=jsonschema.FormatChecker())


def test_no_calendar_gains_an_event(hostile: Path) -> None:
    """A text with line breaks ends no event and begins none."""
    for path in hostile.rglob("*.ics"):
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        events = calendar.walk("VEVENT")
        assert events
        assert all(str(event["UID"]).endswith("@meridell.example") for event in events), path.name
        assert {urlsplit(str(event["URL"])).netloc for event in events if "URL" in event} <= {OURS}


def test_no_file_is_named_by_a_stranger(hostile: Path) -> None:
    """Names are made of numbers, dates and slugs of ours, and lie where the site has its files."""
    names = [path.relative_to(hostile).as_posix() for path in hostile.rglob("*") if path.is_file()]
    odd = [name for name in names if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9./-]{0,120}", name) or ".." in name]
    assert odd == []
    assert all(len(part) <= 80 for name in names for part in name.split("/"))


def test_no_script_carries_markup(hostile: Path) -> None:
    """The lines of the register that scripts load are plain values: no tag, and no line break of JavaScript's."""
    for path in (hostile / "data").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"</script|<!--|[\u2028\u2029]", text, re.IGNORECASE), path.name
