"""`omtui doctor`: what works on this machine, and what to do about the rest."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from omtui.commands.arguments import ParsedArguments
from omtui.commands.columns import GAP
from omtui.commands.output import Output
from omtui.commands.profile_arguments import chosen_library
from omtui.plain_text import plain
from omtui.text_width import padded, width_of, wrapped

PATIENCE = 2.0
"""How long the network is asked, in seconds."""


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One line. `ok` is false where something needs doing; `advice` is then what."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(args: ParsedArguments, out: Output) -> int:
    """What works here."""
    checks = list(_checks(args))
    if args.flag("--json"):
        keys = ("name", "ok", "detail", "advice")
        out.json({"checks": [{key: getattr(check, key) for key in keys} for check in checks]})
    else:
        _show(checks, out)
    return int(not all(check.ok for check in checks))


def _checks(args: ParsedArguments) -> Iterator[DoctorLine]:
    from omtui.credentials.doctor import doctor_facts
    from omtui.credentials.machine import Machine

    environment = args.environment
    yield _program()
    yield _terminal(environment)
    yield _locale()
    yield _library(chosen_library(args))
    yield _state()
    yield _settings()
    # Whether a proxy answers is checked below; the proxy for sign-ins is one of the facts on credentials.
    for fact in doctor_facts(Machine(environ=environment), environment):
        yield DoctorLine(fact.name, fact.ok, plain(fact.detail), plain(fact.advice))
    yield from _proxies(environment, ask=not args.flag("--no-network"))
    yield _openssh(environment)


def _program() -> DoctorLine:
    from omtui import __version__

    version = ".".join(map(str, sys.version_info[:3]))
    return DoctorLine("omtui", True, f"{__version__} on Python {version}, {sys.platform}")


def _terminal(environment: Mapping[str, str]) -> DoctorLine:
    kind = environment.get("TERM", "")
    if kind in ("", "dumb"):
        advice = "Set TERM to what your terminal is. The commands work without: omtui ask enters a task's fields."
        return DoctorLine("terminal", False, "TERM is dumb" if kind else "TERM is not set", advice)
    around = [plain(kind)]
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
        around.append(f"{size.columns}x{size.lines}")
    except (OSError, ValueError):
        around.append("output is not on a terminal")
    if environment.get("NO_COLOR"):
        around.append("NO_COLOR")
    elif environment.get("COLORTERM"):
        around.append(plain(environment["COLORTERM"]))
    for name, words in (("SSH_CONNECTION", "over SSH"), ("TMUX", "in tmux"), ("STY", "in screen")):
        if environment.get(name):
            around.append(words)
    return DoctorLine("terminal", True, ", ".join(around))


def _locale() -> DoctorLine:
    import locale

    encoding = locale.getpreferredencoding(False)
    if encoding.replace("-", "").lower() == "utf8":
        return DoctorLine("locale", True, encoding)
    advice = "Set LANG to a UTF-8 locale such as C.UTF-8; until then omtui --ascii reads best."
    return DoctorLine("locale", False, f"{plain(encoding)}, not UTF-8", advice)


def _library(folder: Path) -> DoctorLine:
    shown = plain(folder)
    if not folder.exists():
        above = next((each for each in folder.absolute().parents if each.exists()), folder)
        if os.access(above, os.W_OK | os.X_OK):
            return DoctorLine("library", True, f"{shown} is made with the first profile")
        return DoctorLine(
            "library", False, f"{shown} cannot be made", f"{plain(above)} is not yours to write; see --library."
        )
    if not folder.is_dir():
        return DoctorLine("library", False, f"{shown} is not a folder", "Name another with --library or OMTUI_LIBRARY.")
    if not os.access(folder, os.R_OK | os.X_OK):
        return DoctorLine("library", False, f"{shown} may not be read", "Check its permission.")
    from omtui.store.library import Library

    count = len(Library(folder, folder).names())
    files = f"{shown}, {count} {'profile' if count == 1 else 'profiles'}"
    if not os.access(folder, os.W_OK):
        return DoctorLine("library", False, f"{files}, may not be written", "Check its permission.")
    if folder.stat().st_mode & 0o002:
        return DoctorLine("library", False, f"{files}, everybody may change it", f"chmod o-w {shown}")
    return DoctorLine("library", True, files)


def _state() -> DoctorLine:
    from omtui.store.database import Database
    from omtui.store.folders import state_folder

    folder = state_folder()
    database = Database(folder)
    database.use(lambda _: None, None)
    if database.trouble:
        return DoctorLine("state", False, database.trouble, "Check the folder's permission and space.")
    if folder.stat().st_mode & 0o077:
        return DoctorLine("state", False, f"others may look into {plain(folder)}", f"chmod 700 {plain(folder)}")
    return DoctorLine("state", True, f"{plain(folder)}: undo, drafts and the log are kept")


def _settings() -> DoctorLine:
    from omtui.service.settings import read_settings
    from omtui.store.folders import config_folder

    path = config_folder() / "settings.toml"
    settings = read_settings(path)
    if settings.faults:
        return DoctorLine("settings", False, plain("; ".join(settings.faults)), f"Correct {plain(path)}.")
    return DoctorLine("settings", True, plain(path) if path.exists() else "none, the defaults hold")


def _proxies(environment: Mapping[str, str], *, ask: bool) -> Iterator[DoctorLine]:
    from omtui.topology.proxies import Proxies

    proxies = Proxies(environment)
    if proxies.problem:
        yield DoctorLine("proxies", False, proxies.problem, "Probes go past it; correct the variable if they must not.")
        return
    found = {
        scheme: proxy
        for scheme in ("https", "http")
        if (proxy := proxies.for_target(scheme, "pod.example", 443 if scheme == "https" else 80))
    }
    if not found:
        yield DoctorLine("proxies", True, "none")
        return
    shown = ", ".join(f"{scheme} by {plain(proxy.shown)}" for scheme, proxy in found.items())
    silent = {(proxy.host, proxy.port) for proxy in found.values() if ask and not _answers(proxy.host, proxy.port)}
    for host, port in silent:
        advice = "Check the name and port of the proxy, or unset the variable."
        yield DoctorLine("proxies", False, f"{shown}; nothing answers at {plain(host)}:{port}", advice)
    if not silent:
        yield DoctorLine("proxies", True, shown + ("; it answers" if ask else ""))


def _answers(host: str, port: int) -> bool:
    import socket

    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True


def _openssh(environment: Mapping[str, str]) -> DoctorLine:
    import shutil
    import subprocess

    program = shutil.which("ssh", path=environment.get("PATH"))
    if program is None:
        advice = "Install the OpenSSH client to look from other hosts; nothing else needs it."
        return DoctorLine("OpenSSH", False, "there is no program ssh", advice)
    try:
        answer = subprocess.run(
            [program, "-V"], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return DoctorLine(
            "OpenSSH", False, f"{plain(program)} does not print its version", "Check that it runs: ssh -V"
        )
    version = (answer.stderr or answer.stdout).decode("utf-8", "replace").strip()
    return DoctorLine("OpenSSH", True, f"{plain(version)}: {plain(program)}")


def _show(checks: list[DoctorLine], out: Output) -> None:
    column = max(width_of(check.name) for check in checks) + GAP
    width = out.width or 100
    for check in checks:
        word = "ok   " if check.ok else "look "
        lead = f"{word}{padded(check.name, column)}"
        first, *rest = wrapped(check.detail, max(width - len(lead), 20))
        colour = ("32" if check.ok else "33") if out.colour else ""
        out.line((f"\x1b[{colour}m{word}\x1b[0m{lead[len(word) :]}" if colour else lead) + first)
        for line in (*rest, *(wrapped(check.advice, max(width - len(lead), 20)) if check.advice else ())):
            out.line(" " * len(lead) + line)
