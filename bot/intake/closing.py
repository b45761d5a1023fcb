"""How people end a mail. Its one rule: only a line that says nothing else is an end."""

import re

END = re.compile(
    r"(?:"
    r"(?:(?:with|my|our)\s+)?(?:(?:best|kind|kindest|warm|warmest|many)\s+)?(?:regards|wishes)"
    r"|(?:many\s+)?(?:thanks|thank\s+you|thx|ty)(?:\s+(?:again|all|so\s+much|very\s+much|in\s+advance|a\s+lot|much))?"
    r"|(?:yours\s+)?(?:sincerely|truly|faithfully|respectfully|cordially)(?:\s+(?:yours|submitted))?"
    r"|cheers|best|br|end|sent\s+from\s+my\b.{0,40}|get\s+outlook\s+for\b.{0,20}"
    r"|-{2,3}|_{3,}"
    r")(?:\s*[,.!]+(?:\s*[A-Z][\w.'\u2019-]{0,30}){0,3}|\s*)",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"(?:(?:many\s+)?thanks|thank\s+you|(?:we|i)\s+look\s+forward|looking\s+forward|any\s+questions|let\s+(?:me|us)\s+know"
    r"|if\s+(?:you|there)\s+(?:have|are)\s+(?:any\s+)?questions"
    r"|please\s+(?:call|contact|let\s+(?:me|us)\s+know|feel\s+free|do\s+not\s+hesitate|don.t\s+hesitate|reach\s+out"
    r"|confirm\s+(?:receipt\s+of\s+this|that\s+you)|log\s+this|acknowledge))\b",
    re.IGNORECASE,
)
LONGEST_END = 60


def ends(line: str) -> bool:
    """True for a line like `Best regards,`, `Thanks, Pat`, `--` or `end`."""
    return len(line) <= LONGEST_END and END.fullmatch(line.strip()) is not None


def polite(paragraph: str) -> bool:
    """True for the beginning of a paragraph that speaks to the reader and no longer of the matter."""
    return POLITE.match(paragraph) is not None
