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
DISCLAIMER = re.compile(
    r"\W{0,3}(?:confidential(?:ity)?\b|disclaimer\b|privileged\b|(?:legal\s+)?notice\s*:|important\s*:?\s+this\s+(?:e-?mail|message)"
    r"|th(?:is|e\s+information\s+(?:contained\s+)?in\s+this)\s+(?:e-?mail|electronic|message|communication|transmission)\b"
    r"|(?:please\s+)?(?:consider|think\s+of)\s+the\s+environment|if\s+you\s+(?:are\s+not\s+the\s+intended|have\s+received\s+this)"
    r"|caution\s*:\s+(?:this\s+e-?mail|external)|virus-free|scanned\s+by)",
    re.IGNORECASE,
)
LONGEST_END = 60


def ends(line: str) -> bool:
    """True for a line like `Best regards,`, `Thanks, Pat`, `--` or `end`."""
    return len(line) <= LONGEST_END and END.fullmatch(line.strip()) is not None


def polite(paragraph: str) -> bool:
    """True for the beginning of a paragraph that speaks to the reader and no longer of the matter."""
    return POLITE.match(paragraph) is not None


def disclaims(paragraph: str) -> bool:
    """True for the beginning of what a company's mail server puts below a mail."""
    return DISCLAIMER.match(paragraph) is not None


def signs(line: str, name: frozenset[str]) -> bool:
    """True for the originator's name, a part of it or its initials as a line of its own; `name` holds its
    words, in small letters."""
    words = line.casefold().replace(",", " ").strip(" -~/.").split()
    initials = {word[0] for word in name}
    if (len(words) == 1 and len(words[0]) == 1) or len(set(words)) < len(words):
        return False
    return bool(words) and all(word in name or (len(word.rstrip(".")) == 1 and word[0] in initials) for word in words)
