"""The whole posting in a real browser: every type of page, every width, light and dark, with scripts and without.

Its one rule: the site is the one that `publish` writes; where a new type of page comes, it is tried here unasked.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

import feedparser
import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it brings no types
from playwright.sync_api import Browser, BrowserContext, Page, Route

from bot.posting.withhold import withhold
from tests.browser import Watch
from tests.posting.markup import parsed
from tests.posting.payloads import ALL, JOINED
from tests.posting.stories import LIVED, LONG, MOVED, ROWS, numbers

Scheme = Literal["light", "dark"]
WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
NAMED = tuple(f"cr/{number}.html" for number in (LIVED, LONG, ROWS, MOVED))
PRINTED = {"register.html", "index.html", f"cr/{LIVED}.html"}
ADDRESS = "https://cmp.meridell.example/"
LIGHTEST = 60_000  # bytes of a CR's page with all that it loads
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
AXES: tuple[tuple[int, Scheme], ...] = ((360, "light"), (1280, "dark"))
ALIKE = ("phase/", "year/", "lists/", "register/")  # folders whose pages are made as those of company/ are
SMALLEST_OUTLINE = 2  # px
OWN = {"abbr", "abbr title", "span", "span class", "select class", "p hidden", "th aria-sort", "table aria-busy"}
"""What the register's script may add."""
KEPT = ("q", "state", "phase", "company", "area", "product", "crpm", "sort")
ROOMY = 240  # px that a title has at least on a printed agenda, of 720
LEAST = 8  # places of its page on which a hostile text stands

# Every pair of an element and one of its attributes, and every scheme that something leads to.
PAIRS = """() => [...new Set([...document.querySelectorAll('*')].flatMap(element => [element.localName,
    ...[...element.attributes].map(each => element.localName + ' ' + each.name)]))]"""
PROTOCOLS = """() => [...new Set([...document.querySelectorAll('[href],[src]')].map(
    each => new URL(each.getAttribute('href') ?? each.getAttribute('src'), document.baseURI).protocol))]"""
FOCUSED = """() => { const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return [at.outerHTML.slice(0, 100), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) || 0,
            box.bottom > 0 && box.top < innerHeight && box.right > 0, at === document.body]; }"""


@cache
def pages(root: Path) -> tuple[str, ...]:
    """Every page of a site, by its path."""
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.html")))


@cache
def kinds(root: Path) -> tuple[str, ...]:
    """One page of every type: all of the root, the largest of each folder, and what is named."""
    folders: dict[str, list[str]] = {}
    for path in pages(root):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    top = folders.pop("", [])
    largest = [max(found, key=lambda path: (root / path).stat().st_size) for found in folders.values()]
    return tuple(sorted({*top, *largest, *(path for path in NAMED if (root / path).exists())}))


def opened(browser: Browser, **settings: Any) -> tuple[BrowserContext, Page, Watch]:
    """A fresh page, watched: its policy's refusals count as errors."""
    context = browser.new_context(**settings)
    watch = Watch()
    page = watch.over(context.new_page())
    return context, page, watch


def foreign(watch: Watch) -> list[str]:
    """What was asked of others."""
    return [url for url in watch.requests if not url.startswith(("file:", "data:"))]


def wide(page: Page) -> int:
    """How wide the page is, in CSS pixels; works without scripts."""
    session = page.context.new_cdp_session(page)
    size = session.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
    session.detach()
    return int(size)


def shown(page: Page) -> Iterator[str]:
    """The page at every width, light and dark."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield f"at {width}, {scheme}"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_page_is_calm(browser: Browser, site: Path, empty: Path, scripts: bool) -> None:
    """At every width, light and dark: no error on the console, nothing refused by the policy, nothing asked of
    others, no way to scroll sideways."""
    context, page, watch = opened(browser, java_script_enabled=scripts)
    for root in (site, empty):
        for path in kinds(root):
            page.goto((root / path).as_uri())
            for how in shown(page):
                assert wide(page) <= page.viewport_size["width"], f"{path} {how}"  # type: ignore[index]  # it was set
            assert watch.errors == [], path
            assert foreign(watch) == [], path
    context.close()


def test_axe_finds_nothing(browser: Browser, small: Path, empty: Path) -> None:
    """WCAG 2.2 A and AA, and good practice: target sizes, contrast, names, landmarks, tables; in the light on a
    phone, and in the dark at a desk."""
    context, page, _ = opened(browser, bypass_csp=True, reduced_motion="reduce")
    axe, found = Axe(), []
    for root in (small, empty):
        for path in (path for path in kinds(root) if not path.startswith(ALIKE)):
            page.goto((root / path).as_uri())
            for width, scheme in AXES:
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme=scheme)
                result = axe.run(page, options=RULES).response
                told = [(each["id"], each["nodes"][0]["html"][:200]) for each in result["violations"]]
                found += [(path, width, scheme, *each) for each in told]
    context.close()
    assert found == []


def test_whatever_takes_the_focus_shows_it(browser: Browser, site: Path) -> None:
    """The Tab key goes from the skip link on, and each stop has an outline and can be seen."""
    context, page, _ = opened(browser, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    for path in (path for path in kinds(site) if not path.startswith(ALIKE)):
        page.goto((site / path).as_uri())
        for stop in range(30):
            page.keyboard.press("Tab")
            what, outline, seen, none = page.evaluate(FOCUSED)
            if none:
                assert stop > 5, path
                break
            assert outline >= SMALLEST_OUTLINE, f"{path}: {what}"
            assert seen, f"{path}: {what}"
            assert stop or 'class="skip"' in what
    context.close()


def test_every_page_is_html(site: Path, empty: Path) -> None:
    """The strict parser of html5lib finds no error on any page."""
    for root in (site, empty):
        for path in {*kinds(root)}:
            valid(root / path)


def valid(page: Path) -> None:
    """Raise where a page is not HTML as it should be."""
    parser = html5lib.HTMLParser()
    parser.parse(page.read_text(encoding="utf-8"))
    told = [(at, code, what) for at, code, what in parser.errors if code != "invalid-codepoint"]
    assert told == [], f"{page.name}: {told[:3]}"


def test_every_link_leads_somewhere(site: Path, empty: Path) -> None:
    """Each link within the site names a file that is there, and an anchor that is in it."""
    for root in (site, empty):
        found = {path: parsed((root / path).read_text(encoding="utf-8")) for path in pages(root)}
        anchors = {
            path: {value for _, name, value in each.attributes if name == "id"} | {""} for path, each in found.items()
        }
        for path, each in found.items():
            for link in each.links:
                parts = urlsplit(link)
                if parts.scheme in {"mailto", "data"}:
                    continue
                assert not parts.scheme, f"{path}: {link}"
                target = ((root / path).parent / unquote(parts.path)).resolve() if parts.path else root / path
                assert target.is_file(), f"{path}: {link}"
                if target.suffix == ".html" and "=" not in parts.fragment:  # what the register is asked for is no place
                    assert unquote(parts.fragment) in anchors[target.relative_to(root).as_posix()], f"{path}: {link}"


def test_every_entry_of_a_feed_leads_to_its_row(site: Path) -> None:
    """The page of its change request has a row of that name, with those words."""
    for feed in ("feed.atom", f"cr/{LIVED}.atom", f"cr/{ROWS}.atom"):
        for entry in feedparser.parse((site / feed).read_bytes()).entries:
            page, _, row = entry.link.removeprefix(ADDRESS).partition("#")
            written = (site / page).read_text(encoding="utf-8")
            told = parsed(written.partition(f'<tr role="row" id="{row}">')[2].partition("</tr>")[0]).text
            assert " ".join(entry.summary.partition("\n")[0].split()) in " ".join(told.split()), entry.link


def test_no_id_stands_twice(site: Path) -> None:
    """An anchor is one place."""
    for path in kinds(site):
        ids = [value for _, name, value in parsed((site / path).read_text(encoding="utf-8")).attributes if name == "id"]
        assert len(ids) == len(set(ids)), path


def test_the_page_of_a_change_request_is_light(browser: Browser, site: Path) -> None:
    """With its style sheet and its scripts it stays under 60 kB as it lies on the disk; no font is loaded."""
    context, page, watch = opened(browser)
    page.goto((site / f"cr/{LIVED}.html").as_uri(), wait_until="networkidle")
    files = {Path(unquote(urlsplit(url).path)) for url in watch.requests if url.startswith("file:")}
    context.close()
    assert {file.suffix for file in files} <= {".html", ".css", ".js"}
    assert sum(file.stat().st_size for file in files) < LIGHTEST, {file.name: file.stat().st_size for file in files}
    assert b"@font-face" not in (site / "site.css").read_bytes()


def test_every_page_prints(browser: Browser, site: Path) -> None:
    """On paper stands what is read, and none of what is pressed; nothing is cut off at the side. What people take to
    a meeting, or file, says where it lies, and has the whole text of a response."""
    context, page, _ = opened(browser, viewport={"width": 720, "height": 1000}, color_scheme="dark")
    for path in kinds(site):
        page.goto((site / path).as_uri())
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("nav.ways").is_hidden(), path
        assert not any(each.is_visible() for each in page.locator(".acts, .links, .finder").all()), path
        if path.startswith(("cr/", "meetings/")):
            assert page.locator(".printed").inner_text() == f"This page: {ADDRESS}{path}"
            assert page.locator(".printed").is_visible()
            assert all(each.is_visible() for each in page.locator(".issued details .words").all()), path
            titles = (each.bounding_box() for each in page.locator(".agenda td:has(.name)").all())
            assert all(box and box["width"] > ROOMY for box in titles), path
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
            "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"
        }, path  # fmt: skip
        assert wide(page) <= 720, path  # which ends the emulation
        assert not any(each.is_visible() for each in page.locator(".printed").all()), path
        if path in PRINTED:
            assert page.pdf(format="Letter").startswith(b"%PDF"), path
    context.close()


def test_the_policy_holds_where_nothing_else_would(browser: Browser, site: Path, tmp_path: Path) -> None:
    """A page into which all of it had got as markup runs none of it and asks nobody; nothing on the page moves."""
    page_text = (site / "about.html").read_text(encoding="utf-8")
    forged = tmp_path / "forged.html"
    body = '<p id="moved" style="position:fixed">x</p>' + "\n".join(text for text in ALL if "refresh" not in text)
    forged.write_text(page_text.replace("<h1>", f"{body}<h1>", 1), encoding="utf-8")
    context, page, watch = opened(browser)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route(re.compile("^https?:"), refuse)
    page.goto(forged.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('#moved')).position") == "static"
    assert [error for error in watch.errors if "dialog" in error] == []
    assert asked == []
    assert any("Content Security Policy" in error for error in watch.errors)
    context.close()


def test_nothing_hostile_lives_on_a_page(browser: Browser, site: Path, hostile: Path) -> None:
    """Two hundred texts in every field, and the policy out of the way: no script of theirs runs, nothing is asked
    of others, and no element and no attribute is there that a harmless page has not."""
    context, page, watch = opened(browser, bypass_csp=True)
    context.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
    known: set[str] = set()
    for path in kinds(site):
        page.goto((site / path).as_uri())
        known.update(page.evaluate(PAIRS))
    for path in attacked(hostile):
        page.goto((hostile / path).as_uri())
        assert set(page.evaluate(PAIRS)) <= known, path
        assert set(page.evaluate(PROTOCOLS)) <= {"file:", "mailto:", "data:"}, path
        assert watch.errors == [], path
        assert foreign(watch) == [], path
    context.close()


def attacked(root: Path) -> tuple[str, ...]:
    """The pages of the change requests that have all texts between them, and one page of each type."""
    return tuple(sorted({*kinds(root), *(f"cr/{number}.html" for number in numbers(len(ALL), len(JOINED)))}))


def test_nothing_hostile_lives_in_the_address_of_the_register(browser: Browser, hostile: Path) -> None:
    """The state of the filters stands in the address, which anybody may mail: each text in each of its places, on a
    register of hostile lines, runs nothing and adds no element that the register has not."""
    context, page, watch = opened(browser, bypass_csp=True)
    page.goto((hostile / "register.html").as_uri())
    page.wait_for_function("document.querySelector('#company').options.length > 1")
    known = set(page.evaluate(PAIRS)) | OWN
    for text in ALL:
        word = quote(text, safe="")
        page.evaluate("hash => { location.hash = hash; }", "&".join(f"{key}={word}" for key in KEPT))
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        assert set(page.evaluate(PAIRS)) <= known, text
    assert watch.errors == []
    assert foreign(watch) == []
    context.close()


def test_hostile_pages_are_html_too(hostile: Path) -> None:
    """Nothing that people write breaks the grammar of a page."""
    for path in attacked(hostile):
        valid(hostile / path)


def test_hostile_words_stay_words(site: Path, hostile: Path) -> None:
    """Read as a browser without scripts reads them, all pages together hold no element and no attribute but those
    of harmless ones, and lead to no stranger."""
    known = shapes(site, pages(site))
    for path in pages(hostile):
        assert shapes(hostile, (path,)) <= known, path
        links = parsed((hostile / path).read_text(encoding="utf-8")).links
        assert [link for link in links if "evil.example" in link.partition("?")[0]] == [], path


def test_hostile_words_can_be_read(hostile: Path) -> None:
    """Each text stands on its page for all to read, but for what nobody may see: it was tried, not left out."""
    for number, text in zip(numbers(0, len(ALL)), ALL, strict=True):
        page = parsed((hostile / f"cr/{number}.html").read_text(encoding="utf-8")).text
        assert " ".join(page.split()).count(" ".join(withhold(text).split())) > LEAST, text


def shapes(root: Path, paths: tuple[str, ...]) -> set[tuple[str, str]]:
    """The elements of some pages, each with each of its attributes."""
    found = [parsed((root / path).read_text(encoding="utf-8")) for path in paths]
    pairs = {(tag, name) for each in found for tag, name, _ in each.attributes}
    return pairs | {(tag, "") for each in found for tag in each.tags}
