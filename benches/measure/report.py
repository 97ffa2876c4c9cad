"""docs/performance.md: the tables, the plots, and what holds."""

from pathlib import Path
from statistics import median

from .figures import FLOOR, GUURU, MEMORY_LIMIT, middle, number, of, ratios, spread

NOTES = Path("benches/notes.md")


def table(heads, rows):
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"
    yield ""


def verdicts(results):
    """What is to hold, and whether it does."""
    return list(table(["what", "to hold", "measured", ""], [ratio.row() for ratio in ratios(results)]))


def plot(name, words):
    yield f"![{words}](performance/{name}.svg)"
    yield ""


def receiving(results):
    runs, memory = results["runs"], results["memory"]
    for connections in ("1", "8", "64"):
        yield f"### {connections} connection{'s' if connections != '1' else ''}"
        yield ""
        rows = []
        for name, by_connections in runs.items():
            of_it = by_connections[connections]
            cells = [spread(of(of_it, key)) for key in ("rate", "cpu", "p50", "p99")]
            rows.append([f"`{name}`" if name == GUURU else name, *cells])
        yield from table(["receiver", "events/s", "CPU per event, µs", "p50, ms", "p99, ms"], rows)
    yield from plot("receiving", "events per second by receiver and number of connections")
    yield from plot("cpu", "CPU per event and p99 at 64 connections")
    append, overwrite = results["fsync"]["append"], results["fsync"]["overwrite"]
    yield f"The disk's `fsync` in the same run, {len(append)} medians of 100: {spread(append, 1e6)} µs for 4 KiB at the end of a file,"
    yield f"{spread(overwrite, 1e6)} µs over what is there already. By the first, which is what it takes to write something down, a"
    yield f"receiver that syncs each event by itself can take {number(1 / median(append))} events a second; by the second, which"
    yield f"SQLite's log comes to once it has its size, {number(1 / median(overwrite))}."
    yield ""
    yield from table(["receiver", "memory, the most ever, MiB"], [[name, number(value)] for name, value in memory.items()])


def calling(results):
    rows = [[f"`{name}`", spread(taken, 1e3)] for name, taken in (results["start-up"] | results["one"]).items()]
    yield from table(["command", "ms"], rows)
    rows = []
    zero, far = results["many"]["0"], results["many"]["50"]
    for name in zero:
        ideal = 50 / int(name.split()[-1]) if name.startswith("guuru") else "–"
        rows.append([f"`{name}`", spread(zero[name], 1e3), spread(far[name], 1e3), ideal])
    yield from table(["many messages, ms for each", "platform at 0 ms", "platform at 50 ms", "ideal at 50 ms"], rows)
    yield "Start-up is part of every figure. At 50 ms a batch of 8 jobs cannot be ten times as fast as a loop of curl, whatever"
    yield "its program does: eight requests at a time are eight times as fast, and what curl takes to start is all that is left."
    yield ""
    yield from plot("batch", "batch against its ideal")


def growth(results):
    rows = []
    for step in results["inbox"]:
        cells = [spread(step[key], 1e3) for key in ("receive", "resume", "list", "tail")]
        rates = spread(step["rates"]) if step["rates"] else "–"
        rows.append([f"{step['events']:,}", rates, *cells, number(step["memory"]), number(step["peak"])])
    heads = ["events in the inbox", "events/s until then (64 connections)", "receive one, ms", "resume, ms", "list, ms"]
    yield from table([*heads, "tail, ms", "memory, MiB", "the most ever"], rows)
    yield "*Receive* is the time to a 200 on one connection; *resume* that from the start of `listen`, whose consumer stands in the"
    yield "middle of the inbox, to its first line; *list* that of `events list --limit 100`; *tail* that of `events tail` to its first"
    yield "line, 100 events before the end."
    yield ""
    yield from plot("growth", "receive, resume, list and tail by the size of the inbox")
    yield from plot("memory", f"memory by the number of events received, and the limit of {MEMORY_LIMIT} MiB")
    rows = [
        [f"{step['lines']:,}", spread(step["seconds"], 1e3), number(median(step["seconds"]) / step["lines"] * 1e6), number(max(step["peak"]))]
        for step in results["batches"]
    ]
    yield from table(["lines of a batch", "ms", "µs for each", "memory, the most ever, MiB"], rows)
    yield from plot("batches", "time and memory by the number of lines of a batch")


def page(results):
    """The whole page."""
    held = [ratio.held for ratio in ratios(results)]
    text = [
        "# Performance",
        "",
        "One run of `benches/compare` wrote this page: it measures in turn, round by round, what `guuru` does and what people",
        "would use instead, on one machine and on loopback alone. A figure is the median of all rounds, with the least and the",
        "most beside it. It took "
        f"{results['minutes']:.0f} minutes; [development.md](development.md#performance) tells how to repeat it.",
        *(f"Measured again by itself: {part}." for part in results.get("again", [])),
        "",
        *table(["", ""], results["machine"].items()),
        f"## What is to hold: {sum(held)} of {len(held)} do",
        "",
        *verdicts(results),
        *NOTES.read_text().splitlines(),
        "",
        "## Receiving",
        "",
        "The same signed webhooks, each with an Idempotency-Key of its own, to six receivers that run side by side and are asked",
        "in turn. Only the first checks all that there is to check, finds duplicates, syncs each event before its 200 and writes",
        "its line. Node.js is what the platform's documentation suggests: it checks the signature, writes a line and stores nothing;",
        "Python does the same. `webhook` checks the signature and runs `/bin/true`. "
        f"{FLOOR} is the floor: stored and synced, nothing checked, no lines; hyper alone does not even store.",
        "",
        *receiving(results["receiving"]),
        "## Calling",
        "",
        "The same request to the same platform on loopback, which answers at once or after 50 ms.",
        "",
        *calling(results["calling"]),
        "## Growth",
        "",
        *growth(results["growth"]),
    ]
    return "\n".join(text).rstrip() + "\n"
