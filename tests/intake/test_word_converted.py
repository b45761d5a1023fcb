"""Forms that LibreOffice made into .docx from other formats: they read as before.

That is how the old formats reach the Word reader; and how a form comes from somebody who only
has LibreOffice.
"""

import pytest

from bot.intake.form import RawForm
from bot.intake.judge import judge
from bot.intake.paper.filled import Filled
from bot.intake.paper.word import word_blank
from bot.intake.word.reader import CHANGES, HIDDEN_TEXT, read_word
from tests.intake.forms import GOOD, SENDER, TABLE, judged_good
from tests.intake.office_files import box, p, r, table, word
from tests.intake.samples import attachment, folded
from tests.intake.test_word_parts import field
from tests.libreoffice import LibreOffice

pytestmark = pytest.mark.slow
FORMATS = ("doc", "odt", "rtf")
TEXT = "A reject names the order.\n\nWe ask for the line number.\nOne paragraph more."
VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
SHAPE = f'<v:rect {VML} style="position:absolute;width:200pt;height:50pt">{{inside}}</v:rect>'
DESCRIPTION = "".join(p(line) if line else "<w:p/>" for line in TEXT.split("\n"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """One LibreOffice for all of them; it needs a second to make its profile."""
    return LibreOffice(tmp_path_factory.mktemp("office"))


def there_and_back(office: LibreOffice, ending: str, content: bytes) -> RawForm:
    """The one form in a document that was saved in another format and converted back."""
    (form,) = read_word(office.saved_as("docx", office.saved_as(ending, content, "docx"), ending), "f", TABLE)
    return form


def said(form: RawForm) -> list[tuple[str, str]]:
    """Labels and values, whatever white space a conversion put around them, and whatever picture on a box."""
    texts = (entry.value.replace("\u2612", "[x]").replace("\u2610", "[ ]") for entry in form.entries)
    return [(entry.label.strip(" :"), " ".join(text.split())) for entry, text in zip(form.entries, texts, strict=True)]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_filled_blank(office: LibreOffice, ending: str) -> None:
    """Our own form comes back exact from every format, paragraphs and ticks included."""
    given = judged_good(Description_of_Change=TEXT)
    form = there_and_back(office, ending, word_blank(TABLE, Filled(given.fields)))
    read = judge(form, TABLE, SENDER, "docx")
    assert dict(read.fields) == {**given.fields, **{key: False for key in read.fields if key not in given.fields}}
    assert read.problems == ()


@pytest.mark.parametrize("ending", FORMATS)
def test_other_layouts(office: LibreOffice, ending: str) -> None:
    """A table, paragraphs with bold labels, a text box, tracked changes and hidden text say the same
    after the conversion."""
    boxes = f"<w:p>{box(ticked=True)}{r(' Ordering ')}{box(ticked=False)}{r(' Billing')}</w:p>"
    by = 'w:id="1" w:author="I" w:date="2026-01-01T00:00:00Z"'
    gone = f"<w:del {by}><w:r><w:delText>Old</w:delText></w:r></w:del>"
    changed = f"<w:p>{gone}<w:ins {by}>{r(GOOD['Title of Change'])}</w:ins></w:p>"
    hidden = f"<w:p>{r('One.')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>Two.</w:t></w:r></w:p>"
    cells = table(
        ("Title of Change", changed),
        ("Area(s) Impacted", boxes),
        ("Description", DESCRIPTION),
        ("Business Reason", hidden),
    )
    lines = "".join(f"<w:p>{r(f'{label}:', bold=True)}{r(' ' + GOOD[label])}</w:p>" for label in ("Company", "Phone"))
    inside = f"<v:textbox><w:txbxContent>{p('Internal Ref #: 7')}</w:txbxContent></v:textbox>"
    aside = f"<w:p><w:r><w:pict>{SHAPE.format(inside=inside)}</w:pict></w:r></w:p>"
    content = word(lines + "<w:p/>" + cells + aside + p("Products Impacted: LNP"))
    (before,) = read_word(content, "f", TABLE)
    after = there_and_back(office, ending, content)
    assert sorted(said(after)) == sorted(said(before))
    assert set(after.notes) == {CHANGES, HIDDEN_TEXT}


@pytest.mark.parametrize("ending", ["doc", "odt"])
def test_protected_forms(office: LibreOffice, ending: str) -> None:
    """Text fields, ticks and lists of a protected form keep their results. QUIRK: LibreOffice itself writes
    no states into .rtf."""
    boxes = field("<w:checkBox><w:checked/></w:checkBox>", code="FORMCHECKBOX") + r(" Yes ")
    choices = (
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="System"/><w:listEntry w:val="Product/Process"/></w:ddList>'
    )
    content = word(
        table(
            ("Company", f"<w:p>{field('<w:textInput/>', r('Saltmarsh'))}</w:p>"),
            ("Regulatory", f"<w:p>{boxes}</w:p>"),
            ("Area of Change Request", f"<w:p>{field(choices, code='FORMDROPDOWN')}</w:p>"),
        )
        + "<w:p/>"
    )
    assert said(there_and_back(office, ending, content)) == [
        ("Company", "Saltmarsh"),
        ("Regulatory", "[x] Yes"),
        ("Area of Change Request", "Product/Process"),
    ]


@pytest.mark.parametrize(("sample", "ending"), [("s07", "doc"), ("s08", "odt")])
def test_samples(office: LibreOffice, sample: str, ending: str) -> None:
    """The samples in other formats are read as a careful person reads them."""
    content, truth = attachment(sample, f".{ending}")
    (form,) = read_word(office.saved_as("docx", content, ending), "form", TABLE)
    submission = judge(form, TABLE, SENDER, "docx")
    (wanted,) = truth["submissions"]
    fields = {key: value for key, value in submission.fields.items() if value is not False}
    right = {key: value for key, value in wanted["fields"].items() if value is not False}
    assert {key: folded(text) for key, text in fields.items()} == {key: folded(text) for key, text in right.items()}
    assert [problem.field for problem in submission.problems] == wanted["missing"]
