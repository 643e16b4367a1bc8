"""Reads one SELECT in Databricks' dialect and writes it for the query engine of Delta's own package."""

import re

from sqlglot import exp
from sqlglot.dialects.databricks import Databricks
from sqlglot.dialects.postgres import Postgres
from sqlglot.errors import ParseError, TokenError

# What no SELECT may contain here, anywhere.
UNANSWERED = (
    exp.DML, exp.DDL, exp.Command, exp.Into, exp.Lateral, exp.TableSample, exp.Pivot, exp.Describe, exp.Set, exp.Use,
    exp.Drop, exp.Alter, exp.Copy, exp.Merge,
)  # fmt: skip
# The parts of a table reference that change what is read.
CHANGED = ("version", "when", "changes", "partition", "ordinality", "rows_from", "only")


class Refused(Exception):
    """A statement that ends FAILED, with the class of error and the SQLSTATE that Databricks gives it."""

    def __init__(self, error_class, message, state):
        super().__init__(message)
        self.error_class = error_class
        self.state = state


class Engine(Postgres):
    """The engine's dialect, DataFusion's: PostgreSQL's with a few words of its own."""

    class Generator(Postgres.Generator):
        TRY_SUPPORTED = True
        TRANSFORMS = {
            **Postgres.Generator.TRANSFORMS,
            exp.ApproxDistinct: lambda self, e: self.func("approx_distinct", e.this),
            exp.ApproxQuantile: lambda self, e: self.func("approx_percentile_cont", e.this, e.args["quantile"]),
            exp.IsNan: lambda self, e: self.func("isnan", e.this),
            exp.TryCast: lambda self, e: f"TRY_CAST({self.sql(e, 'this')} AS {self.sql(e, 'to')})",
        }


def syntax(message):
    return Refused("PARSE_SYNTAX_ERROR", f"Syntax error: {message}.", "42601")


def unanswered(what):
    return Refused("UNSUPPORTED_FEATURE", f"A local workspace {what}.", "0A000")


def read(statement, literals):
    """The text for the engine, and the full names of its tables by the names used there. literals: the value of each
    parameter, as a literal."""
    query = parsed(statement)
    if not isinstance(query, (exp.Select, exp.SetOperation)) or any(query.find_all(*UNANSWERED)):
        raise unanswered("runs a single SELECT and nothing else")
    for parameter in list(query.find_all(exp.Placeholder, exp.Parameter)):
        parameter.replace(value_of(parameter, literals))
    for column in query.find_all(exp.Column):
        # The engine knows a.b.t.x only as t.x.
        column.set("db", None)
        column.set("catalog", None)
    names = {}
    taken = {cte.alias for cte in query.find_all(exp.CTE)}
    for table in list(query.find_all(exp.Table)):
        parts = parts_of(table)
        if not (len(parts) == 1 and is_defined(table, parts[0])):
            rename(table, plain_name(parts, names, taken))
    return query.sql(dialect=Engine, comments=False), names


def parsed(statement):
    try:
        found = [one for one in Databricks().parse(statement) if one is not None]
    except (ParseError, TokenError) as problem:
        raise syntax(said(problem)) from None
    if len(found) != 1:
        raise syntax("more than one statement" if found else "the statement is empty")
    return found[0]


def said(problem):
    """The parser's first error, without the names of its own classes."""
    errors = getattr(problem, "errors", None)
    text = f"{errors[0]['description']}, at line {errors[0]['line']}, column {errors[0]['col']}" if errors else str(problem)
    text = re.sub(r"<Token token_type: \S+, text: (.*?), line: .*?(?:>|$)", r"'\1'", " ".join(text.split()))
    return re.sub(r"<class '[\w.]*\.(\w+)'>", r"\1", text)


def value_of(parameter, literals):
    if not isinstance(parameter, exp.Placeholder):
        raise syntax(f"{parameter.sql(dialect=Databricks)} is not a parameter; write one as :name")
    if parameter.name not in literals:
        raise Refused("UNBOUND_SQL_PARAMETER", f"Found the unbound parameter: {parameter.name or '?'}.", "42P02")
    return exp.maybe_parse(literals[parameter.name])


def parts_of(table):
    if not isinstance(table.this, (exp.Identifier, exp.Dot)):
        raise unanswered("has no table functions")
    if any(table.args.get(name) for name in CHANGED):
        raise unanswered("reads the current version of a whole table, not an older version or a part of it")
    return [part.name for part in table.parts]


def is_defined(table, name):
    """Whether the statement itself defines the name, by WITH."""
    inside, outer = table, table.parent
    while outer is not None:
        given = outer.args.get("with_") if not isinstance(inside, exp.With) else None
        if given is not None and name.lower() in {cte.alias.lower() for cte in given.expressions}:
            return True
        if isinstance(outer, exp.With):
            before = outer.expressions[: outer.expressions.index(inside) + (1 if outer.args.get("recursive") else 0)]
            if name.lower() in {cte.alias.lower() for cte in before}:
                return True
        inside, outer = outer, outer.parent
    return False


def plain_name(parts, names, taken):
    plain, number = parts[-1], 1
    while plain in taken or names.get(plain, parts) != parts:
        number += 1
        plain = f"{parts[-1]}_{number}"
    names[plain] = parts
    return plain


def rename(table, plain):
    called = table.name
    table.set("this", exp.to_identifier(plain, quoted=True))
    table.set("db", None)
    table.set("catalog", None)
    if plain != called and not table.alias:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(called)))
