"""Both commands on a bare machine: a minimal Debian 12 with python3 alone, in a folder that is gone afterwards.

    make bare        (as root; needs debootstrap, unshare, a Debian mirror and a package index, 6 GB, half an hour)
    python3 -m tests.bare tests/certificates tests/store        (the second command on a part, a quarter of an hour)

The machine inside installs from where this one does: its settings of apt and pip are copied in as it starts. The
project lies there the way an archive of it unpacks, without git, in a folder named like one that is ignored, beside
junk. Standard library only: it runs with the machine's own Python.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.house_rules.tree import ROOT, tracked

RELEASE = "bookworm"
ROOM = 6_000_000_000  # bytes
FIRST_PAGE = 1200  # seconds until `run` answers: packages are installed first
WHOLE_TEST = 5400  # seconds for `test`
PLACE = "srv/var/champion-companies-main"
CERTIFICATES = "srv/certificates.pem"
JUNK = {
    "conftest.py": "raise SystemExit('not of this project')",
    "pyproject.toml": "[tool.ruff]\nselect = ['ALL']\n",
    ".gitignore": "*\n",
}
SETTINGS = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/xdg/pip", "/etc/apt/auth.conf.d")
PASSED_ON = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
TRUSTING = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
# Its own mounts and processes: both end with the first process, whatever that one left running.
INSIDE = """
set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
for path in $2; do mkdir -p "$1$path"; mount --bind "$path" "$1$path"; done
exec chroot "$1" /bin/sh -c "cd /$3 && exec $4"
"""


def main(chosen: Sequence[str] = ()) -> int:
    """0 when both commands did what they should."""
    if lacking := needs():
        print("make bare cannot start:", *lacking, sep="\n  ")
        return 2
    with bare_machine() as machine:
        return int(not (serves(machine) and passes(machine, chosen)))


def needs() -> list[str]:
    """What this machine lacks, a line each."""
    tools = {"debootstrap": "debootstrap", "unshare": "util-linux", "chroot": "coreutils"}
    lacking = [f"{tool} is missing: apt-get install {name}" for tool, name in tools.items() if not shutil.which(tool)]
    if os.geteuid() != 0:
        lacking.append("it has to be root: it makes a root file system and mounts in it")
    if shutil.disk_usage(tempfile.gettempdir()).free < ROOM:
        lacking.append(f"{tempfile.gettempdir()} has less than {ROOM // 10**9} GB left; TMPDIR names another place")
    return lacking


@contextmanager
def bare_machine() -> Iterator[Path]:
    """A fresh root file system with the project in it."""
    machine = Path(tempfile.mkdtemp(prefix="portal-bare-"))
    try:
        machine.chmod(0o755)
        sources = debian_sources()
        mirror = [next(line.split()[1] for line in sources if f" {RELEASE} " in line)] if sources else []
        say(f"Debian {RELEASE} with python3 alone, in {machine}")
        debootstrap = ["debootstrap", "--variant=minbase", "--include=python3", RELEASE, str(machine), *mirror]
        subprocess.run(debootstrap, check=True, stdout=subprocess.DEVNULL)
        copy_settings(machine, sources)
        copy_project(machine / PLACE)
        yield machine
    finally:
        shutil.rmtree(machine, ignore_errors=True)


def debian_sources() -> list[str]:
    """Where this machine gets Debian from, a `deb` line each; none when it is another system."""
    line = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
    asked = ["apt-get", "indextargets", "--format", line, "Origin: Debian"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    return sorted({one for one in told if f" {RELEASE}" in one})


def copy_settings(machine: Path, sources: list[str]) -> None:
    """Lets the machine inside find the same mirrors and indexes, and trust the same certificates."""
    if sources:
        (machine / "etc/apt/sources.list").write_text("\n".join(sources) + "\n")
    fetching = [path for path in Path("/etc/apt/apt.conf.d").iterdir() if "Acquire::" in path.read_text()]
    named = [path for path in map(Path, pip_paths()) if path.is_file()]
    for path in (*map(Path, SETTINGS), *fetching, *named):
        inside = machine / path.relative_to("/")
        if path.is_dir():
            shutil.copytree(path, inside, dirs_exist_ok=True)
        elif path.is_file():
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, inside)
    for bundle in certificates():  # apart: a package that is installed later writes the system's own anew
        shutil.copy(bundle, machine / CERTIFICATES)


def certificates() -> list[str]:
    """The file of certificates that pip is told to trust, if it is told."""
    return [value for name, value in pip_settings() if name == "cert" and Path(value).is_file()][:1]


def pip_settings() -> list[tuple[str, str]]:
    """Names and values of what pip is told on this machine, by files and by the environment."""
    asked = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    return [
        (name.rpartition(".")[2], value.strip("'\"")) for name, _equals, value in (one.partition("=") for one in told)
    ]


def pip_paths() -> list[str]:
    """Files and folders that pip's settings name: constraints, folders with packages."""
    words = [word for _name, value in pip_settings() for word in value.split()]
    paths = [urlsplit(word).path for word in words if word.startswith(("/", "file:///"))]
    return sorted({path for path in paths if Path(path).exists()})


def copy_project(place: Path) -> None:
    """As an archive unpacks, with junk around it."""
    for path in tracked():
        inside = place / path.relative_to(ROOT)
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, inside)
    for name, text in JUNK.items():
        (place.parent / name).write_text(text)


@contextmanager
def running(machine: Path, command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command in the project's folder inside, with an empty environment but for what finds packages.

    After the block everything it started is gone, and its mounts with it.
    """
    folders = " ".join(path for path in pip_paths() if Path(path).is_dir())
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(PASSED_ON)}
    kept |= dict.fromkeys(TRUSTING, f"/{CERTIFICATES}") if certificates() else {}
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    inside = ["/bin/sh", "-c", INSIDE, "inside", str(machine), folders, PLACE, command]
    say(command)
    with subprocess.Popen([*unshare, *inside], env={**environment, **kept, **more}) as started:
        try:
            yield started
        finally:
            started.kill()


def serves(machine: Path) -> bool:
    """Whether `./portal run` comes up with its demonstration, twice: the second time nothing is installed."""
    port, mail_port = free_port(), free_port()
    for again in (False, True):
        began = time.monotonic()
        with running(machine, "./portal run", PORT=str(port), MAIL_PORT=str(mail_port)) as portal:
            page = first_page(portal, f"http://127.0.0.1:{port}/en/register", 60 if again else FIRST_PAGE)
        if "Fast Turtle" not in page:
            say("./portal run does not serve its demonstration")
            return False
        say(f"./portal run answered after {time.monotonic() - began:.0f} s")
    return True


def first_page(portal: subprocess.Popen[bytes], address: str, seconds: float) -> str:
    """The page, as soon as there is one; empty when the command ended or time is over."""
    limit = time.monotonic() + seconds
    while portal.poll() is None and time.monotonic() < limit:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return ""


def passes(machine: Path, chosen: Sequence[str]) -> bool:
    """Whether `./portal test` finds everything, or what is chosen, well, after `run` installed less than it needs."""
    began, failed = time.monotonic(), True
    with running(machine, shlex.join(["./portal", "test", *chosen])) as testing, suppress(subprocess.TimeoutExpired):
        failed = testing.wait(WHOLE_TEST) != 0
    say(f"./portal test {'failed' if failed else 'passed'} after {time.monotonic() - began:.0f} s")
    return not failed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(what: str) -> None:
    print(f"bare: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
