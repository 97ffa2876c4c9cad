"""What machine this is, and which versions were measured."""

import os
import platform
import re
import subprocess
from pathlib import Path


def first_line(*command):
    """The first line that a program says, wherever it says it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return next(iter(done.stdout.splitlines()), "")


def version(*command):
    """A program's version, without the words around it."""
    found = re.search(r"\d+\.\d+(\.\d+)?", first_line(*command))
    return found.group() if found else "unknown"


def describe(guuru, folder):
    """Facts in the order in which the report tells them."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return {
        "processor": f"{processor.group(1) if processor else platform.machine()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory:.0f} GiB",
        "system": f"{system}, Linux {'.'.join(platform.release().split('.')[:2])}",
        "file system": first_line("findmnt", "-n", "-o", "FSTYPE", "-T", str(folder)),
        "guuru": version(guuru, "--version"),
        "rustc": version("rustc", "--version"),
        "wrk": version("wrk", "-v"),
        "Node.js": version("node", "--version"),
        "webhook": version("webhook", "-version"),
        "Python": version("python3", "--version"),
        "curl": version("curl", "--version"),
    }
