"""The pictures of the README, taken from the invented change requests of the tests, and of the forms
as LibreOffice prints them.

`python -m tests.pictures` writes docs/pictures/; nothing else uses this module.
"""

import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.intake.paper.blank import blank
from bot.mail.letter import Enclosure, Kind
from tests.browser import chromium
from tests.edge.test_templates import WORDS
from tests.intake.paper.test_blank import FULL, HOUSE, PROBLEMS
from tests.libreoffice import LibreOffice
from tests.posting.samples import TABLE, contexts, letter
from tests.posting.stocked import published
from tests.posting.stories import MOVED, ordinary

FOLDER = Path(__file__).parent.parent / "docs/pictures"
SIZES = {"desk": (1280, 960), "phone": (360, 760)}
ACKNOWLEDGEMENT = "acknowledgement.html"
SHOTS = {
    "home": "index.html",
    "register": "register.html",
    "cr-page": f"cr/{MOVED}.html",
    "forms": "forms.html",
    "acknowledgement": ACKNOWLEDGEMENT,
}
DOTS = 80  # an inch of a printed form


def main() -> None:
    """Render everything into a folder of its own, look at it and keep the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        root = published(Path(folder), ordinary(24, odd=False))
        with_file = (Enclosure("PC112226-1 CR form.docx", "application/octet-stream", b""),)
        owed = replace(letter(Kind.ACKNOWLEDGEMENT, contexts()[Kind.ACKNOWLEDGEMENT]), enclosures=with_file)
        (root / ACKNOWLEDGEMENT).write_text(WORDS.letter(owed).html, encoding="utf-8")
        for size, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            for name, path in SHOTS.items():
                page.goto((root / path).as_uri())
                page.screenshot(path=FOLDER / f"{name}-{size}.png")
            page.close()
        forms(LibreOffice(Path(folder)))


def forms(office: LibreOffice) -> None:
    """Print the forms, blank and sent back for a correction, and keep a picture of each first page."""
    wrong = {key: value for key, value in FULL.items() if key != "originator_phone"} | {
        "title": "DSL",
        "internal_ref": "ST-7",
    }
    for shape, program in (("docx", "word"), ("xlsx", "excel")):
        made = {
            "blank": blank(TABLE, shape, house=HOUSE),
            "corrected": blank(TABLE, shape, wrong, PROBLEMS[:2], "", HOUSE),
        }
        for name, content in made.items():
            sheet = office.folder / "sheet.pdf"
            sheet.write_bytes(office.saved_as("pdf", content, shape))
            picture = FOLDER / f"form-{program}-{name}"
            subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", str(DOTS), str(sheet), str(picture)], check=True)


if __name__ == "__main__":
    main()
