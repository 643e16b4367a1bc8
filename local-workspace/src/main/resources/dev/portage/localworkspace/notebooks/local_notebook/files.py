"""Notebooks as files: Databricks' source format, and Jupyter's .ipynb (nbformat 3 and 4)."""

import json
import os

from .errors import NotebookNotFound, NotebookNotReadable

HEADER = "# Databricks notebook source"
SEPARATOR = "# COMMAND ----------"
MAGIC = "# MAGIC"
JUPYTER = ".ipynb"
PYTHON = {"python", "python3", "ipython", "pyspark"}


class Cell:
    """One cell: its text as shown in a notebook, and where it starts in which file."""

    def __init__(self, number, file, first_line, lines, is_text=False, is_mixed=False):
        self.number = number
        self.file = file
        self.first_line = first_line
        self.lines = lines
        self.is_text = is_text
        self.is_mixed = is_mixed

    @property
    def source(self):
        return "\n".join(self.lines)


def find(root, path):
    """The file of a notebook named relative to the root, with or without its extension, or None. A .py file in another
    format, such as a module next to it, does not count."""
    full = os.path.realpath(os.path.join(root, path))
    if not full.startswith(root + os.sep):
        return None
    if full.endswith(JUPYTER):
        return full if os.path.isfile(full) else None
    found = [full + JUPYTER] if os.path.isfile(full + JUPYTER) else []
    if os.path.isfile(full + ".py") and is_source(full + ".py"):
        found.append(full + ".py")
    if len(found) > 1:
        names = " and ".join(os.path.relpath(file, root) for file in found)
        raise NotebookNotReadable(f"{path} matches two notebooks, {names}: rename one, because jobs name notebooks without an extension")
    return found[0] if found else None


def why_missing(root, path):
    """Why a notebook was not found, as a sentence; empty if there is nothing to say."""
    full = os.path.realpath(os.path.join(root, path))
    if full.startswith(root + os.sep) and os.path.isfile(full + ".py"):
        return f"{path}.py is not a notebook: its first line is not '{HEADER}'. "
    return ""


def is_source(file):
    # Text that is not UTF-8 is reported when the notebook is read.
    with open(file, encoding="utf-8-sig", errors="replace") as lines:
        return lines.readline().strip() == HEADER


def read(file, shown):
    """The cells of a notebook, and its whole text if line numbers run over all cells."""
    with open(file, encoding="utf-8-sig") as source:
        try:
            text = source.read()
        except UnicodeDecodeError as problem:
            raise NotebookNotReadable(f"{shown} is not UTF-8: {problem}") from None
    if file.endswith(JUPYTER):
        return jupyter_cells(text, shown), None
    return source_cells(text, shown), text


def lines_of(text):
    """Lines as Python counts them: other line separators, such as a form feed, are part of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def trimmed(lines, first_line):
    while lines and not lines[0].strip():
        lines = lines[1:]
        first_line += 1
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines, first_line


# Databricks' source format


def source_cells(text, shown):
    lines = lines_of(text)
    if not lines or lines[0].strip() != HEADER:
        raise NotebookNotFound(f"not a notebook: its first line is not '{HEADER}'")
    cells = []
    start = 1
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].strip() == SEPARATOR:
            cell = source_cell(len(cells) + 1, shown, start + 1, lines[start:index])
            if cell.lines:
                cells.append(cell)
            start = index + 1
    return cells


def source_cell(number, shown, first_line, lines):
    lines, first_line = trimmed(lines, first_line)
    if lines and lines[0].startswith("# DBTITLE "):
        lines = lines[1:]
        first_line += 1
    marked = [line.startswith(MAGIC) for line in lines]
    mixed = any(marked) and any(is_code(line) and not mark for line, mark in zip(lines, marked))
    return Cell(number, shown, first_line, [without_mark(line) for line in lines], is_mixed=mixed)


def is_code(line):
    return line.strip() != "" and not line.lstrip().startswith("#")


def without_mark(line):
    if not line.startswith(MAGIC):
        return line
    text = line[len(MAGIC):]
    return text[1:] if text.startswith(" ") else text


# Jupyter's


def jupyter_cells(text, shown):
    notebook = jupyter(text, shown)
    found = []
    for cell in raw_cells(notebook, shown):
        if not isinstance(cell, dict):
            raise NotebookNotReadable(f"{shown} is not a Jupyter notebook: one of its cells is not an object")
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(str(line) for line in source)
        lines, first_line = trimmed(lines_of(str(source)), 1)
        if lines:
            number = len(found) + 1
            is_text = cell.get("cell_type") != "code"
            found.append(Cell(number, f"{shown}, cell {number}", first_line, lines, is_text))
    return found


def jupyter(text, shown):
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotebookNotReadable(f"{shown} is not a Jupyter notebook: not JSON: {problem}") from None
    if not isinstance(notebook, dict):
        raise NotebookNotReadable(f"{shown} is not a Jupyter notebook: not a JSON object")
    version = notebook.get("nbformat", 4)
    if version not in (3, 4):
        raise NotebookNotReadable(
            f"{shown} has nbformat {version}; 3 and 4 are supported: open it in Jupyter and save it again"
        )
    language = language_of(notebook)
    if language not in PYTHON:
        raise NotebookNotReadable(f"{shown} is written in {language}; a local workspace runs only Python")
    return notebook


def language_of(notebook):
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for place in (metadata.get("application/vnd.databricks.v1+notebook"), metadata.get("kernelspec")):
        if isinstance(place, dict) and isinstance(place.get("language"), str):
            return place["language"].lower()
    info = metadata.get("language_info")
    name = info.get("name") if isinstance(info, dict) else None
    return name.lower() if isinstance(name, str) else "python"


def raw_cells(notebook, shown):
    if isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list) and all(isinstance(sheet, dict) for sheet in sheets):
        return [cell for sheet in sheets for cell in sheet.get("cells", [])]
    raise NotebookNotReadable(f"{shown} is not a Jupyter notebook: it has no cells")
