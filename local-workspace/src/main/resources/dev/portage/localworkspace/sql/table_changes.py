"""Statements that change a table, as a workspace's engine accepts them: creating one from a SELECT, replacing or
deleting the rows of a predicate, adding columns, dropping one; and reading its history. Each is one commit of the table, or none."""

import json
import os
import re
import shutil
import uuid

import pyarrow
import pyarrow.compute
from deltalake import DeltaTable, Field, write_deltalake
from select_statement import Databricks, Refused, exp, parsed, syntax, unanswered, value_of

HISTORY = re.compile(r"\s*DESC(?:RIBE)?\s+HISTORY\s+(.+?)(?:\s+LIMIT\s+(\d+))?\s*;?\s*", re.I | re.S)
CREATED = re.compile(r"\s*SHOW\s+CREATE\s+TABLE\s+(.+?)\s*;?\s*", re.I | re.S)
CHANGES = (exp.Create, exp.Insert, exp.Delete, exp.Drop, exp.Alter)
TYPES = {
    "STRING": "string", "VARCHAR": "string", "BIGINT": "long", "INT": "integer", "SMALLINT": "short", "TINYINT": "byte",
    "DOUBLE": "double", "FLOAT": "float", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp",
    "BINARY": "binary",
}  # fmt: skip
# Anything in a statement beyond what is handled here would change its meaning.
PLAIN = {
    exp.Create: {"this", "kind", "expression", "exists"},
    exp.Insert: {"this", "expression", "where"},
    exp.Delete: {"this", "where"},
    exp.Drop: {"tables", "this", "kind", "exists"},
    exp.Alter: {"this", "kind", "actions"},
}


def change(statement, literals, tables):
    """The result, as columns and rows; None for another kind of statement. tables: finds a table's folder, names a new
    one, and answers a SELECT."""
    asked = HISTORY.fullmatch(statement)
    if asked:
        return history(tables.folder(parts_named(asked[1])), int(asked[2] or 1000))
    asked = CREATED.fullmatch(statement)
    if asked:
        return created(parts_named(asked[1]), tables)
    found = parsed(statement)
    if not isinstance(found, CHANGES):
        return None
    for name, value in found.args.items():
        if value and name not in PLAIN[type(found)]:
            raise unanswered(f"does not know {name.replace('_', ' ')} in {type(found).key.upper()}")
    for parameter in list(found.find_all(exp.Placeholder, exp.Parameter)):
        parameter.replace(value_of(parameter, literals))
    if isinstance(found, exp.Create):
        return create(found, tables)
    if isinstance(found, exp.Insert):
        return insert(found, tables)
    if isinstance(found, exp.Delete):
        return delete(found, tables)
    if isinstance(found, exp.Drop):
        return drop(found, tables)
    return alter(found, tables)


def parts_named(text):
    table = exp.maybe_parse(text, into=exp.Table, dialect=Databricks)
    return parts(table)


def parts(table):
    if not isinstance(table, exp.Table) or not isinstance(table.this, (exp.Identifier, exp.Dot)):
        raise syntax("a table's name is expected")
    return [part.name for part in table.parts]


def query_of(found):
    query = found.expression
    if not isinstance(query, (exp.Select, exp.SetOperation)):
        raise unanswered("takes rows from a SELECT and nothing else")
    return query.sql(dialect=Databricks)


def create(found, tables):
    if str(found.args.get("kind")).upper() != "TABLE":
        raise unanswered("makes tables from a SELECT and nothing else")
    query = query_of(found)
    name = parts(found.this)
    there = tables.find(name)
    if there is not None:
        if found.args.get("exists"):
            return written(0)
        raise Refused(
            "TABLE_OR_VIEW_ALREADY_EXISTS",
            f"Cannot create table or view `{'`.`'.join(name)}` because it already exists.",
            "42P07",
        )
    rows = tables.select(query)
    # Whatever the query could not make null: a table made from one takes nulls in every column.
    rows = rows.cast(pyarrow.schema([field.with_nullable(True) for field in rows.schema]))
    write_deltalake(tables.new(name), rows, mode="error")
    return written(rows.num_rows)


def insert(found, tables):
    where = found.args.get("where")
    if where is None:
        raise unanswered("inserts with REPLACE WHERE and nothing else")
    column, value = equality(where)
    table = DeltaTable(tables.folder(parts(found.this)))
    schema = pyarrow.schema(table.schema().to_arrow())
    rows = tables.select(query_of(found))
    if len(rows.column_names) != len(schema.names):
        raise Refused(
            "INSERT_COLUMN_ARITY_MISMATCH",
            f"Cannot write, the table has {len(schema.names)} columns and the query {len(rows.column_names)}.",
            "21S01",
        )
    try:
        rows = rows.rename_columns(schema.names).cast(schema)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as problem:
        raise Refused("CAST_INVALID_INPUT", str(problem), "22018") from None
    own = named(schema, column)
    same = pyarrow.compute.equal(rows[own].cast(pyarrow.string()), value)
    if not pyarrow.compute.all(same.fill_null(False)).as_py() and rows.num_rows:
        raise Refused(
            "DELTA_REPLACE_WHERE_MISMATCH", f"Written data does not conform to {column} = '{value}'.", "44000"
        )
    write_deltalake(table, rows, mode="overwrite", predicate=predicate(own, value))
    return written(rows.num_rows)


def delete(found, tables):
    where = found.args.get("where")
    if where is None:
        raise unanswered("deletes by a predicate and nothing else")
    column, value = equality(where.this)
    table = DeltaTable(tables.folder(parts(found.this)))
    done = table.delete(predicate(named(pyarrow.schema(table.schema().to_arrow()), column), value))
    return [("num_affected_rows", "LONG", "BIGINT")], [[str(done.get("num_deleted_rows") or 0)]]


def named(schema, column):
    """The column's name as the table has it."""
    own = next((name for name in schema.names if name.lower() == column.lower()), None)
    if own is None:
        raise Refused("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", f"There is no column {column}.", "42703")
    return own


def predicate(column, value):
    text = value.replace("'", "''")
    return f"\"{column}\" = '{text}'"


def equality(where):
    """The column and the text of a predicate `column = 'text'`."""
    if (
        isinstance(where, exp.EQ)
        and isinstance(where.this, exp.Column)
        and isinstance(where.expression, exp.Literal)
        and where.expression.is_string
    ):
        return where.this.name, where.expression.this
    raise unanswered("replaces and deletes where a column equals a text, and by no other predicate")


def drop(found, tables):
    names = [parts(table) for table in found.args.get("tables") or [found.this]]
    if str(found.args.get("kind")).upper() != "TABLE" or len(names) != 1:
        raise unanswered("drops one table and nothing else")
    folder = tables.find(names[0]) if found.args.get("exists") else tables.folder(names[0])
    if folder is not None:
        # Readers never see half of it: it is renamed before its first file is deleted.
        gone = os.path.join(os.path.dirname(folder), f".dropped-{uuid.uuid4().hex}")
        os.rename(folder, gone)
        shutil.rmtree(gone)
    return [], []


def alter(found, tables):
    columns = []
    for action in found.args.get("actions") or []:
        columns += action.expressions if isinstance(action, exp.Schema) else [action]
    if not columns or not all(isinstance(column, exp.ColumnDef) for column in columns):
        raise unanswered("adds columns to a table and alters nothing else")
    table = DeltaTable(tables.folder(parts(found.this)))
    known = {field.name.lower() for field in table.schema().fields}
    fields = []
    for column in columns:
        if column.name.lower() in known:
            raise Refused("FIELD_ALREADY_EXISTS", f"Cannot add column {column.name}, it already exists.", "42710")
        kind = column.args["kind"].sql(dialect=Databricks).upper()
        decimal = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", kind)
        if kind not in TYPES and not decimal:
            raise unanswered(f"adds no column of type {kind}")
        fields.append(Field(column.name, f"decimal({decimal[1]},{decimal[2]})" if decimal else TYPES[kind], nullable=True))
    table.alter.add_columns(fields)
    return [], []


def written(rows):
    columns = [("num_affected_rows", "LONG", "BIGINT"), ("num_inserted_rows", "LONG", "BIGINT")]
    return columns, [[str(rows), str(rows)]]


def history(folder, limit):
    columns = [
        ("version", "LONG", "BIGINT"),
        ("timestamp", "TIMESTAMP", "TIMESTAMP"),
        ("userName", "STRING", "STRING"),
        ("operation", "STRING", "STRING"),
        ("operationParameters", "MAP", "MAP<STRING, STRING>"),
        ("job", "STRUCT", "STRUCT<jobId: STRING, runId: STRING>"),
        ("operationMetrics", "MAP", "MAP<STRING, STRING>"),
    ]
    rows = []
    for entry in DeltaTable(folder).history(limit):
        rows.append(
            [
                str(entry["version"]),
                str(entry.get("timestamp")),
                entry.get("userName"),
                entry.get("operation"),
                json.dumps(entry.get("operationParameters") or {}, default=str),
                None,
                json.dumps(entry.get("operationMetrics") or {}, default=str),
            ]
        )
    return columns, rows


def created(name, tables):
    """The statement that would make the table again."""
    table = DeltaTable(tables.folder(name))
    columns = ",\n  ".join(column(json.loads(field.to_json())) for field in table.schema().fields)
    properties = [f"'{key}' = '{escaped(value)}'" for key, value in sorted(table.metadata().configuration.items())]
    shown = ".".join(f"`{part}`" for part in name)
    text = f"CREATE TABLE {shown} (\n  {columns})\nUSING delta"
    if properties:
        text += "\nTBLPROPERTIES (\n  " + ",\n  ".join(properties) + ")"
    return [("createtab_stmt", "STRING", "STRING")], [[text + "\n"]]


def column(field):
    name = field["name"] if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", field["name"]) else f"`{field['name'].replace('`', '``')}`"
    metadata = field.get("metadata") or {}
    text = f"{name} {type_text(field['type'])}"
    if not field["nullable"]:
        text += " NOT NULL"
    if "delta.identity.start" in metadata:
        explicit = str(metadata.get("delta.identity.allowExplicitInsert")).lower() == "true"
        text += f" GENERATED {'BY DEFAULT' if explicit else 'ALWAYS'} AS IDENTITY"
    elif "delta.generationExpression" in metadata:
        text += f" GENERATED ALWAYS AS ({metadata['delta.generationExpression']})"
    return text


def type_text(kind):
    if isinstance(kind, str):
        plain = {"long": "BIGINT", "integer": "INT", "short": "SMALLINT", "byte": "TINYINT"}
        return plain.get(kind, kind.upper())
    if kind["type"] == "array":
        return f"ARRAY<{type_text(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"MAP<{type_text(kind['keyType'])}, {type_text(kind['valueType'])}>"
    return "STRUCT<" + ", ".join(f"{field['name']}: {type_text(field['type'])}" for field in kind["fields"]) + ">"


def escaped(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")
