"""How mail programs lay out a reply, in text and HTML. Its one rule: one function a program, and the marks, tags and
line breaks are those of the program."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape

from tests.mail.replies.languages import ADDRESS, WHO
from tests.mail.replies.pieces import Bodies, Scene, divs, hard, in_cites, linked, marked, office, page, with_marks

Program = Callable[[Scene], Bodies]

ADDRESSED = re.compile(r"([\w.]+@[\w.]+\w)")


def gmail(scene: Scene) -> Bodies:
    """Gmail in the browser: marks in the text, a blockquote in the HTML."""
    attribution = scene.words.gmail
    own = replace(scene, own=hard(scene.own)) if scene.layout == "top" else scene
    head = f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{linked(attribution)}<br></div>'
    start = '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
    return Bodies(
        with_marks(own, hard(attribution), hard(scene.older.text, 74)),
        in_cites(scene, head, start, lambda words: f'<div dir="ltr">{divs(words)}</div>'),
    )


def gmail_signed(scene: Scene) -> Bodies:
    """Gmail with a signature of its own, which it sets behind two dashes."""
    bare = gmail(replace(scene, signature=""))
    own = f'<div dir="ltr">{divs(scene.own)}</div>'
    mark = '<span class="gmail_signature_prefix">-- </span><br>'
    sign = f'{mark}<div dir="ltr" class="gmail_signature">{divs(scene.signature)}</div>'
    words = hard(scene.own)
    text = bare.text.replace(words, f"{words}\n\n-- \n{scene.signature}", 1)
    return Bodies(text, bare.html.replace(own, own + sign, 1))


def outlook(scene: Scene) -> Bodies:
    """Outlook on Windows: a header block, nothing marked; in the text every address names its link."""
    block = scene.block(scene.labels(address=f" <{ADDRESS}<mailto:{ADDRESS}>>"))
    own = ADDRESSED.sub(r"\1<mailto:\1>", scene.signed)
    head = "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal>"
    labels = f"{head}{scene.bold_block(scene.labels())}<o:p></o:p></p></div></div>"
    html = f"{office(scene.signed)}{office('')}{labels}{office('')}{scene.quoted}"
    return Bodies(f"{own}\n\n{block}\n\n{scene.older.text}\n", page(f"<div class=WordSection1>{html}</div>"))


def outlook_bold(scene: Scene) -> Bodies:
    """The same, its bold labels marked in the text by whatever made text of it."""
    block = scene.block(scene.labels(), "*")
    return Bodies(f"{scene.signed}\n\n\n\n{block}\n\n\n\n{scene.older.text}\n", outlook(scene).html)


def outlook_plain(scene: Scene) -> Bodies:
    """Outlook that writes plain text only, with dashes above the block."""
    block = scene.block(scene.labels(address=f" [mailto:{ADDRESS}]"))
    return Bodies(hard(f"{scene.signed}\n\n-----{scene.words.original}-----\n{block}\n\n{scene.older.text}\n"), "")


def outlook_web(scene: Scene) -> Bodies:
    """Outlook in the browser: a rule above the header block."""
    rows = scene.labels()
    rule = '<hr tabindex="-1" style="display:inline-block; width:98%">'
    font = '<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
    block = f'<div id="divRplyFwdMsg" dir="ltr">{font}{scene.bold_block(rows)}</font><div>&nbsp;</div></div>'
    html = f'{divs(scene.signed)}<div id="appendonsend"></div>{rule}{block}<div>{scene.quoted}</div>'
    return Bodies(f"{scene.signed}\n\n{'_' * 32}\n{scene.block(rows)}\n\n{scene.older.text}\n", page(html))


def outlook_app(scene: Scene) -> Bodies:
    """Outlook on a telephone: an advertisement of itself, then the same."""
    advert = scene.words.outlook_app
    bare = outlook_web(replace(scene, own=f"{scene.signed}\n\n{advert}", signature=""))
    text = bare.text.replace(advert, f"{advert}<https://aka.ms/o0ukef>", 1)
    return Bodies(text, bare.html.replace(advert, f'<a href="https://aka.ms/o0ukef">{advert}</a>', 1))


def outlook_mac(scene: Scene) -> Bodies:
    """Outlook on the Macintosh: `Date` in place of `Sent`."""
    rows = scene.labels(date=True)
    head = '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class=MsoNormal>'
    html = f"{office(scene.signed)}{head}{scene.bold_block(rows)}</p></div>{scene.quoted}"
    return Bodies(f"{scene.signed}\n\n{scene.block(rows)}\n\n{scene.older.text}\n", page(html))


def apple(scene: Scene) -> Bodies:
    """Apple Mail: on top of a quotation the attribution stands within its marks."""
    attribution = scene.words.apple
    text = f"{scene.signed}\n\n" + marked(f"{attribution}\n\n{scene.older.text}") + "\n"
    if scene.layout != "top":
        text = with_marks(scene, attribution, scene.older.text)
    line_break = '<br class="Apple-interchange-newline">'
    head = f'<div><blockquote type="cite"><div>{linked(attribution)}</div>{line_break}</blockquote></div>'
    return Bodies(text, page(in_cites(scene, head, '<blockquote type="cite">', divs)))


def iphone(scene: Scene) -> Bodies:
    """The telephone of the same maker: its line below the words, an unseen mark at the start of the quotation."""
    attribution, line = scene.words.apple, scene.words.iphone
    text = f"{scene.signed}\n\n{line}\n\n" + marked(f"{attribution}\n\n\ufeff{scene.older.text}") + "\n"
    own = f'<div dir="ltr">{divs(scene.signed)}</div><div dir="ltr"><br>{line}</div>'
    said = f'<div dir="ltr"><br><blockquote type="cite">{linked(attribution)}<br><br></blockquote></div>'
    html = f'{own}{said}<blockquote type="cite"><div dir="ltr">\ufeff{scene.quoted}</div></blockquote>'
    return Bodies(text, page(html))


def thunderbird(scene: Scene) -> Bodies:
    """Thunderbird: no blank line between attribution and quotation."""
    attribution = scene.words.thunderbird
    text = with_marks(scene, attribution, hard(scene.older.text, 72)).replace(
        f"{attribution}\n\n>", f"{attribution}\n>"
    )
    head = f'<div class="moz-cite-prefix">{escape(attribution)}<br></div>'
    start = '<blockquote type="cite" cite="mid:1@meridell.example">'
    html = in_cites(scene, head, start, lambda words: f"<p>{escape(words).replace(chr(10), '<br>')}</p>")
    return Bodies(text, page(html))


def yahoo(scene: Scene) -> Bodies:
    """Yahoo: nothing is marked in the text, only indented."""
    attribution = scene.words.yahoo
    quoted = "\n".join(f" {line}" for line in scene.older.text.split("\n"))
    said = f"<div>{linked(attribution)}</div><div><br></div><div>{scene.quoted}</div>"
    own = f'<div class="yahoo-style-wrap">{divs(scene.signed)}</div>'
    html = f'{own}<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{said}</div></div>'
    return Bodies(f"{scene.signed}\n\n    {attribution}  \n \n {quoted}\n", page(html))


def galaxy(scene: Scene) -> Bodies:
    """The mail program of a Samsung telephone."""
    block, advert = scene.block(scene.labels(date=True)), scene.words.galaxy
    line = f"-------- {scene.words.original} --------"
    sign = f'<div id="composer_signature"><div style="font-size:12px;color:#575757">{advert}</div></div>'
    older = f'<div style="font-size:100%"><!-- originalMessage --><div>{line}</div>{divs(block)}<div><br></div></div>'
    html = f'<div dir="auto">{divs(scene.signed)}</div><div><br></div>{sign}<div><br></div>{older}{scene.quoted}'
    return Bodies(f"{scene.signed}\n\n\n{advert}\n\n\n{line}\n{block}\n\n{scene.older.text}\n", page(html))


def blackberry(scene: Scene) -> Bodies:
    """A BlackBerry: its line, then the block, in HTML a table."""
    rows = scene.labels()
    line = "Sent from my BlackBerry 10 smartphone on the Verizon Wireless 4G LTE network."
    labels = "".join(f"<div><b>{label}{scene.words.colon} </b>{linked(value)}</div>" for label, value in rows)
    cell = f'<td colspan="2"><div style="border-style:solid none none">{labels}</div></td>'
    own = f'<div style="width:100%">{divs(scene.signed)}</div><div><br></div><div>{line}</div>'
    html = f'{own}<table width="100%"><tbody><tr>{cell}</tr></tbody></table>{scene.quoted}'
    return Bodies(f"{scene.signed}\n\n{line}\n{scene.block(rows)}\n\n\n{scene.older.text}\n", page(html))


def notes(scene: Scene) -> Bodies:
    """Lotus Notes: labels with tabs."""
    rows, colon, face = scene.labels(date=True), scene.words.colon, 'face="sans-serif"'
    block = "\n".join(f"{label}{colon}\t{value}" for label, value in rows)
    cells = "<br>".join(
        f"<font color=#5f5f5f {face}>{label}{colon} &nbsp; &nbsp; </font><font size=1 {face}>{linked(value)}</font>"
        for label, value in rows
    )
    lines = scene.signed.split("\n")
    own = "<br>\n".join(f"<font size=2 {face}>{escape(line, quote=False)}</font>" for line in lines)
    html = f"{own}<br><br><br>{cells}<br><hr noshade><br>{scene.quoted}"
    return Bodies(f"{scene.signed}\n\n\n\n{block}\n\n\n\n{scene.older.text}\n", html)


def notes_wrote(scene: Scene) -> Bodies:
    """Lotus Notes that writes to the internet: one line, then marks."""
    return Bodies(with_marks(scene, hard(scene.words.notes), hard(scene.older.text, 70)), "")


COLUMNS = f"""\
                      Meridell CMP
                      <{ADDRESS}         To:       Ruth Calloway/Meridell
                      >                               cc:
                      11/24/2026 09:15 AM             Subject:  [PC112226-1] Your part"""


def notes_columns(scene: Scene) -> Bodies:
    """Old Lotus Notes: the header of the older mail in columns."""
    return Bodies(f"{hard(scene.signed)}\n\n\n\n\n{COLUMNS}\n\n\n\n{hard(scene.older.text)}\n", "")


def roundcube(scene: Scene) -> Bodies:
    """Roundcube."""
    attribution = scene.words.roundcube
    text = with_marks(scene, attribution, hard(scene.older.text, 72)).replace(
        f"{attribution}\n\n>", f"{attribution}\n>"
    )
    head = f'<p id="reply-intro">{escape(attribution)}</p>'
    start = '<blockquote type="cite" style="padding:0 0.4em;border-left:#1010ff 2px solid;margin:0">'
    return Bodies(text, page(in_cites(scene, head, start, divs)))


def zimbra(scene: Scene) -> Bodies:
    """Zimbra: a line of dashes, then labels in an order of its own."""
    sender, sent, to, subject = scene.labels()
    rows = [(sender[0], f'"{WHO}" <{ADDRESS}>'), to, sent, subject]
    block = f"----- {scene.words.original} -----\n{scene.block(rows)}"
    quote = '<blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px">'
    head = (
        f'<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{quote}{scene.bold_block(rows)}<br>'
    )
    older = f'<div data-marker="__QUOTED_TEXT__">{quote}{scene.quoted}</blockquote></div>'
    html = f'<div style="font-family:arial">{divs(scene.signed)}{head}</blockquote></div>{older}</div>'
    return Bodies(f"{scene.signed}\n\n{block}\n\n{scene.older.text}\n", page(html))


def bare_marks(scene: Scene) -> Bodies:
    """A plain program that quotes with marks and says nothing about it."""
    return Bodies(with_marks(scene, "", hard(scene.older.text, 70)).lstrip("\n"), "")
