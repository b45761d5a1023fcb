"""Reading HTML as a browser would, to see what really is in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

ACTIVE = frozenset({"script", "iframe", "object", "embed", "form", "input", "svg", "math", "base", "template", "video"})
ADDRESSES = frozenset({"src", "href", "action", "data", "poster", "srcset", "srcdoc", "background"})


@dataclass(slots=True)
class Found:
    """Everything of a document that could act, lead somewhere or be read."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""

    @property
    def links(self) -> list[str]:
        """Every address that the document names."""
        return [value for _, name, value in self.attributes if name in ADDRESSES]

    @property
    def acts(self) -> list[str]:
        """Whatever could run."""
        events = [f"{tag} {name}" for tag, name, _ in self.attributes if name.startswith("on")]
        schemes = [
            link for link in self.links if link.strip().lower().startswith(("javascript:", "vbscript:", "data:text"))
        ]
        return [tag for tag in self.tags if tag in ACTIVE] + events + schemes


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Found()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.tags.append(tag)
        self.found.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.found.text += data


def parsed(html: str) -> Found:
    """What an HTML document holds."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found
