"""display and displayHTML: prints as text what Databricks renders in a page."""

import collections.abc
import html.parser

from .errors import NotOffered

ROWS = 1000


def display(*values, **_):
    for value in values:
        print(text_of(value))


def displayHTML(page="", **_):
    print(text_of_html(str(page)))


def text_of(value):
    if isinstance(value, str):
        return value
    module = type(value).__module__
    if module.startswith("pyspark.sql.") and hasattr(value, "isStreaming"):
        return of_spark(value)
    if hasattr(value, "_to_pandas") and module.startswith("pyspark.pandas."):
        return of_pandas(value.head(ROWS + 1)._to_pandas())
    if module.split(".")[0] == "pandas" and hasattr(value, "to_string"):
        return of_pandas(value)
    if module.startswith("matplotlib.") and hasattr(value, "get_size_inches"):
        return of_figure(value)
    if module.startswith("matplotlib.") and getattr(value, "figure", None) is not None:
        return of_figure(value.figure)
    if is_records(value):
        return of_records(value)
    return of_page(value)


def of_spark(frame):
    if frame.isStreaming:
        raise NotOffered("a local workspace can't display a stream: write it to a table and display that")
    return of_pandas(frame.limit(ROWS + 1).toPandas())


def of_pandas(value):
    shown = value.head(ROWS) if hasattr(value, "head") else value
    more = hasattr(value, "__len__") and len(value) > ROWS
    named = {"index": False} if hasattr(value, "columns") else {}
    text = shown.to_string(**named)
    return f"{text}\nOnly the first {ROWS} rows are shown." if more else text


def of_figure(figure):
    width, height = figure.get_size_inches() * figure.dpi
    titles = [axes.get_title() for axes in figure.get_axes() if axes.get_title()]
    about = f": {', '.join(titles)}" if titles else ""
    return f"Figure of {width:.0f} x {height:.0f} pixels with {len(figure.get_axes())} axes{about}"


def is_records(value):
    """Whether these are rows of a table: dicts, named tuples, or Spark rows."""
    if not isinstance(value, collections.abc.Sequence) or not 0 < len(value):
        return False
    return all(isinstance(row, dict) or hasattr(row, "_fields") or hasattr(row, "asDict") for row in value)


def of_records(rows):
    import pandas

    plain = [row if isinstance(row, dict) else row._asdict() if hasattr(row, "_asdict") else row.asDict() for row in rows]
    return of_pandas(pandas.DataFrame(plain))


def of_page(value):
    """The text of objects that render themselves as HTML; of others what print shows."""
    text = str(value)
    if type(value).__str__ is object.__str__ and type(value).__repr__ is object.__repr__ and not isinstance(value, type):
        draws = getattr(value, "_repr_markdown_", None) or getattr(value, "_repr_html_", None)
        drawn = draws() if callable(draws) else None
        if isinstance(drawn, str):
            return text_of_html(drawn)
    return text


class Text(html.parser.HTMLParser):
    """The text of an HTML page, one line per block."""

    HIDDEN = {"script", "style", "head", "title"}
    BLOCKS = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}

    def __init__(self):
        super().__init__()
        self.pieces = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag in self.HIDDEN:
            self.hidden += 1
        elif tag in self.BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag):
        if tag in self.HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in self.BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.pieces.append(data)


def text_of_html(page):
    reader = Text()
    reader.feed(page)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).splitlines()]
    return "\n".join(line for line in lines if line)
