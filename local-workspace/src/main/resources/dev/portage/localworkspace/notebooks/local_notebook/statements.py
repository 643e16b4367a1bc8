"""The statements of a %sql cell, and the widgets in them."""

import re

from .errors import NotOffered

# ${name}, $name, ${getArgument...} are Databricks' older forms: replaced by the widget's text.
PLACED = re.compile(r"\$\{(\w+)\}|\$(\w+)")


def of(text, widgets):
    """Each statement with the values of its parameters, which it names as :name."""
    try:
        from sqlglot.dialects.databricks import Databricks
        from sqlglot.errors import TokenError
        from sqlglot.tokens import TokenType
    except ImportError:
        raise NotOffered("A %sql cell needs the package sqlglot, which is missing from this workspace's Python") from None
    text = PLACED.sub(lambda found: widgets.get(found.group(1) or found.group(2), found.group(0)), text)
    try:
        tokens = Databricks().tokenize(text)
    except TokenError as problem:
        raise SyntaxError(f"%sql: {problem}") from None
    begin, named, before = 0, {}, None
    for token in tokens:
        if token.token_type == TokenType.SEMICOLON:
            yield from one(text[begin : token.start], named)
            begin, named = token.end + 1, {}
        elif before is not None and before.token_type == TokenType.COLON and before.end + 1 == token.start:
            if token.text in widgets:
                named[token.text] = widgets[token.text]
        before = token
    yield from one(text[begin:], named)


def one(statement, named):
    if re.sub(r"--[^\n]*|/\*.*?\*/", "", statement, flags=re.DOTALL).strip():
        yield statement.strip(), named
