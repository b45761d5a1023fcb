"""The pictures of the README, taken from the invented change requests of the tests.

`python -m tests.pictures` writes docs/pictures/; nothing else uses this module.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.edge.site import Site
from bot.mail.letter import Enclosure, Kind
from tests.browser import chromium
from tests.edge.test_templates import WORDS, site_of
from tests.posting.samples import advanced, contexts, letter, record, register

FOLDER = Path(__file__).parent.parent / "docs/pictures"
SIZES = {"desk": (1280, 960), "phone": (360, 760)}
ACKNOWLEDGEMENT = "acknowledgement.html"
SHOTS = {"register": "index.html", "cr-page": "cr/PC112226-1.html", "acknowledgement": ACKNOWLEDGEMENT}


def main() -> None:
    """Render everything into a folder of its own, look at it and keep the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        root = Path(folder)
        Site(root).write(site_of((*register(11), record(), advanced())))
        with_file = (Enclosure("PC112226-1 CR form.docx", "application/octet-stream", b""),)
        owed = replace(letter(Kind.ACKNOWLEDGEMENT, contexts()[Kind.ACKNOWLEDGEMENT]), enclosures=with_file)
        (root / ACKNOWLEDGEMENT).write_text(WORDS.letter(owed).html, encoding="utf-8")
        for size, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            for name, path in SHOTS.items():
                page.goto((root / path).as_uri())
                page.screenshot(path=FOLDER / f"{name}-{size}.png")
            page.close()


if __name__ == "__main__":
    main()
