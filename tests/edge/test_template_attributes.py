"""What a template asks of a thing that does not have it is found before a letter or a page needs it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.edge.templates import Templates
from bot.edge.templates.attributes import KINDS
from tests.intake.forms import TABLE
from tests.posting.lived import lived
from tests.posting.samples import OFFICE
from tests.posting.stocked import published


def kinds_of(value: object) -> set[type]:
    """What a value is, or what is in it; nothing for None."""
    return {type(each) for each in (value if isinstance(value, list | tuple) else [value]) if each is not None}


def of_which(kind: Any) -> type:
    """The class that a table of kinds names, also as that of what is in a sequence."""
    found: type = get_args(kind)[0] if get_args(kind) else kind
    return found


def broken(folder: Path, text: str, **others: str) -> list[str]:
    """What is told of a template of letters, beside others."""
    (folder / "site").mkdir()
    (folder / "site/x.html").write_text(text)
    for name, words in others.items():
        (folder / f"site/{name}.html").write_text(words)
    return [str(each).removeprefix("template site/x.html, ") for each in Templates(folder, OFFICE, TABLE).broken()]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n{{ line.no_such }}", "line 2: line has nothing called no_such"),
        (
            "{{ line.crpm.partition(' ') }}{{ posting.dispute.no_such }}",
            "line 1: posting.dispute has nothing called no_such",
        ),
        ("{{ posting.dispute.by.no_such.at_all }}", "line 1: posting.dispute.by has nothing called no_such"),
        ("{% if line.flags and line.no_such %}{% endif %}", "line 1: line has nothing called no_such"),
        ("{% macro of(line) %}{{ line.no_such }}{% endmacro %}", "line 1: line has nothing called no_such"),
        (
            "{% for one in posting.related[:3]|reverse %}\n{{ one.no_such }}{% endfor %}",
            "line 2: one has nothing called no_such",
        ),
        ("{% for line in shown if line.number %}{% endfor %}", "line 1: line has nothing called number"),
        (
            "{% for one in shown %}{% for one in one.stages %}{{ one.ahead }}{% endfor %}{{ one.ahead }}{% endfor %}",
            "line 1: one has nothing called ahead",
        ),
        ("{% for day, some in late.by_day %}{{ day.no_such }}{% endfor %}", "line 1: day has nothing called no_such"),
        (
            "{% for line in lines %}{{ line.no_such }}{% endfor %}{{ line.no_such }}",
            "line 1: line has nothing called no_such",
        ),
        ("{% import 'site/parts.html' as parts %}\n{{ parts.tilte() }}", "line 2: site/parts.html has no macro tilte"),
    ],
)
def test_what_a_thing_does_not_have_is_found(tmp_path: Path, text: str, told: str) -> None:
    """By its line, and in the words of the template."""
    assert broken(tmp_path, text, parts="{% macro title() %}{% endmacro %}") == [told]


@pytest.mark.parametrize(
    "text",
    [
        "{% for line in lines %}{{ line.no_such }}{% endfor %}",
        "{% for line in shown %}{{ line.line.number }}{% else %}{{ line.number }}{% endfor %}",
        "{% for one in shown %}{% set one = lines %}{{ one.no_such }}{% endfor %}",
        "{% for line in report.by_month|map('first') %}{{ line.no_such }}{% endfor %}",
        "{% set line = lines %}{{ line.no_such }}",
        "{{ line.no_such is defined }}{{ line.no_such|default('') }}",
        "{{ missing.no_such }}{{ phases.no_such }}",
        "{% import 'site/parts.html' as parts %}{{ parts.title() }}{{ parts.wide }}",
        "{{ organisation.address.email.partition('@') }}{{ line.flags.no_such }}",
    ],
)
def test_what_may_be_there_is_no_finding(tmp_path: Path, text: str) -> None:
    """A name that the template gives to something else, what it asks for with care, what nothing is known of."""
    assert broken(tmp_path, text, parts="{% macro title() %}{% endmacro %}{% set wide = 1 %}") == []


def test_names_mean_what_the_table_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever pages are given under such a name is of that kind, or nothing. (Of letters: `test_letters.py`.)"""
    seen: dict[str, set[type]] = {"organisation": {type(OFFICE.organisation)}}
    render = Templates._render

    def looked(self: Templates, name: str, context: Mapping[str, Any]) -> str:
        if name.startswith("site/"):
            for each in KINDS["site"].keys() & context.keys():
                seen.setdefault(each, set()).update(kinds_of(context[each]))
        return render(self, name, context)

    monkeypatch.setattr(Templates, "_render", looked)
    published(tmp_path, [lived()])
    assert seen == {each: {of_which(kind)} for each, kind in KINDS["site"].items()}
