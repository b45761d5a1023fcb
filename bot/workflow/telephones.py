"""Telephones: the numbers in what somebody wrote behind "telephone" in a form.

Its one rule: what cannot be told for sure to be one number is not taken for one; it is handed back, for a person to
look at.
"""

import re

FIGURES = 10
"""Of a telephone number; a code of the country before them does not count."""
FEWEST, LONGEST = 7, 13
"""Figures of a number without its area code, and of one with the code of a country, which has three at most."""
CODE = 3
"""Figures of what may stand apart before a number, such as an area code."""
BETWEEN = r"[^0-9A-Za-z\n]{0,3}"
"""What parts the figures of a telephone number."""
EXTENSION = re.compile(
    r"(?<=\d)[\s.,;:()-]*(?:(?:extension|extn|ext|ex|x)(?![a-z])\.?|#)[\s.:#]*\d{1,6}(?![\s.()-]*\d)", re.IGNORECASE
)
APART = re.compile("(?=[(+])|[^\\d\\s().+\u2010-\u2015-]+")
"""Where another number may begin: at a bracket and a plus, and behind whatever stands in no number."""


def phones_in(written: str) -> tuple[list[str], list[str]]:
    """The numbers, as they are written, without extensions; and the figures that are left over.

    >>> phones_in("(303) 555-0177 x12 / cell 303-555-0178")
    (['(303) 555-0177', '303-555-0178'], [])
    >>> phones_in("303-555-0177/0178"), phones_in("1-800-FLOWERS")
    ((['303-555-0177'], ['0178']), ([], ['1-800']))
    """
    found, left, code = list[str](), list[str](), ""
    for part in filter(_count, APART.split(EXTENSION.sub("", written))):
        number = part.lstrip(" .-)").rstrip(" .-()")
        number = number if _count(number) >= FIGURES else f"{code} {number}".strip()
        code, count = "", _count(number)
        if FEWEST <= count <= LONGEST:
            found.append(number)
        elif count <= CODE:
            code = number
        else:
            left.append(number)
    return found, [*left, *filter(None, [code])]


def figures_of(phone: str) -> str:
    """The figures by which a number is known.

    >>> figures_of("+1 (303) 555-0177")
    '3035550177'
    """
    return re.sub(r"\D", "", phone)[-FIGURES:]


def _count(text: str) -> int:
    return len(re.findall(r"\d", text))


def way_of(phone: str) -> str:
    """The pattern of a number however it is parted, with the code of the country or without."""
    return rf"(?<!\d)(?:\+\d{{1,3}}{BETWEEN})?\(?{BETWEEN.join(figures_of(phone))}(?!\d)"
