"""A document as one self-contained HTML page: it prints well, loads nothing, and runs only the script that copies."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from omtui.documents.model import (
    Bars,
    Box,
    Bullets,
    Cell,
    Contents,
    DocumentTable,
    FactList,
    Line,
    Paragraph,
    Part,
    ReportDocument,
    Section,
    Signature,
    StyledText,
    Text,
    text_of,
)
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
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
mark{background:var(--mark);color:inherit}
.sign{margin:.6rem 0 0;color:var(--pale)}
.sign b{display:inline-block;min-width:11rem;border-bottom:1px solid var(--pale)}
.bar{display:flex;height:.7rem;border-radius:.2rem;overflow:hidden;margin:.4rem 0;background:var(--line)}
.bar i{background:#7a8ea8}.bar i:nth-child(2){background:#3f7fbf}.bar i:nth-child(3){background:#8a6fc0}
.bar i:nth-child(4){background:#3f9f7f}.bar i:nth-child(5){background:#bf8f3f}
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

_SHORT = 14
"""Columns whose cells are no longer than this are never broken."""

_BREAKS = re.compile(r"(?<=\w[._/@:\[\-])(?=\w)")
"""Where names and addresses in a table may be broken: at their dots and hyphens."""


def to_html(document: ReportDocument) -> str:
    """The whole page. It has the script only where there is something to copy."""
    body = list(_blocks((*document.parts, *document.end), document))
    has_script = any("data-copy" in block for block in body)
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    if has_script:
        policy += f"; script-src 'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_shown(document.title)}</title><style>{_STYLE}{_WIDE if document.is_wide else ''}</style>",
        "<noscript><style>button{display:none}</style></noscript>" if has_script else "",
        "</head><body>",
        f"<h1>{_shown(document.title)}</h1>",
        *body,
        f"<script>{_SCRIPT}</script>" if has_script else "",
        "</body></html>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _shown(value: str) -> str:
    return escape(plain(value), quote=True)


def _shown_lines(value: str) -> str:
    return escape(plain_lines(value), quote=True)


def _blocks(parts: Iterable[Part], document: ReportDocument) -> Iterator[str]:
    for part in parts:
        match part:
            case Section(title, inner, level=2):
                yield f'<h2 id="{_anchor(title)}">{_shown(title)}</h2>'
                yield from _blocks(inner, document)
            case Section(title, inner, _, subtitle, box, style):
                yield f"<section><h3{_class(style)}>{_boxed(box, _shown(title))}</h3>"
                if subtitle:
                    yield f'<p class="pale">{_shown(subtitle)}</p>'
                yield from _blocks(inner, document)
                yield "</section>"
            case Paragraph(line, style):
                yield f"<p{_class(style)}>{_line(line)}</p>"
            case FactList(pairs):
                facts = (f"<dt>{_shown(label)}</dt><dd>{_shown(value)}</dd>" for label, value in pairs)
                yield f"<dl>{''.join(facts)}</dl>"
            case Bullets():
                yield _list(part)
            case DocumentTable():
                yield from _table(part)
            case Bars(amounts):
                widths = (amount / (sum(amounts) or 1) * 100 for amount in amounts)
                yield f'<div class="bar">{"".join(f"""<i style="width:{each:.2f}%"></i>""" for each in widths)}</div>'
            case Contents():
                titles = [each.title for each in document.parts if isinstance(each, Section)]
                links = "".join(f'<a href="#{_anchor(title)}">{_shown(title)}</a>' for title in titles)
                yield f"<nav>{links}</nav>"
            case Signature(what):
                yield f'<p class="sign">{_shown(what)}: <b>&nbsp;</b> on: <b>&nbsp;</b></p>'


def _list(part: Bullets) -> str:
    items = []
    for item in part.items:
        inner = "".join(f"<li>{_line(line)}</li>" for line in item.inner)
        items.append(f"<li>{_boxed(item.box, _line(item.line))}{f'<ul>{inner}</ul>' if inner else ''}</li>\n")
    tag = "ol" if part.numbered else "ul"
    return f"{f'<p>{_shown(part.lead)}:</p>' if part.lead else ''}<{tag}>{''.join(items)}</{tag}>"


def _boxed(box: Box | None, words: str) -> str:
    if box is None:
        return words
    return f'<label><input type="checkbox"{"" if box == "open" else " checked"}> {words}</label>'


def _table(part: DocumentTable) -> Iterator[str]:
    if not part.rows:
        yield f'<p class="pale">{_shown(part.empty)}</p>'
        return
    heads = "".join(f"<th>{_shown(name)}</th>" for name in part.columns)
    short = [all(len(text_of(row[n])) <= _SHORT for row in part.rows) for n in range(len(part.columns))]
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    yield from (f"<tr>{''.join(map(_cell, row, short))}</tr>" for row in part.rows)
    yield "</tbody></table>"


def _cell(cell: Cell, is_short: bool) -> str:
    style = cell.style if isinstance(cell, StyledText) else ""
    inner = _line(cell) if isinstance(cell, tuple) and not isinstance(cell, StyledText) else _shown_lines(text_of(cell))
    return f"<td{_class(style, 'short' if is_short else '')}>{_BREAKS.sub('<wbr>', inner)}</td>"


def _line(line: Line) -> str:
    return "".join(map(_span, line))


def _span(text: Text) -> str:
    if isinstance(text, str):
        return _shown(text)
    match text.style:
        case "":
            return _shown(text.text)
        case "strong":
            return f"<strong>{_shown(text.text)}</strong>"
        case "note":
            return f'<em class="pale">{_shown_lines(text.text)}</em>'
        case "hint":
            return f' <span class="pale">({_shown(text.text)})</span>'
        case "code":
            return f"<code>{_shown_lines(text.text)}</code>"
        case "copy":
            return f'<code>{_shown_lines(text.text)}</code><button type="button" data-copy>copy</button>'
        case "search":
            return f' <span class="search">{_span(StyledText(text.text, "copy"))}</span>'
        case "gone" | "new":
            tag = "del" if text.style == "gone" else "ins"
            return f"<{tag}>{_shown(text.text)}</{tag}>"
    return f"<span{_class(text.style)}>{_shown(text.text)}</span>"


def _class(*words: str) -> str:
    name = " ".join(filter(None, words))
    return f' class="{name}"' if name else ""


def _anchor(title: str) -> str:
    return "s-" + "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in title)
