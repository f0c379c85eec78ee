"""The data dictionary as one static HTML page: `data_dictionary.html`.

It needs no network and no server; a column is linked to as `data_dictionary.html#quotes.cue`.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish import title
from pipeline.publish.dictionary import Entry, about
from pipeline.publish.parquet import Written
from pipeline.publish.value_labels import LevelLabel

_STYLE = """
:root { --ink: #1a1a1a; --paper: #fff; --soft: #f2f2ee; --line: #8a8a80;
  --link: #0b4a8f; --quiet: #4a4a45; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #16181b; --soft: #24272b; --line: #7d8086;
  --link: #9cc7ff; --quiet: #c2c4c8; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
a { color: var(--link); }
a:focus-visible, input:focus-visible, summary:focus-visible, .wide:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
form { position: sticky; top: 0; padding: .5rem 0; background: var(--paper);
  border-bottom: 1px solid var(--line); }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; color: inherit;
  background: var(--paper); border: 1px solid var(--line); }
nav ul { columns: 12rem; padding-left: 1.2rem; }
section, tr[id] { scroll-margin-top: 8.5rem; }
form p { margin: .3rem 0 0; }
tbody th { min-width: 11rem; }
td > p:first-child { margin-top: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--soft); }
tr:target { background: var(--soft); }
.quiet { color: var(--quiet); font-size: .9rem; }
dl { margin: .3rem 0; }
dt { float: left; clear: left; margin-right: .5rem; }
dd { margin: 0 0 .15rem 1rem; }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, th, td { display: block; }
  td { border: 0; padding: .1rem .5rem; } tr { border-bottom: 1px solid var(--line); padding: .3rem 0; }
  tbody th { border: 0; min-width: 0; }
}
@media print { form, nav { display: none; } body { max-width: none; } .wide { overflow: visible; }
  tr { break-inside: avoid; } }
"""

_SCRIPT = """
"use strict";
const field = document.getElementById("search");
const found = document.getElementById("found");
const rows = Array.from(document.querySelectorAll("tbody tr[id]"),
  row => [row, row.textContent.toLowerCase()]);
function search() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let n = 0;
  for (const [row, text] of rows) {
    const fits = words.every(word => text.includes(word) || row.id.includes(word));
    row.hidden = !fits;
    n += fits;
  }
  for (const section of document.querySelectorAll("main section")) {
    section.hidden = words.length > 0 && !section.querySelector("tbody tr:not([hidden])");
  }
  found.textContent = words.length ? n + " of " + rows.length + " columns" : rows.length + " columns";
}
field.addEventListener("input", search);
field.form.addEventListener("submit", event => event.preventDefault());
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && (target.hidden || target.closest("[hidden]"))) {
    field.value = "";
    search();
    target.scrollIntoView();
  }
});
search();
"""


def as_html(entries: Sequence[Entry], labels: Sequence[LevelLabel], written: Mapping[str, Written]) -> str:
    """Return the page: a section per table, a row per column, the meaning of every level."""
    levels: dict[tuple[str, str], list[LevelLabel]] = {}
    for label in labels:
        levels.setdefault((label.table, label.column), []).append(label)
    by_table: dict[str, list[Entry]] = {table: [] for table in TABLE_BY_NAME}
    for entry in entries:
        by_table[entry.table].append(entry)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src {_allowed(_STYLE)}; script-src {_allowed(_SCRIPT)}; "
        "form-action 'none'; base-uri 'none'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Data dictionary · {escape(title.TITLE)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        "<h1>Data dictionary</h1>",
        f"<p>{escape(title.DESCRIPTION)}</p>",
        "<p>Offsets (<code>char_start</code>, <code>char_end</code>) count Unicode code points of the raw "
        "file as decoded, from 0, end exclusive: <code>raw[char_start:char_end]</code> in Python, "
        "<code>substr(raw, char_start + 1, char_end)</code> in R. NULL (NA) means not applicable or not "
        "stated. Examples are the first values of this build. What attribution, cue, continuation and other "
        "words mean: <code>docs/glossary.md</code> of the project.</p>",
        "</header>",
        '<form role="search">',
        '<label for="search">Search tables, columns and definitions</label>',
        '<input id="search" type="search" autocomplete="off" aria-describedby="found">',
        '<p id="found" class="quiet" role="status"></p>',
        "</form>",
        '<nav aria-label="Tables">',
        "<ul>",
        *(f'<li><a href="#{table}">{table}</a></li>' for table in TABLE_BY_NAME),
        "</ul>",
        "</nav>",
        "<main>",
    ]
    for table, model in TABLE_BY_NAME.items():
        key = ", ".join(f"<code>{name}</code>" for name in model.key)
        lines += [
            f'<section id="{table}" aria-labelledby="{table}-heading">',
            f'<h2 id="{table}-heading">{table}</h2>',
            f"<p>{escape(about(model))} <span>{written[table].n_rows:,} rows.</span> Key: {key}. "
            f'File: <a href="{table}.parquet">{table}.parquet</a></p>',
            f'<div class="wide" role="region" tabindex="0" aria-label="Columns of {table}">',
            "<table>",
            f"<caption hidden>Columns of {table}</caption>",
            '<thead><tr><th scope="col">Column</th><th scope="col">Type</th>'
            '<th scope="col">Definition</th></tr></thead>',
            "<tbody>",
            *(_row(entry, levels.get((table, entry.column), ())) for entry in by_table[table]),
            "</tbody>",
            "</table>",
            "</div>",
            "</section>",
        ]
    lines += ["</main>", f"<script>{_SCRIPT}</script>", "</body>", "</html>", ""]
    return "\n".join(lines)


def _allowed(text: str) -> str:
    """Return the words by which a Content-Security-Policy lets this style or script run, and no other."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _row(entry: Entry, levels: Iterable[LevelLabel]) -> str:
    name = f"{entry.table}.{entry.column}"
    words = [f"<p>{escape(entry.definition)}</p>"]
    shown = "".join(
        f"<dt><code>{escape(label.level)}</code></dt>"
        f'<dd>{escape(label.label)}. <span class="quiet">{escape(label.definition)}</span></dd>'
        for label in levels
    )
    if shown:
        words.append(f"<dl>{shown}</dl>")
    if entry.unit:
        words.append(f'<p class="quiet">Unit: {escape(entry.unit)}</p>')
    if entry.references:
        links = ", ".join(f'<a href="#{target}">{target}</a>' for target in entry.references.split(", "))
        words.append(f'<p class="quiet">Refers to {links}</p>')
    if entry.example:
        words.append(f'<p class="quiet">Example: <bdi>{escape(entry.example)}</bdi></p>')
    null = "may be NULL" if entry.nullable == "yes" else "never NULL"
    return (
        f'<tr id="{name}"><th scope="row"><a href="#{name}"><code>{entry.column}</code></a></th>'
        f'<td><code>{escape(entry.type)}</code> <span class="quiet">{null}</span></td>'
        f"<td>{''.join(words)}</td></tr>"
    )
