"""The plots of docs/performance.md, each with its limit drawn in."""

from statistics import median

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  behind the choice of what draws

from .calling import JOBS  # noqa: E402
from .figures import GUURU, MEMORY_LIMIT, NODE, middle, of  # noqa: E402

LIMIT = {"color": "crimson", "linestyle": "--", "linewidth": 1.2}


def save(figure, folder, name):
    figure.tight_layout()
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


def bars(axes, runs, connections, key):
    """One bar a receiver, with its spread."""
    for place, (name, by_connections) in enumerate(runs.items()):
        values = of(by_connections[connections], key)
        mid = median(values)
        spread = [[mid - min(values)], [max(values) - mid]]
        color = "tab:blue" if name == GUURU else "lightsteelblue"
        axes.bar(place, mid, yerr=spread, capsize=3, color=color)
    axes.set_xticks(range(len(runs)), runs, rotation=30, ha="right")


def limit(axes, value, label):
    axes.axhline(value, label=label, **LIMIT)
    axes.legend(fontsize="small")


def receiving(results, folder):
    runs = results["runs"]
    figure, plots = pyplot.subplots(1, 3, figsize=(11, 4))
    for axes, connections in zip(plots, ("1", "8", "64"), strict=True):
        bars(axes, runs, connections, "rate")
        axes.set_title(f"connections: {connections}")
    plots[0].set_ylabel("events/s")
    limit(plots[0], 0.7 / median(results["fsync"]["append"]), "0.7 × what fsync allows")
    limit(plots[2], 1.5 * middle(runs[NODE]["64"], "rate"), "1.5 × Node.js")
    save(figure, folder, "receiving")

    figure, (cpu, p99) = pyplot.subplots(1, 2, figsize=(11, 4))
    bars(cpu, runs, "64", "cpu")
    cpu.set_ylabel("CPU per event at 64 connections, µs")
    limit(cpu, 0.5 * middle(runs[NODE]["64"], "cpu"), "0.5 × Node.js")
    bars(p99, runs, "64", "p99")
    p99.set_ylabel("p99 at 64 connections, ms")
    p99.set_yscale("log")
    limit(p99, middle(runs[NODE]["64"], "p99"), "Node.js")
    save(figure, folder, "cpu")


def batch(results, folder):
    far = results["many"]["50"]
    figure, axes = pyplot.subplots(figsize=(7, 4))
    ratios = [[one / (0.050 / jobs) for one in far[f"guuru batch --jobs {jobs}"]] for jobs in JOBS]
    for place, values in enumerate(ratios):
        mid = median(values)
        axes.bar(place, mid, yerr=[[mid - min(values)], [max(values) - mid]], capsize=3, color="tab:blue")
    axes.set_xticks(range(len(JOBS)), [f"--jobs {jobs}" for jobs in JOBS])
    axes.set_ylabel("time, of the ideal (platform at 50 ms)")
    axes.axhline(1, color="gray", linewidth=0.8)
    limit(axes, 1.3, "1.3 × the ideal")
    save(figure, folder, "batch")


def growth(results, folder):
    steps = results["inbox"]
    events = [step["events"] for step in steps]
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for reader, color in zip(("receive", "resume", "list", "tail"), pyplot.cm.tab10.colors, strict=False):
        mids = [median(step[reader]) * 1e3 for step in steps]
        axes.plot(events, mids, marker="o", color=color, label=reader)
        if reader in ("resume", "list"):
            axes.axhline(mids[0] * 1.2, color=color, linestyle="--", linewidth=0.9, label=f"{reader}: 20 % more")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("events in the inbox")
    axes.set_ylabel("ms")
    axes.legend(fontsize="small")
    save(figure, folder, "growth")

    figure, axes = pyplot.subplots(figsize=(7, 4))
    axes.plot(events, [step["memory"] for step in steps], marker="o", label="now")
    axes.plot(events, [step["peak"] for step in steps], marker=".", label="the most ever")
    axes.set_xscale("log")
    axes.set_ylim(0, MEMORY_LIMIT * 1.2)
    axes.set_xlabel("events received by one process")
    axes.set_ylabel("memory, MiB")
    limit(axes, MEMORY_LIMIT, f"{MEMORY_LIMIT} MiB")
    save(figure, folder, "memory")


def batches(results, folder):
    steps = results["batches"]
    lines = [step["lines"] for step in steps]
    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(11, 4))
    times.plot(lines, [median(step["seconds"]) for step in steps], marker="o")
    times.set_xscale("log")
    times.set_yscale("log")
    times.set_xlabel("lines of a batch")
    times.set_ylabel("s")
    memory.plot(lines, [max(step["peak"]) for step in steps], marker="o")
    memory.set_xscale("log")
    memory.set_ylim(bottom=0)
    memory.set_xlabel("lines of a batch")
    memory.set_ylabel("memory, the most ever, MiB")
    save(figure, folder, "batches")


def draw(results, folder):
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    # The same figures make the same files.
    matplotlib.rcParams["svg.hashsalt"] = "guuru"
    receiving(results["receiving"], folder)
    batch(results["calling"], folder)
    growth(results["growth"], folder)
    batches(results["growth"], folder)
