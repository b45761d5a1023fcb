"""The sample mails beside the project, with what a careful person reads in them."""

import json
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from bot.intake.form import FieldTable, RawForm
from bot.intake.judge import judge
from tests.intake.forms import SENDER, TABLE

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Reader = Callable[[bytes, str, FieldTable], tuple[RawForm, ...]]


def attachment(sample: str, ending: str) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a sample mail's attachment and the mail's truth."""
    found = sorted(SAMPLES.glob(f"{sample}-*.eml")) if SAMPLES.is_dir() else []
    if not found:
        pytest.skip("the sample mails lie in a folder `shared` beside the project")
    mail = message_from_bytes(found[0].read_bytes(), policy=policy.default)
    truth = json.loads(found[0].with_suffix(".truth.json").read_text(encoding="utf-8"))
    files = [part for part in mail.iter_attachments() if str(part.get_filename()).endswith(ending)]
    content = files[0].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content, truth


def assert_read_rightly(sample: str, ending: str, reader: Reader) -> None:
    """The attachment of a sample mail, read and judged, is what its truth file says."""
    content, truth = attachment(sample, ending)
    forms = reader(content, "form", TABLE)
    assert len(forms) == len(truth["submissions"])
    for form, wanted in zip(forms, truth["submissions"], strict=True):
        submission = judge(form, TABLE, SENDER, ending[1:])
        fields = {key: value for key, value in submission.fields.items() if value is not False}
        right = {key: value for key, value in wanted["fields"].items() if value is not False}
        for key, readings in wanted.get("accept", {}).items():
            if folded(fields.get(key)) in [folded(reading) for reading in readings]:
                fields[key] = right[key] = ""
        assert {key: folded(value) for key, value in fields.items()} == {
            key: folded(value) for key, value in right.items()
        }
        assert [problem.field for problem in submission.problems] == wanted["missing"]
        assert list(submission.advised_missing) == wanted["advised_missing"]


def folded(value: object) -> object:
    """A value without what does not count: white space, a last full stop, the order of a list."""
    if isinstance(value, list | tuple):
        return sorted(str(folded(item)) for item in value)
    return " ".join(str(value).split()).rstrip(".") if isinstance(value, str) else value
