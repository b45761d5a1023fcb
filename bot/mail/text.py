"""A body as a person would read it: flowed lines joined, HTML turned into lines.

Its one rule: one pass over what came, and nothing that a reader could not see becomes text.
"""

import re
from html import unescape

BLOCK = re.compile(
    r"address|article|blockquote|body|center|div|dl|dt|dd|fieldset|footer|form|h[1-6r]|header|html|li|main|ol|p|pre|"
    r"section|table|tbody|tr|ul"
)
VOID = re.compile(r"area|base|col|embed|img|input|link|meta|param|source|track|wbr")
UNSEEN = re.compile(r"</(script|style|title|template)\b", re.IGNORECASE)
MARKUP = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:]*)|!--|[!?/])")  # any other `<` is text
QUOTED_VALUE = re.compile(r""""[^"]*"|'[^']*'""")
REST_OF_TAG = re.compile(r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
HIDING_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:font-size|max-height|opacity)\s*:\s*0(?![.\d]*[1-9]))"
)
HIDING_WORDS = ("display", "hid", "size", "height", "opacity")  # a quick look before the exact one
HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?=[\s=/>]|\Z)")
TICK_BOX = re.compile(r"\btype\s*=\s*[\"']?(?:checkbox|radio)\b", re.IGNORECASE)
TEXT_BOX = re.compile(r"\btype\s*=\s*[\"']?(?:text|email|tel|date|number|url)\b", re.IGNORECASE)
CHECKED, SELECTED = (re.compile(rf"\s{word}(?=[\s=/>]|\Z)", re.IGNORECASE) for word in ("checked", "selected"))
TYPED = re.compile(r"""\svalue\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
TICKED, EMPTY = "[x] ", "[ ] "
COUNTS_FROM = re.compile(r"\s(?:start|value)\s*=\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
"""Where a numbered list begins, or goes on with an item of it."""
LETTERED = re.compile(r"\stype\s*=\s*[\"']?(a)\b", re.IGNORECASE)
LETTERS = 26
UNMARKED = re.compile(r"list-style(?:-type)?\s{0,3}:[^;:\"']{0,60}\bnone\b", re.IGNORECASE)
POINT = "- "
WHITE = re.compile(r"[ \t\n\r\f]+")
TARGET = re.compile(
    r" ?<(?:mailto:)?((?<=mailto:)[^\s<>@]{1,100}@[^\s<>@]{1,200}|https?://[^\s<>]{1,500})>", re.IGNORECASE
)
TELEPHONE = re.compile(r" ?<tel:([+\d().\s-]{5,30})>", re.IGNORECASE)
DIALLED = re.compile(r"[+\d().\s/-]*\Z")
SHORTEST_DIALLED = 7
LONGEST_DIALLED = 30
TARGET_STARTS = ("<mailto:", "<http")
DEEPEST_QUOTE = 10
RULE = "_" * 32  # what Outlook writes for a rule above an older mail


def unflow(text: str, delsp: bool = False) -> str:
    """Join the lines of a format=flowed body (RFC 3676); quote marks stay, one `> ` a level."""
    out: list[str] = []
    open_depth = -1  # the quote depth of the paragraph that the last line leaves open
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flowed = bare.endswith(" ") and bare != "-- "
        content = bare[:-1] if flowed and delsp else bare
        if depth == open_depth and bare != "-- ":
            out.append(content)
        else:
            out.append(("\n" if out else "") + "> " * depth + content)
        open_depth = depth if flowed else -1
    return "".join(out)


def unlinked(text: str) -> str:
    """A plain text without the targets that mail programs write behind a link which is its own target:
    `ann@x.example<mailto:ann@x.example>`."""
    text = TELEPHONE.sub(_other_telephone, text) if "<tel:" in text else text
    return TARGET.sub(_other_target, text) if any(start in text for start in TARGET_STARTS) else text


def _other_target(found: re.Match[str]) -> str:
    target = found[1].rstrip("/").lower().rpartition("://")[2]
    above = found.string[max(found.start() - len(target) - 1, 0) : found.start()]
    return "" if above.rstrip(" /").lower().endswith(target) else found[0]


def _other_telephone(found: re.Match[str]) -> str:
    """Nothing for the number that stands in front of it, with or without its country; any other as it is."""
    above = DIALLED.search(found.string[max(found.start() - LONGEST_DIALLED, 0) : found.start()])
    shown, target = ("".join(filter(str.isdigit, each)) for each in (above[0] if above else "", found[1]))
    same = shown.endswith(target) or (len(shown) >= SHORTEST_DIALLED and target.endswith(shown))
    return "" if same else found[0]


def html_to_text(html: str) -> str:
    """The visible text of an HTML body: a line for each block, a tab between the cells of a row,
    `> ` before what stands in a blockquote. Links and images give their words only."""
    page = _Page()
    at, sloppy = 0, False
    while markup := MARKUP.search(html, at):
        page.write(html[at : markup.start()])
        closing, name = markup[1], (markup[2] or "").lower()
        if not name:
            at = _past_remark(html, markup)
            continue
        at, sloppy = _past_tag(html, markup.end(), sloppy)
        if closing:
            page.close(name)
        elif name in {"script", "style", "title", "template"}:
            end = UNSEEN.search(html, at)
            at = end.start() if end else len(html)
        else:
            page.open(name, html[markup.end() : at])
    page.write(html[at:])
    return page.text()


def _past_remark(html: str, markup: re.Match[str]) -> int:
    """Where a comment or declaration ends; one that is not closed hides all that follows."""
    close = "-->" if markup[0] == "<!--" else ">"
    end = html.find(close, markup.end())
    return len(html) if end < 0 else end + len(close)


def _past_tag(html: str, at: int, sloppy: bool) -> tuple[int, bool]:
    """Where a tag ends. QUIRK: once a quotation mark was left open, every `>` ends a tag; looking
    for the other mark again and again would cost the square of the length."""
    end = html.find(">", at)
    if end < 0:
        return len(html), sloppy
    inside = html[at:end]
    if sloppy or not (inside.count('"') % 2 or inside.count("'") % 2):
        return end + 1, sloppy
    whole = REST_OF_TAG.match(html, at)
    return (whole.end(), False) if whole else (end + 1, True)


class _Page:
    """The lines written so far, and the line being written."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._broken = False  # a block ended or began: the next words start a new line
        self._depth = 0
        self._verbatim = False
        self._hidden = ""
        self._hidden_depth = 0
        self._lists: list[_List] = []
        self._marked = False  # the line so far is the mark of a list's item

    def write(self, source: str) -> None:
        """Add words, as they stand in the source."""
        if not source or self._hidden:
            return
        words = unescaped(source)
        if self._verbatim:
            first, *rest = words.split("\n")
            self._append(first)
            for line in rest:
                self._end_line()
                self._append(line)
            return
        words = WHITE.sub(" ", words)
        if words != " " or (self._line and not self._broken):
            self._append(words)

    def open(self, name: str, attributes: str) -> None:
        """A tag begins."""
        if name == "option":
            self._open_option(attributes)
        elif self._hidden:
            self._hidden_depth += name == self._hidden
        elif name == "br":
            if self._broken:
                self._flush()
            self._end_line()
        elif name == "input":
            if words := entered(attributes):
                self._append(words)
        elif not VOID.fullmatch(name) and hides(attributes):
            self._hidden, self._hidden_depth = name, 1
        elif name in {"td", "th"}:
            self._next_cell()
        elif BLOCK.fullmatch(name):
            self._open_block(name, attributes)

    def close(self, name: str) -> None:
        """A tag ends."""
        if self._hidden:
            self._hidden_depth -= name == self._hidden or (name, self._hidden) == ("select", "option")
            if not self._hidden_depth:
                self._hidden = ""
        elif name == "blockquote":
            self._flush()
            self._depth = max(self._depth - 1, 0)
        elif BLOCK.fullmatch(name):
            self._broken = True
            self._verbatim = self._verbatim and name != "pre"
            if name in {"ol", "ul"} and self._lists:
                self._lists.pop()

    def text(self) -> str:
        """Everything, without blank lines at the ends and never two of them in a row."""
        self._flush()
        kept = [
            line
            for line, above in zip(self._lines, ["", *self._lines], strict=False)
            if line.strip("> ") or above.strip("> ")
        ]
        return "\n".join(kept).strip("\n")

    def _open_option(self, attributes: str) -> None:
        """Of a list to choose from only the chosen item is seen; the end tag of one may be left out."""
        if self._hidden == "option":
            self._hidden = ""
        if not self._hidden and not SELECTED.search(attributes):
            self._hidden, self._hidden_depth = "option", 1

    def _next_cell(self) -> None:
        if self._line and self._line[-1] == " ":
            self._line.pop()
        if self._line:
            self._line.append("\t")
        self._broken = False

    def _open_block(self, name: str, attributes: str) -> None:
        self._broken = True
        if name == "tr":
            self._flush()
        elif name == "blockquote":
            self._flush()
            self._depth += 1
        elif name == "pre":
            self._verbatim = True
        elif name in {"ol", "ul"}:
            self._lists.append(_List(attributes) if name == "ol" else _List())
        elif name == "li":
            self._append(self._lists[-1].mark(attributes) if self._lists else POINT)
            self._marked = True
        elif name == "hr":
            self._append(RULE)
            self._broken = True

    def _append(self, words: str) -> None:
        if self._broken and self._line and self._line[-1] != "\t" and not self._marked:
            self._end_line()
        self._broken = self._marked = False
        self._line.append(words if self._line or self._verbatim else words.lstrip(" "))

    def _flush(self) -> None:
        if self._line:
            self._end_line()

    def _end_line(self) -> None:
        line = "".join(self._line).replace("\xa0", " ").rstrip()
        self._lines.append("> " * min(self._depth, DEEPEST_QUOTE) + line)
        self._line, self._broken, self._marked = [], False, False


class _List:
    """A list with its points, or the numbers that its items are shown with."""

    def __init__(self, attributes: str | None = None) -> None:
        self._numbered = attributes is not None and not UNMARKED.search(attributes)
        self._lettered = LETTERED.search(attributes or "")
        starts = COUNTS_FROM.search(attributes or "")
        self._next = int(starts[1]) if starts else 1

    def mark(self, attributes: str) -> str:
        """What stands in front of its next item."""
        if not self._numbered:
            return POINT
        given = COUNTS_FROM.search(attributes)
        number = int(given[1]) if given else self._next
        self._next = number + 1
        letter = chr(ord(self._lettered[1]) + number - 1) if self._lettered and 1 <= number <= LETTERS else ""
        return f"{letter or number}. "


def entered(attributes: str) -> str:
    """What an `<input>` shows: a tick box with its mark, the words typed into a line, else nothing."""
    if TICK_BOX.search(attributes):
        return TICKED if CHECKED.search(attributes) else EMPTY
    typed = TYPED.search(attributes) if TEXT_BOX.search(attributes) else None
    return unescaped(typed[1] or typed[2] or typed[3] or "") if typed else ""


def hides(attributes: str) -> bool:
    """True for the attributes of an element that no reader sees."""
    folded = attributes.lower()
    if not any(word in folded for word in HIDING_WORDS):
        return False
    if HIDING_STYLE.search(folded):
        return True
    return "hidden" in folded and HIDDEN_ATTRIBUTE.search(QUOTED_VALUE.sub("", folded)) is not None


def unescaped(text: str) -> str:
    """Words of an HTML source without its entities; one that stands for nothing stays as it is."""
    try:
        return unescape(text) if "&" in text else text
    except ValueError:  # a character number of more than 4,300 digits
        return text
