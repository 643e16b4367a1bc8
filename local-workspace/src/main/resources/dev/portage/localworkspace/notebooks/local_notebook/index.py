"""Why pip can't install: a sentence with the package's name and an alternative."""

import re
import sys

# In search order: pip reports the final consequence of each as a missing version.
REASONS = [
    (
        r"certificate verify failed|CERTIFICATE_VERIFY_FAILED|SSLError|TLSV1_ALERT",
        "the package index's certificate is not trusted here: name the authority's file in PIP_CERT before the sandbox "
        "starts",
    ),
    (
        r"\b(?:401|403|407)\b.*(?:Client Error|Error)|ProxyError|Tunnel connection failed",
        "the package index or the proxy before it refuses this machine: put the login into pip's configuration or "
        "~/.netrc",
    ),
    (
        r"NewConnectionError|NameResolutionError|Max retries exceeded|Connect(?:ion)?Timeout|ReadTimeout"
        r"|Temporary failure in name resolution|Network is unreachable|Connection refused|getaddrinfo failed"
        r"|Could not fetch URL",
        "no package index can be reached from this machine: connect it, name one in PIP_INDEX_URL before the sandbox "
        "starts, or commit the wheel and install it by its path",
    ),
]
MISSING = re.compile(r"No matching distribution found for (.+)")
VERSIONS = re.compile(r"Could not find a version that satisfies the requirement (.+?) \(from versions: (.*)\)")
UNBUILT = re.compile(r"(?:Failed to build|Failed building wheel for|building wheel for) ['\"]?([\w.-]+)")
CONFLICT = re.compile(r"Cannot install (.+) because these package versions have conflicting dependencies")
CLONE = re.compile(r"git clone .* did not run successfully|Cannot find command 'git'")
LONGEST_LIST = 5


def trouble(said):
    for pattern, reason in REASONS:
        if re.search(pattern, said):
            return prefixed(said, reason)
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    versions = VERSIONS.search(said)
    if versions is not None and versions.group(2) not in ("", "none"):
        last = versions.group(2).split(", ")[-LONGEST_LIST:]
        return (
            f"no version of it fits {versions.group(1)} on {python}; the package index has {', '.join(last)}: "
            "ask for one of these"
        )
    missing = MISSING.search(said)
    if missing is not None:
        return (
            f"{missing.group(1).strip()} is not in the package index of this machine for {python}: check its name, name "
            "another index in PIP_INDEX_URL before the sandbox starts, or commit the wheel and install it by its path"
        )
    conflict = CONFLICT.search(said)
    if conflict is not None:
        return f"{conflict.group(1)} need versions of another package that exclude each other: change one of them"
    unbuilt = UNBUILT.search(said)
    if unbuilt is not None:
        return (
            f"{unbuilt.group(1)} has no wheel for {python} and could not be built here: ask for a version that has one"
        )
    if CLONE.search(said):
        return "the repository could not be cloned: check its address and the login that git has for it"
    lines = [line for line in said.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or ["pip said nothing"]
    return told[-1].removeprefix("ERROR: ")


def prefixed(said, reason):
    missing = MISSING.search(said)
    return f"{missing.group(1).strip()}: {reason}" if missing is not None else reason
