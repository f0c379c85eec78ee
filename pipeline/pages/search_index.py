"""The search index: scripts that the first page loads as they are needed, since a page opened from disk may
not read files.

Articles are divided into buckets by their id. A bucket has a script per group of words (by their first two
letters), which says in which entries a word stands, and scripts with the entries to show. So a search loads
little, and one more article changes one bucket.
"""

import json
from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.pages.document_page import headline
from pipeline.pages.labels import Labels
from pipeline.pages.safe_text import shortened

ARTICLES_A_BUCKET = 512
# A corpus that fits into one bucket has few words, and so few groups.
_GROUPS, _FEW_GROUPS = 32, 8
ARTICLES_A_SCRIPT = 16
_LONGEST = 24
_SNIPPET = 150
# Too common to be looked up; reader.js has the same list.
STOP_WORDS = [
    *[
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
    ],
    *["her", "his", "i", "in", "is", "it", "its", "no", "not", "of", "on", "or", "our", "she", "that", "the"],
    *["their", "them", "they", "this", "to", "was", "we", "were", "will", "with", "would", "you"],
]
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def n_buckets(n_articles: int) -> int:
    """Return into how many buckets the articles are divided: a power of two, at most 4,096."""
    count = 1
    while count < 4_096 and count * ARTICLES_A_BUCKET < n_articles:
        count *= 2
    return count


def n_groups(buckets: int) -> int:
    """Return into how many groups the words of a bucket are divided."""
    return _GROUPS if buckets > 1 else _FEW_GROUPS


def bucket_of(article_id: pl.Expr, buckets: int) -> pl.Expr:
    """Return the number of an article's bucket."""
    return article_id.str.slice(0, 4).str.to_integer(base=16) // (65_536 // min(buckets, 65_536))


def folded(text: pl.Expr) -> pl.Expr:
    """Return a text without case and accents, as reader.js folds what is searched for."""
    lower = text.str.normalize("NFKD").str.to_lowercase()
    return lower.str.normalize("NFKD").str.replace_all(r"\p{M}", "")


def group_of(word: str, groups: int) -> int:
    """Return the group of a folded word, from its first two code points."""
    return (ord(word[0]) * 31 + (ord(word[1]) if len(word) > 1 else 0)) % groups


def entries(articles: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Return an entry for each article and each quote, oldest first, with its number.

    `articles` has article_id, raw_path, headline, analysis_date and outlet_id; `quotes` article_id, quote_no,
    quote_id, quote_text, speaker_name and source_mention.
    """
    # A stable order within the bucket that follows time where time is known.
    ordered = articles.sort("analysis_date", "article_id", nulls_last=False).with_row_index("article")
    of_articles = ordered.select(
        "article",
        "article_id",
        quote_no=pl.lit(0, pl.Int32),
        quote_id=pl.lit(""),
        text="headline",
        who=pl.lit(""),
    )
    who = pl.coalesce("speaker_name", "source_mention", pl.lit(""))
    of_quotes = quotes.join(ordered.select("article", "article_id"), on="article_id").select(
        "article", "article_id", "quote_no", "quote_id", text="quote_text", who=who
    )
    together = pl.concat([of_articles, of_quotes]).sort("article", "quote_no")
    return together.with_columns(pl.col("text").fill_null("")).with_row_index("entry")


def bucket_scripts(
    bucket: int, groups: int, articles: pl.DataFrame, quotes: pl.DataFrame, labels: Labels
) -> Iterator[tuple[str, bytes]]:
    """Yield the scripts of a bucket with their names: those of words, then those of entries."""
    found = entries(articles, quotes)
    by_group: dict[int, dict[str, str]] = {group: {} for group in range(groups)}
    for word, steps in _postings(found):
        by_group[group_of(word, groups)][word] = steps
    for group, words in by_group.items():
        yield f"w{bucket}-{group}.js", _script("words", bucket, group, words)
    shown: dict[int, tuple[list[object], list[object]]] = {}
    about = {row["article_id"]: row for row in articles.to_dicts()}
    for number, article, article_id, quote_no, quote_id, text, who in found.select(
        "entry", "article", "article_id", "quote_no", "quote_id", "text", "who"
    ).iter_rows():
        rows, of_articles = shown.setdefault(article // ARTICLES_A_SCRIPT, ([number], []))
        if quote_no == 0:
            row = about[article_id]
            day = str(row["analysis_date"]) if row["analysis_date"] else ""
            title = shortened(headline(row), _SNIPPET)
            outlet = labels.outlet(row["outlet_id"]) if row["outlet_id"] else ""
            of_articles.append([article_id, title, day, outlet])
            rows.append([len(of_articles) - 1])
        else:
            anchor = quote_id.rsplit(":", 1)[1]
            rows.append([len(of_articles) - 1, anchor, shortened(who, 60), shortened(text, _SNIPPET)])
    firsts = [rows[0] for rows, _ in shown.values()]
    for number, (rows, of_articles) in shown.items():
        yield f"e{bucket}-{number}.js", _script("entries", bucket, number, [rows, of_articles])
    yield f"b{bucket}.js", _script("bucket", bucket, 0, firsts)


def speaker_script(speakers: Mapping[str, tuple[str, int]]) -> bytes:
    """Return the script with the speakers that have a page: name and quotes, by page."""
    rows = [[shortened(name, 80), page, n] for page, (name, n) in sorted(speakers.items())]
    return _script("speakers", 0, 0, rows)


def _postings(found: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield each word with the entries in which it stands: a number, then the steps to the next ones."""
    text = pl.concat_str(pl.col("text"), pl.lit(" "), pl.col("who"))
    words = (
        found.select("entry", word=folded(text).str.extract_all(r"[\p{L}\p{N}]+"))
        .explode("word")
        .drop_nulls("word")
        .with_columns(pl.col("word").str.slice(0, _LONGEST))
        .filter(~pl.col("word").is_in(STOP_WORDS))
        .unique()
        .sort("word", "entry")
    )
    same = pl.col("word") == pl.col("word").shift(1)
    step = pl.when(same).then(pl.col("entry") - pl.col("entry").shift(1)).otherwise(pl.col("entry"))
    numerals = pl.Series([_base36(number) for number in range(len(found) + 1)], dtype=pl.String)
    written = words.select("word", steps=numerals.gather(words.select(step).to_series()))
    yield from written.group_by("word", maintain_order=True).agg(pl.col("steps").str.join(" ")).iter_rows()


def _base36(number: int) -> str:
    if number < 36:
        return _DIGITS[number]
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _script(name: str, bucket: int, number: int, content: object) -> bytes:
    # Pure ASCII, and nothing in it that could end a script.
    body = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    return f'onTheRecord("{name}",{bucket},{number},{body});\n'.encode("ascii")
