"""The whole run: measure, keep the figures, write the report."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import calling, growth, machine, plots, receiving, report
from .load import Load


@dataclass
class Plan:
    """How much of everything is done."""

    rounds: int = 7
    seconds: int = 2
    one_shots: int = 60
    messages: int = 4000
    curls: int = 100
    turns: int = 20
    sizes: tuple = (1_000, 10_000, 100_000, 1_000_000)
    slice: int = 1
    posts: int = 300
    looks: int = 15
    batches: tuple = (10, 100, 1_000, 10_000, 100_000)


QUICK = {
    "rounds": 1,
    "seconds": 1,
    "one_shots": 5,
    "messages": 200,
    "curls": 20,
    "turns": 4,
    "sizes": (1_000, 10_000),
    "posts": 50,
    "looks": 3,
    "batches": (10, 100, 1_000),
}
PARTS = ("receiving", "calling", "growth")


def say(text):
    print(text, file=sys.stderr)


def arguments():
    parser = argparse.ArgumentParser(prog="benches/compare", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of about a minute")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; the others' figures stay")
    parser.add_argument("--report", action="store_true", help="measure nothing: write the report of the last run again")
    parser.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(args, plan, parts):
    programs = dict(line.split("\t") for line in (args.folder / "programs").read_text().splitlines())
    results = {"machine": machine.describe(programs["guuru"], args.folder)}
    # On the disk, not in memory: what fsync costs is half of the matter.
    work = Path(tempfile.mkdtemp(prefix="run-", dir=args.folder)).resolve()
    try:
        load = Load(work)
        if "receiving" in parts:
            results["receiving"] = receiving.measure(programs, work, load, plan, say)
        if "calling" in parts:
            results["calling"] = calling.measure(programs, work, plan, say)
        if "growth" in parts:
            results["growth"] = growth.measure(programs, work, load, plan, say)
    finally:
        shutil.rmtree(work)
    return results


def main():
    args = arguments()
    plan = Plan(**QUICK) if args.quick else Plan()
    kept = args.folder / ("quick.json" if args.quick else "results.json")
    results = json.loads(kept.read_text()) if kept.exists() else {}
    if not args.report:
        start = time.monotonic()
        parts = args.only or PARTS
        results |= json.loads(json.dumps(measure(args, plan, parts)))
        results["again"] = sorted(set(results.get("again", [])) | set(args.only)) if args.only else []
        if not args.only:
            results["minutes"] = (time.monotonic() - start) / 60
        kept.write_text(json.dumps(results))
    missing = [part for part in PARTS if part not in results]
    if missing:
        sys.exit(f"no report: {', '.join(missing)} was never measured")
    target = args.folder / "quick" if args.quick else Path("docs")
    plots.draw(results, target / "performance")
    page = target / "performance.md"
    page.write_text(report.page(results))
    print("\n".join(report.verdicts(results)))
    say(f"the report is in {page}")


main()
