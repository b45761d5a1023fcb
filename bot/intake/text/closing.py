"""How people end a mail. Its one rule: only a line that says nothing else is an end."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.mail.phrases import LABELS, any_of
from bot.office.people import Address

END = re.compile(
    r"(?:"
    r"(?:(?:with|my|our)\s+)?(?:(?:best|kind|kindest|warm|warmest|many)\s+)?(?:regards|wishes)"
    r"|thanks\s+(?:and|&)\s+(?:kind\s+|best\s+)?regards|rgds|(?:kind|best)\s+rgds"
    r"|(?:many\s+)?(?:thanks|thank\s+you|thx|ty)(?:\s+(?:again|all|so\s+much|very\s+much|in\s+advance|a\s+lot|much))?"
    r"|(?:yours\s+)?(?:sincerely|truly|faithfully|respectfully|cordially)(?:\s+(?:yours|submitted))?"
    r"|cheers|best|br|end|sent\s+from\s+my\b.{0,40}|get\s+outlook\s+for\b.{0,20}"
    r"|-{2,3}|_{3,}"
    r")(?:\s*[,.!]+(?:\s*[^\W\d_][\w.'\u2019-]{0,30}){0,3}|\s*)",
    re.IGNORECASE,
)
ELSEWHERE = frozenset(
    {
        *("mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit freundlichem gruss"),
        *("mit besten grüßen", "mit herzlichen grüßen", "mit lieben grüßen", "freundliche grüße", "freundliche grüsse"),
        *("beste grüße", "beste grüsse", "viele grüße", "viele grüsse", "liebe grüße", "schöne grüße"),
        *("herzliche grüße",),
        *("grüße", "grüsse", "gruß", "gruss", "danke", "vielen dank", "besten dank", "herzlichen dank"),
        *("danke und gruß",),
        *("vielen dank im voraus", "danke im voraus", "hochachtungsvoll"),
        *("cordialement", "bien cordialement", "très cordialement", "bien à vous", "salutations", "merci"),
        *("merci bien",),
        *("sincères salutations", "salutations distinguées", "meilleures salutations", "merci beaucoup"),
        *("merci d'avance",),
        *("merci d\u2019avance", "par avance merci", "bonne journée", "bonne soirée", "bonne réception", "amicalement"),
        *("saludos", "un saludo", "saludos cordiales", "un cordial saludo", "cordiales saludos", "atentos saludos"),
        *("atentamente", "muy atentamente", "gracias", "muchas gracias", "gracias de antemano", "abrazos"),
        *("un abrazo", "atte"),
        *("atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "cordialmente"),
        *("att",),
        *("obrigado", "obrigada", "muito obrigado", "muito obrigada", "abraço", "abraços", "um abraço"),
        *("saluti", "cordiali saluti", "distinti saluti", "un saluto", "un cordiale saluto", "cari saluti"),
        *("grazie", "grazie mille", "mille grazie", "molte grazie", "buona giornata"),
        *("groet", "groeten", "groetjes", "vriendelijke groet", "vriendelijke groeten", "met vriendelijke groet"),
        *("met vriendelijke groeten", "hartelijke groet", "met hartelijke groet", "bedankt", "hartelijk dank"),
        *("alvast bedankt", "hoogachtend"),
        *("pozdrawiam", "pozdrawiam serdecznie", "serdecznie pozdrawiam", "pozdrowienia", "z poważaniem", "dziękuję"),
        *("z pozdrowieniami", "z wyrazami szacunku", "dziękujemy", "z góry dziękuję"),
        *("med vänliga hälsningar", "vänliga hälsningar", "hälsningar", "med vennlig hilsen", "vennlig hilsen", "mvh"),
        *("med venlig hilsen", "venlig hilsen", "hilsen", "ystävällisin terveisin", "terveisin", "s pozdravem"),
    }
)
"""The same in German, French, Spanish, Portuguese, Italian, Dutch, Polish, and of the North."""
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
    r"|caution\s*:\s+(?:this\s+e-?mail|external)|virus-free|scanned\s+by"
    r"|diese\s+(?:e-?mail|nachricht)\s+(?:und|kann|enth|ist)|ce\s+(?:message|courriel|mail)\s+(?:et|est|peut)|este\s+(?:mensaje|correo|e-?mail)\s+"
    r"|esta\s+mensagem\s+|questo\s+messaggio\s+|(?:deze\s+e-?mail|dit\s+bericht)\s+|ta\s+wiadomość\s+)",
    re.IGNORECASE,
)
CERTAIN = re.compile(
    r"\W{0,3}(?:(?:please\s+)?(?:consider|think\s+of)\s+the\s+environment\s+(?:before|prior|when)\b|virus-free\b"
    r"|confidentiality\s+(?:notice|note|statement)\b)",
    re.IGNORECASE,
)
"""A disclaimer that needs no second sign."""
SECOND_SIGN = re.compile(
    r"confidentiel|confidential|intended|recipient|addressee|delet|disclos|disseminat|environment|virus|malware|privileged|proprietary"
    r"|liab|unauthori[sz]ed|in\s+error|opinions|outside|scanned|property\s+of|vertraulich|bestimmt|empf\u00e4nger|adressat|vernicht"
    r"|confidencial|confidenzial|destin|supprim|d\u00e9trui|elimin|borr|apag|riservat|cancell|vertrouwelijk|bestemd|geadresseerde"
    r"|verwijder|poufn|przeznaczon|usun",
    re.IGNORECASE,
)
"""What a disclaimer says besides the words that it begins with; many a sentence begins as it does."""
REACH_OF_SIGN = 3
"""Lines."""
LONGEST_END = 60
LONGEST_NAME = 3
"""Words."""
MOST_OF_SIGNATURE = 12
"""Lines with words; a name with more below it stands in a list."""
LEADS_UP = re.compile(r"[^\W\d_].{1,40},|[A-Z][A-Za-z]?[A-Z]")
"""`Have a great day,` or `LG`."""
SENTENCE_ENDS = ".!?"
SENTENCE = re.compile(r"(?=.*\s\S+\s)(?=.*\b(?!(?:of|the|and|for|de|der|und)\b)[^\W\dA-Z_]{2,}\b).*[.!?]")
"""Three words and an end, one of the words in small letters: no name of a company."""
REACHED = re.compile(r"@|\d{3}\D{0,3}\d{4}")
"""An address, or a telephone number."""
NAMES_FOLLOW = re.compile(
    r".*:|(?:attendees?|attending|in attendance|participants?|present|invited|invitees|on the (?:call|line|bridge))\W*",
    re.IGNORECASE,
)
"""What stands above a list of names."""
FOREIGN = re.compile(
    r"@|://|www\.|[-_=|*>#]{3}|\d[./-]\d{1,2}\b.{0,40}\d[:.]\d\d|\w\s+\w+\s*[:\uff1a]$|(?:hi|hello|dear|hallo|bonjour|hola)\b"
    rf"|^\W*{any_of(word for words in LABELS.values() for word in words)}\W{{0,3}}[:\uff1a]",
    re.IGNORECASE,
)
"""What may begin somebody else's mail that no mark tells: an address, a rule, a time, a salutation, a label."""


class Ordered(NamedTuple):
    """The last line of a text, counted from 0, that certainly is a command, the last one that may be one, and those
    that may take something of one back."""

    certain: int = 0
    possible: int = 0
    reserved: frozenset[int] = frozenset()


NOTHING = Ordered()
PERSON = re.compile(r"[A-Z][\w'\u2019.-]+(?:\s[A-Z][\w'\u2019.-]*){1,2}")
TITLES = 3
"""Words that may stand beside a whole name: initials, degrees."""
SIGNING = " -~/.\u2013\u2014"
NAME_PARTS = re.compile(r"[^\W\d_]+")


def ends(line: str) -> bool:
    """True for a line like `Best regards,`, `Thanks, Pat`, `--` or `end`."""
    if len(line) > LONGEST_END:
        return False
    bare = line.strip()
    thanks, _, name = bare.partition(",")
    if thanks.rstrip(" .!").lower() in ELSEWHERE:
        return name.count(" ") <= LONGEST_NAME
    return END.fullmatch(bare) is not None


def polite(paragraph: str) -> bool:
    """True for the beginning of a paragraph that speaks to the reader and no longer of the matter."""
    return POLITE.match(paragraph) is not None


def disclaims(lines: Sequence[str]) -> bool:
    """True for lines that begin with what a company's mail server puts below a mail: one of its beginnings, and
    another sign of it right below."""
    if CERTAIN.match(lines[0]):
        return True
    begun = DISCLAIMER.match(lines[0])
    if begun is None:
        return False
    own = begun.group().strip(" \t*_").casefold()
    rest = "\n".join([lines[0][begun.end() :], *lines[1:]])
    return any(not own.startswith(sign.casefold()) for sign in SECOND_SIGN.findall(rest))


def above_signature(own_text: str, sender: Address | None, ordered: Ordered = NOTHING) -> str:
    """The text above a signature that no mark tells: the sender's name or a part of it alone on a line, the
    words above it ended and little below, which is no command of the sender's; or what a company's server adds.

    >>> above_signature("CONSENT\\n\\nAnn Lee\\nGranby Hollow", Address("ann@x.example", "Ann Lee"))
    'CONSENT'
    """
    lines = [line.strip() for line in own_text.split("\n")]
    written = (sender.name or sender.email.partition("@")[0]) if sender else ""
    name = frozenset(NAME_PARTS.findall(written.casefold()))
    before = lines[0]
    for number in range(1, len(lines)):
        line = lines[number]
        if line and (
            disclaims(lines[number : number + REACH_OF_SIGN])
            or (_is_name(line, name) and _little(lines, number, ordered, name))
        ):
            start = _start_of_signature(lines, number, before)
            if start:
                return "\n".join(own_text.split("\n")[:start]).rstrip()
        before = line or before
    return own_text


def _start_of_signature(lines: list[str], number: int, before: str) -> int:
    """Where a signature would start whose name stood on a line: there, or on the line above where that only
    leads up to it; 0 where it can be none, in the middle of a sentence or of a list. `before` is the last line
    with words above it."""
    above = lines[number - 1]
    if number > 1 and above and not lines[number - 2] and (LEADS_UP.fullmatch(above) or polite(above)):
        return number - 1
    return number if not NAMES_FOLLOW.fullmatch(before) and (not above or above[-1] in SENTENCE_ENDS) else 0


def _is_name(line: str, name: frozenset[str]) -> bool:
    """True for a sender's name, a part of it, or all of it with initials and titles."""
    if not name or len(line) > LONGEST_END:
        return False
    words = NAME_PARTS.findall(line)
    whole = len(name) > 1 and len(words) <= len(name) + TITLES and name <= {word.casefold() for word in words}
    return signs(line, name) or (whole and not any(word[0].islower() for word in words))


def _little(lines: list[str], start: int, ordered: Ordered, name: frozenset[str]) -> bool:
    """True for few and short lines from one on, down to what a company's server adds, that are a signature's."""
    stop, count = len(lines), 0
    for at in range(start, len(lines)):
        if disclaims(lines[at : at + REACH_OF_SIGN]):
            stop = at
            break
        count += bool(lines[at])
        if count > MOST_OF_SIGNATURE or len(lines[at]) > LONGEST_END:
            return False
    return _signature(lines[:stop], start, ordered, name)


def _signature(lines: list[str], start: int, ordered: Ordered, name: frozenset[str]) -> bool:
    """False for names in a list, with sentences below them: a signature has one at most, and then says how to reach
    somebody, too. Above a command it is none, unless somebody else may have given that: a quoted one never counts.
    Nor is it one above words that may take something of a command back."""
    tail = [line for line in lines[start:] if line]
    if ordered.possible > start:
        foreign = ordered.possible >= len(lines) or any(map(FOREIGN.search, tail))
        return foreign or ordered.certain < start or _somebody_elses(lines[ordered.possible + 1 :], name)
    if any(start < at < len(lines) for at in ordered.reserved):
        return False
    return sum(SENTENCE.fullmatch(line) is not None for line in tail) <= any(map(REACHED.search, tail))


def _somebody_elses(below: list[str], name: frozenset[str]) -> bool:
    """True where what stands below the last command is signed by another person, or ends a mail without a name."""
    ours = any(_is_name(line, name) for line in below)
    others = (PERSON.fullmatch(line) and not _is_name(line, name) for line in below)
    return any(others) or (not ours and any(map(ends, below)))


def signs(line: str, name: frozenset[str]) -> bool:
    """True for the originator's name, a part of it or its initials as a line of its own; `name` holds its
    words, in small letters."""
    words = line.casefold().replace(",", " ").strip(SIGNING).split()
    initials = {word[0] for word in name}
    if (len(words) == 1 and len(words[0]) == 1) or len(set(words)) < len(words):
        return False
    return bool(words) and all(word in name or (len(word.rstrip(".")) == 1 and word[0] in initials) for word in words)
