"""Broken and hostile files, made from the specification: each fails in its own way, nothing of any comes out."""

import resource
import subprocess
import sys
import time

import pytest

from omtui.credentials.age.fault import AgeFault, NotOpened
from omtui.credentials.age.recipients import Passphrase
from omtui.credentials.age.sealing import open_sealed
from omtui.credentials.secret import Secret
from tests.credentials.age import forge

IDENTITY = Passphrase(Secret(forge.PASSPHRASE))
SOUND = forge.header() + forge.payload()


def outcome(data: bytes) -> bytes | AgeFault:
    opened = open_sealed(data, [IDENTITY], largest=64 << 20)
    return opened.fault if isinstance(opened, NotOpened) else opened


SOUND_FILES = {
    "plain": SOUND,
    "empty payload": forge.header() + forge.payload(b""),
    "whole chunks": forge.header() + forge.payload(bytes(2 * forge.CHUNK)),
    "armour": forge.armoured(SOUND),
    "armour with crlf": forge.armoured(SOUND, end="\r\n"),
    "armour without last line end": forge.armoured(SOUND).rstrip(b"\n"),
    "armour amid white space": b" \r\n\t" + forge.armoured(SOUND) + b"\n \n",
}


@pytest.mark.parametrize("name", SOUND_FILES)
def test_sound_files_open(name: str) -> None:
    assert isinstance(outcome(SOUND_FILES[name]), bytes)


BODY = forge.b64(forge.scrypt_body())
"""43 signs for 32 bytes: the last one leaves two bits unused, so the next sign means the same bytes."""

SALT = forge.b64(b"sixteen bytes of")


def scrypt_line(line: str, body: str = BODY) -> bytes:
    return forge.header(f"{line}\n{body}\n") + forge.payload()


BROKEN_HEADERS = {
    "nothing": b"",
    "another version": SOUND.replace(b"/v1\n", b"/v2\n"),
    "version with more behind": SOUND.replace(b"/v1\n", b"/v1 \n"),
    "crlf": SOUND.replace(b"\n", b"\r\n", 4),
    "no recipients": forge.header("") + forge.payload(),
    "no mac": SOUND.split(b"--- ")[0] + b"---\n" + forge.payload(),
    "mac too short": SOUND.split(b"--- ")[0] + b"--- AAAA\n" + forge.payload(),
    "mac not canonical": SOUND.replace(b"\n--- ", b"\n--- A", 1),
    "mac after two spaces": SOUND.replace(b"\n--- ", b"\n---  ", 1),
    "mac line with a space behind": forge.header()[:-1] + b" \n" + forge.payload(),
    "ends in the header": forge.header()[:40],
    "no nonce": forge.header(),
    "nonce cut short": forge.header() + b"fifteen bytes..",
    "passphrase twice": forge.header(forge.scrypt_stanza() * 2) + forge.payload(),
    "passphrase with another": forge.header(forge.scrypt_stanza() + "-> X25519 AAAA\nAAAA\n") + forge.payload(),
    "no cost": scrypt_line(f"-> scrypt {SALT}"),
    "cost zero": scrypt_line(f"-> scrypt {SALT} 0"),
    "cost with zero before": scrypt_line(f"-> scrypt {SALT} 010"),
    "cost with plus": scrypt_line(f"-> scrypt {SALT} +10"),
    "cost negative": scrypt_line(f"-> scrypt {SALT} -10"),
    "cost in hex": scrypt_line(f"-> scrypt {SALT} 0xA"),
    "cost with letters behind": scrypt_line(f"-> scrypt {SALT} 10a"),
    "cost of very many digits": scrypt_line(f"-> scrypt {SALT} 18446744073709551626"),
    "salt too short": scrypt_line("-> scrypt AAAA 10"),
    "salt too long": scrypt_line(f"-> scrypt {forge.b64(bytes(17))} 10"),
    "salt padded": scrypt_line(f"-> scrypt {SALT}== 10"),
    "one argument more": scrypt_line(f"-> scrypt {SALT} 10 10"),
    "two spaces": scrypt_line(f"-> scrypt {SALT}  10"),
    "no arrow": scrypt_line(f"->scrypt {SALT} 10"),
    "control character": scrypt_line(f"-> scrypt {SALT} 10\x07"),
    "letter that is not ascii": scrypt_line(f"-> scrypt {SALT} 1é"),
    "no body": forge.header(f"-> scrypt {SALT} 10\n") + forge.payload(),
    "body not canonical": scrypt_line(f"-> scrypt {SALT} 10", BODY[:-1] + chr(ord(BODY[-1]) + 1)),
    "body padded": scrypt_line(f"-> scrypt {SALT} 10", BODY + "="),
    "body on too long a line": scrypt_line(f"-> scrypt {SALT} 10", "A" * 68),
    "body without a short last line": scrypt_line(f"-> scrypt {SALT} 10", "A" * 64),
    "body of two short lines": scrypt_line(f"-> scrypt {SALT} 10", BODY[:20] + "\n" + BODY[20:]),
    "file key too long": forge.header(forge.scrypt_stanza(body=forge.scrypt_body(bytes(24))), mac_key=bytes(24)),
}


@pytest.mark.parametrize("name", BROKEN_HEADERS)
def test_broken_headers(name: str) -> None:
    assert outcome(BROKEN_HEADERS[name]) is AgeFault.HEADER


OTHER_FAULTS = {
    "wrong passphrase": (
        forge.header(forge.scrypt_stanza(body=forge.scrypt_body(passphrase="another"))) + forge.payload(),
        AgeFault.NO_MATCH,
    ),
    "only for somebody unknown": (forge.header("-> tomorrow arg! ~\nAAAA\n") + forge.payload(), AgeFault.NO_MATCH),
    "kind in capitals": (scrypt_line(f"-> SCRYPT {SALT} 10"), AgeFault.NO_MATCH),
    "cost stated wrong": (scrypt_line(f"-> scrypt {SALT} 11"), AgeFault.NO_MATCH),
    "mac of another key": (forge.header(mac_key=bytes(16)) + forge.payload(), AgeFault.MAC),
    "cost 19": (scrypt_line(f"-> scrypt {SALT} 19"), AgeFault.TOO_COSTLY),
    "cost 23": (scrypt_line(f"-> scrypt {SALT} 23"), AgeFault.TOO_COSTLY),
    "cost 64": (scrypt_line(f"-> scrypt {SALT} 64"), AgeFault.TOO_COSTLY),
}


@pytest.mark.parametrize("name", OTHER_FAULTS)
def test_other_faults(name: str) -> None:
    data, fault = OTHER_FAULTS[name]
    assert outcome(data) is fault


FULL = bytes(forge.CHUNK)
BROKEN_PAYLOADS = {
    "no chunk": forge.with_chunks(),
    "tag cut": forge.with_chunks(forge.chunk(0, b"x", last=True)[:-1]),
    "less than a tag": forge.with_chunks(b"short"),
    "last chunk missing": forge.with_chunks(forge.chunk(0, FULL, last=False)),
    "never marked as last": forge.with_chunks(forge.chunk(0, b"x", last=False)),
    "two marked as last": forge.with_chunks(forge.chunk(0, FULL, last=True), forge.chunk(1, b"x", last=True)),
    "last chunk empty": forge.with_chunks(forge.chunk(0, FULL, last=False), forge.chunk(1, b"", last=True)),
    "short chunk in the middle": forge.with_chunks(forge.chunk(0, b"x", last=False), forge.chunk(1, b"y", last=True)),
    "chunks swapped": forge.with_chunks(
        forge.chunk(1, FULL, last=False), forge.chunk(0, FULL, last=False), forge.chunk(2, b"x", last=True)
    ),
    "a byte behind": SOUND + b"x",
    "much behind": SOUND + bytes(100),
    "second chunk changed": forge.with_chunks(forge.chunk(0, FULL, last=False), b"x" + forge.chunk(1, b"y", last=True)),
}


@pytest.mark.parametrize("name", BROKEN_PAYLOADS)
def test_broken_payloads(name: str) -> None:
    assert outcome(BROKEN_PAYLOADS[name]) is AgeFault.PAYLOAD


def changed_armour(old: str, new: str) -> bytes:
    return forge.armoured(SOUND).decode().replace(old, new, 1).encode()


LINES = forge.armoured(SOUND).decode().splitlines()
BROKEN_ARMOUR = {
    "something before": b"Dear colleague,\n" + forge.armoured(SOUND),
    "something behind": forge.armoured(SOUND) + b"Kind regards\n",
    "lower case": changed_armour("BEGIN AGE ENCRYPTED FILE", "begin age encrypted file"),
    "another type": changed_armour("BEGIN AGE ENCRYPTED FILE", "BEGIN AGE ENCRYPTED MESSAGE"),
    "spaces inside": changed_armour("-----BEGIN AGE ENCRYPTED FILE-----", "----- BEGIN AGE ENCRYPTED FILE -----"),
    "headers": changed_armour(LINES[1], "Comment: hello\n\n" + LINES[1]),
    "no end": "\n".join(LINES[:-1]).encode(),
    "only a beginning": LINES[0].encode(),
    "empty line at the start": changed_armour(LINES[1], "\n" + LINES[1]),
    "empty line at the end": changed_armour(LINES[-1], "\n" + LINES[-1]),
    "long line": changed_armour(LINES[1] + "\n", LINES[1]),
    "short line": changed_armour(LINES[1], LINES[1][:32] + "\n" + LINES[1][32:]),
    "space at a line's end": changed_armour(LINES[1], LINES[1] + " "),
    "space at a line's start": changed_armour(LINES[1], " " + LINES[1]),
    "strange character": changed_armour(LINES[1], "_" + LINES[1][1:]),
    "character that is not ascii": forge.armoured(SOUND).replace(b"END", b"\xc3\x89ND"),
    "padding in the middle": changed_armour(LINES[1], LINES[1][:-1] + "="),
    "checksum": changed_armour(LINES[-1], "=AAAA\n" + LINES[-1]),
}


@pytest.mark.parametrize("name", BROKEN_ARMOUR)
def test_broken_armour(name: str) -> None:
    assert outcome(BROKEN_ARMOUR[name]) is AgeFault.ARMOUR


@pytest.mark.parametrize("cost", ["19", "23", "63", "64", "99999"])
def test_a_dear_file_is_refused_at_once_and_takes_no_memory(cost: str) -> None:
    data = scrypt_line(f"-> scrypt {SALT} {cost}")
    outcome(SOUND)  # imports
    before, seconds = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    for _ in range(5):
        started = time.perf_counter()
        assert outcome(data) is AgeFault.TOO_COSTLY
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.05
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4096


def test_too_little_memory_is_an_answer_and_no_crash() -> None:
    script = f"""
import resource
from omtui.credentials.age.recipients import Passphrase
from omtui.credentials.age.sealing import open_sealed
from omtui.credentials.secret import Secret
identity = Passphrase(Secret("x"))
open_sealed(bytes.fromhex("{SOUND.hex()}"), [identity])
resource.setrlimit(resource.RLIMIT_AS, (250 << 20, 250 << 20))
print(open_sealed(bytes.fromhex("{scrypt_line(f"-> scrypt {SALT} 18").hex()}"), [identity]).message)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "not enough memory" in done.stdout
    assert "256 MiB" in done.stdout
