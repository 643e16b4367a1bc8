"""Answers SELECTs from Delta tables and makes changes of tables, one statement after another: python sql_runner.py.
Each line that it reads is a JSON object with
  statement  in Databricks' dialect
  parameters name -> literal
  tables     the folder with a folder per table, named by its full name
  catalog    default for names without one; or null
  schema     the same for the schema; or null
  row_limit  or null
  byte_limit maximum bytes of values

The line that it writes for it is {"columns": [...], "rows": [[text or null]], "truncated": true or false}, or
{"error": message, "class": class of the error, "state": SQLSTATE}.
"""

import base64
import json
import os
import re
import sys

import pyarrow
from deltalake import DeltaTable, QueryBuilder
from select_statement import Refused, read
from table_changes import change

# Where names of one or two parts belong, as in a Spark session.
CATALOG, SCHEMA = "main", "default"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def column(position, field):
    name, text, extra = type_of(field.type)
    return {"name": field.name, "position": position, "type_name": name, "type_text": text, **extra}


def type_of(kind):
    types = pyarrow.types
    simple = [
        (types.is_boolean, "BOOLEAN", "BOOLEAN"),
        (types.is_int8, "BYTE", "TINYINT"),
        (lambda t: types.is_int16(t) or types.is_uint8(t), "SHORT", "SMALLINT"),
        (lambda t: types.is_int32(t) or types.is_uint16(t), "INT", "INT"),
        (types.is_integer, "LONG", "BIGINT"),
        (lambda t: types.is_float32(t) or types.is_float16(t), "FLOAT", "FLOAT"),
        (types.is_float64, "DOUBLE", "DOUBLE"),
        (types.is_date, "DATE", "DATE"),
        (types.is_null, "NULL", "VOID"),
        (types.is_list, "ARRAY", "ARRAY"),
        (types.is_struct, "STRUCT", "STRUCT"),
        (types.is_map, "MAP", "MAP"),
    ]
    for matches, name, text in simple:
        if matches(kind):
            return name, text, {}
    if types.is_timestamp(kind):
        return "TIMESTAMP", "TIMESTAMP" if kind.tz else "TIMESTAMP_NTZ", {}
    if types.is_decimal(kind):
        return (
            "DECIMAL",
            f"DECIMAL({kind.precision},{kind.scale})",
            {"type_precision": kind.precision, "type_scale": kind.scale},
        )
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind):
        return "BINARY", "BINARY", {}
    return "STRING", "STRING", {}


def text_of(value, kind):
    types = pyarrow.types
    if value is None:
        return None
    if types.is_boolean(kind):
        return "true" if value else "false"
    if types.is_floating(kind):
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return repr(value)
    if types.is_timestamp(kind):
        shown = value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}"
        return shown + "Z" if kind.tz else shown
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, default=str)
    return str(value)


def folder_of(parts, spec):
    """The table's folder, even if it was written under a shorter name."""
    given, found = found_of(parts, spec)
    if found is None:
        raise Refused(
            "TABLE_OR_VIEW_NOT_FOUND",
            f"The table or view `{'`.`'.join(given)}` cannot be found. Verify the spelling and correctness of the schema "
            "and catalog.",
            "42P01",
        )
    return found


def found_of(parts, spec):
    """The full name as far as it is given, and the folder; None if there is none."""
    given = list(parts)
    if len(given) == 1 and spec["schema"]:
        given.insert(0, spec["schema"])
    if len(given) == 2 and spec["catalog"]:
        given.insert(0, spec["catalog"])
    full = [CATALOG, SCHEMA][: max(0, 3 - len(given))] + given
    names = [full]
    if full[0] == CATALOG:
        names.append(full[1:])
        if full[1] == SCHEMA:
            names.append(full[2:])
    if len(full) == 3 and all(NAME.fullmatch(part) for part in full):
        for name in names:
            folder = os.path.join(spec["tables"], ".".join(name))
            if os.path.isdir(os.path.join(folder, "_delta_log")):
                return given, folder
    return given, None


class Tables:
    """The tables of a statement that changes a table."""

    def __init__(self, spec):
        self.spec = spec

    def find(self, parts):
        return found_of(parts, self.spec)[1]

    def folder(self, parts):
        return folder_of(parts, self.spec)

    def new(self, parts):
        """A new table's folder has the name in the statement, like one that a notebook writes."""
        if not all(NAME.fullmatch(part) for part in parts) or len(parts) > 3:
            raise Refused("INVALID_IDENTIFIER", f"{'.'.join(parts)} is no name of a table.", "42602")
        return os.path.join(self.spec["tables"], ".".join(parts))

    def select(self, statement):
        return pyarrow.RecordBatchReader.from_stream(reader_of(statement, self.spec)).read_all()


def reader_of(text, spec):
    statement, tables = read(text, spec["parameters"])
    builder = QueryBuilder()
    # With a time zone, the engine's TIMESTAMP is an instant, as Databricks' is, and not a TIMESTAMP_NTZ.
    pyarrow.RecordBatchReader.from_stream(builder.execute("SET datafusion.execution.time_zone = 'UTC'")).read_all()
    for name, parts in tables.items():
        builder = builder.register(name, DeltaTable(folder_of(parts, spec)))
    return builder.execute(statement)


def answer(spec):
    changed = change(spec["statement"], spec["parameters"], Tables(spec))
    if changed is not None:
        columns = [
            {"name": name, "position": position, "type_name": kind, "type_text": text}
            for position, (name, kind, text) in enumerate(changed[0])
        ]
        return {"columns": columns, "rows": changed[1], "truncated": False}
    reader = pyarrow.RecordBatchReader.from_stream(reader_of(spec["statement"], spec))
    columns = [column(position, field) for position, field in enumerate(reader.schema)]
    rows, size, truncated = [], 0, False
    for batch in reader:
        values = [batch.column(i).to_pylist() for i in range(batch.num_columns)]
        kinds = [field.type for field in batch.schema]
        for i in range(batch.num_rows):
            if spec["row_limit"] is not None and len(rows) >= spec["row_limit"]:
                truncated = True
                break
            row = [text_of(values[c][i], kinds[c]) for c in range(len(kinds))]
            size += sum(len(text) for text in row if text is not None)
            if size > spec["byte_limit"]:
                raise Refused(
                    "INLINE_BYTE_LIMIT_EXCEEDED", f"The result is larger than {spec['byte_limit']} bytes.", "54000"
                )
            rows.append(row)
        if truncated:
            break
    return {"columns": columns, "rows": rows, "truncated": truncated}


def failed(raised):
    """The engine's error with Databricks' error class."""
    text = f"{type(raised).__name__}: {raised}"
    if isinstance(raised, Refused):
        return raised
    if "No field named" in text:
        return Refused("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", text, "42703")
    if "ParserError" in text or "SQL error" in text:
        return Refused("PARSE_SYNTAX_ERROR", text, "42601")
    return Refused("QUERY_EXECUTION_FAILED", text, "58000")


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints is no answer.
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            result = answer(json.loads(line))
        except BaseException as raised:
            problem = failed(raised)
            result = {"error": str(problem), "class": problem.error_class, "state": problem.state}
        print(json.dumps(result), file=answers, flush=True)
    # The library's own threads can abort an orderly exit after a read.
    os._exit(0)


if __name__ == "__main__":
    main()
