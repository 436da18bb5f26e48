"""One self-contained HTML page: prints well, loads nothing, and runs only the script that copies a value."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from typing import Final

from omtui.plain_text import plain, plain_lines

_STYLE: Final = """
:root{--ink:#1c2430;--pale:#5a6675;--line:#d5dbe3;--good:#1f7a3f;--warn:#8a5a00;--bad:#b3261e;--back:#fff;--box:#f5f7fa;
--mark:#fff2c4}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--pale:#9aa6b5;--line:#3a4552;--good:#6fd08f;--warn:#e5b45c;
--bad:#ff8a80;--back:#14181e;--box:#1c222a;--mark:#4a3f16}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);margin:2rem auto;max-width:75rem;
padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.2rem 0 .4rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:0 0 .3rem}h4{font-size:.95rem;margin:.8rem 0 .2rem}p{margin:.3rem 0}
.pale{color:var(--pale)}table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line);
overflow-wrap:break-word;white-space:pre-line}
th{font-weight:600;white-space:nowrap}.short{white-space:pre;overflow-wrap:normal}
code{font:13px/1.4 ui-monospace,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
section{background:var(--box);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem;margin:.7rem 0;
break-inside:avoid-page}
ol,ul{margin:.3rem 0;padding-left:1.6rem}li{margin:.15rem 0}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.2rem 1rem;margin:.4rem 0}
dt{color:var(--pale)}dd{margin:0;overflow-wrap:anywhere}
button{font:12px system-ui,sans-serif;margin-left:.5rem;padding:0 .45rem;border-radius:.3rem;
border:1px solid var(--line);background:var(--back);color:var(--ink);cursor:pointer}
.done{color:var(--good)}.changed{color:var(--warn)}.harm{color:var(--bad)}.same{color:var(--good)}
.other{color:var(--warn)}.missing{color:var(--bad)}
mark{background:var(--mark);color:inherit}
.sign{margin:.6rem 0 0;color:var(--pale)}
.sign b{display:inline-block;min-width:11rem;border-bottom:1px solid var(--pale)}
nav a{margin-right:1rem}
@media print{:root{--ink:#000;--pale:#444;--line:#bbb;--back:#fff;--box:#fff}
@page{margin:14mm}
body{margin:0;padding:0;max-width:none;font-size:10pt;line-height:1.4}
section{padding:.4rem .6rem;margin:.5rem 0}h2{margin-top:1.4rem}
button,nav,.search{display:none}h2{break-after:avoid}a{color:inherit;text-decoration:none}}
"""

_SCRIPT: Final = """
document.addEventListener("click",function(event){var button=event.target.closest("button[data-copy]");
if(!button)return;
var value=button.previousElementSibling;var text=value.textContent;var said=function(word){button.textContent=word;
setTimeout(function(){button.textContent="copy"},1200)};var old=function(){var range=document.createRange();
range.selectNodeContents(value);var chosen=getSelection();chosen.removeAllRanges();chosen.addRange(range);
said(document.execCommand("copy")?"copied":"press Ctrl+C")};
if(navigator.clipboard&&isSecureContext){navigator.clipboard.writeText(text).then(function(){said("copied")},old)}
else{old()}});
"""


_WIDE: Final = "body{max-width:100rem}@media print{@page{size:landscape;margin:12mm}body{font-size:9pt}}"


def page(title: str, body: Iterable[str], *, script: bool = False, wide: bool = False) -> str:
    """A whole page. The body is HTML that was made with the functions of this module. `wide` suits tables."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src 'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{shown(title)}</title><style>{_STYLE}{_WIDE if wide else ''}</style>",
        "<noscript><style>button{display:none}</style></noscript>" if script else "",
        "</head><body>",
        *body,
        f"<script>{_SCRIPT}</script>" if script else "",
        "</body></html>",
        "",
    ]
    return "\n".join(part for part in parts if part or part == parts[-1])


def shown(value: object) -> str:
    """A text as HTML: harmless, on one line."""
    return escape(plain(value), quote=True)


def shown_lines(value: object) -> str:
    """A text as HTML whose lines stay."""
    return escape(plain_lines(value), quote=True)


def copied(value: str) -> str:
    """A value with a button that copies it."""
    return f'<code>{shown_lines(value)}</code><button type="button" data-copy>copy</button>'


def anchor(name: str) -> str:
    """A text as the name of a place in the page."""
    return "s-" + "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
