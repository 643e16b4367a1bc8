"""Finds magic commands in Python code: lines that start a statement with % or !, as in IPython."""

import ast
import re

ASSIGNED = re.compile(r"([^=!%'\"#]+)=\s*([%!])(?!=)(.*)", re.DOTALL)
ASKED = re.compile(r"[\w.]+\?{1,2}")
TIMED = ("time", "timeit")

# IPython's automagic: commands without a sign, where Python can't parse the line.
AUTOMAGIC = re.compile(
    r"(?:pip|conda|mamba|uv|cd|ls|ll|pwd|cat|env|set_env|who|whos|time|timeit|prun|matplotlib|load_ext|reload_ext|autoreload"
    r"|config|run|restart_python|man|more|less|mkdir|rmdir|rm|cp|mv)(?:\s+[^\s=.(\[,].*)?"
)
FLAGS = re.compile(r"^(?:-[nrp]\s*\d+\s+|-[qoct]+\s+)*")


def magic_lines(lines):
    """The lines with each magic command replaced by a Python call; no line moves."""
    found = list(lines)
    for first, last in statements(lines):
        text = joined(lines, first, last)
        indent = text[: len(text) - len(text.lstrip())]
        call = call_of(text.strip())
        if call is not None:
            found[first] = indent + call
            for index in range(first + 1, last + 1):
                found[index] = ""
    return found


def joined(lines, first, last):
    return " ".join(line.rstrip().removesuffix("\\") for line in lines[first : last + 1])


def call_of(text):
    if text.startswith("!"):
        return f"get_ipython().system({text.lstrip('!').strip()!r})"
    if text.startswith("%"):
        return line_magic(text)
    if text.startswith("?") or ASKED.fullmatch(text):
        return f"get_ipython().run_line_magic('pinfo', {text.strip('?')!r})"
    assigned = ASSIGNED.fullmatch(text)
    if assigned is None:
        return line_magic("%" + text) if AUTOMAGIC.fullmatch(text) and not is_python(text) else None
    target, sign, rest = assigned.groups()
    value = f"get_ipython().getoutput({rest.strip()!r})" if sign == "!" else line_magic("%" + rest)
    return None if value is None else f"{target.strip()} = {value}"


def line_magic(text):
    match = re.match(r"%+([A-Za-z_][\w.-]*)\s*", text)
    if match is None:
        return None
    if match.group(1) in TIMED:
        # The statement itself, with the names of the enclosing function.
        return FLAGS.sub("", text[match.end() :]) or "pass"
    return f"get_ipython().run_line_magic({match.group(1)!r}, {text[match.end():]!r})"


def statements(lines):
    """First and last line of each possible magic statement; it ends at a line without a trailing backslash."""
    depth, quote, index = 0, None, 0
    while index < len(lines):
        text = lines[index].strip()
        if depth == 0 and quote is None and text and is_magic(text):
            last = index
            while lines[last].rstrip().endswith("\\") and last + 1 < len(lines):
                last += 1
            yield index, last
            index = last + 1
            continue
        depth, quote, goes_on = scan(lines[index], depth, quote)
        while goes_on and index + 1 < len(lines):
            index += 1
            depth, quote, goes_on = scan(lines[index], depth, quote)
        index += 1


def is_magic(text):
    if text[0] in "%!?" or ASKED.fullmatch(text) is not None or ASSIGNED.fullmatch(text) is not None:
        return True
    return AUTOMAGIC.fullmatch(text) is not None and not is_python(text)


def is_python(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def scan(line, depth, quote):
    """Brackets and quotes that are open after a line, and whether a backslash continues it."""
    at = 0
    while at < len(line):
        if quote is not None:
            if line[at] == "\\":
                at += 2
            elif line.startswith(quote, at):
                at += len(quote)
                quote = None
            else:
                at += 1
            continue
        sign = line[at]
        if sign == "#":
            return depth, None, False
        if sign in "'\"":
            quote = sign * 3 if line.startswith(sign * 3, at) else sign
            at += len(quote)
            continue
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth = max(0, depth - 1)
        at += 1
    goes_on = line.endswith("\\")
    if quote is not None and len(quote) == 1 and not goes_on:
        quote = None  # An unterminated string: Python will report it.
    return depth, quote, goes_on
