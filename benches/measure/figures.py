"""The figures that the report and the plots share: medians, spreads, and the ratios that are to hold."""

from dataclasses import dataclass
from statistics import median

MEMORY_LIMIT = 25
GUURU, NODE, FLOOR = "guuru listen", "Node.js", "hyper + SQLite"


def of(runs, key):
    return [run[key] for run in runs]


def middle(runs, key):
    """The median of one figure of these runs."""
    return median(of(runs, key))


def number(value):
    """A figure as people read it: three digits that count, whatever its size."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values, factor=1):
    """`MEDIAN (LEAST–MOST)`."""
    scaled = [value * factor for value in values]
    return f"{number(median(scaled))} ({number(min(scaled))}–{number(max(scaled))})"


def by_round(left, right):
    """The ratios of runs of the same round: whatever disturbed the machine disturbed both."""
    return [one / other for one, other in zip(left, right, strict=True)]


@dataclass
class Ratio:
    """Something that is to hold."""

    what: str
    values: list
    limit: float
    at_most: bool
    unit: str = "×"

    @property
    def held(self):
        measured = median(self.values)
        return measured <= self.limit if self.at_most else measured >= self.limit

    def row(self):
        sign = "≤" if self.at_most else "≥"
        measured = spread(self.values) if len(self.values) > 1 else number(self.values[0])
        return [
            self.what,
            f"{sign} {self.limit:g} {self.unit}",
            f"{measured} {self.unit}",
            "held" if self.held else "**not held**",
        ]


def of_receiving(receiving):
    runs, memory = receiving["runs"], receiving["memory"]
    ours, node = runs[GUURU], runs[NODE]
    allowed = 1 / median(receiving["fsync"]["append"])
    # The p99 of a run of seconds rests on the few worst moments of the machine: medians of all rounds are compared.
    p99 = middle(ours["64"], "p99") / middle(node["64"], "p99")
    return [
        Ratio("receiving, 64 connections: rate, of Node's", by_round(of(ours["64"], "rate"), of(node["64"], "rate")), 1.5, False),
        Ratio("receiving, 64 connections: CPU per event, of Node's", by_round(of(ours["64"], "cpu"), of(node["64"], "cpu")), 0.5, True),
        Ratio("receiving, 64 connections: p99, of Node's", [p99], 1, True),
        Ratio("receiving, 1 connection: rate, of what fsync allows", [rate / allowed for rate in of(ours["1"], "rate")], 0.7, False),
        Ratio("memory under that load, the most ever", [memory[GUURU]], MEMORY_LIMIT, True, "MiB"),
    ]


def of_calling(calling):
    start, one, many, ideal = calling["start-up"], calling["one"], calling["many"], calling["ideal"]
    ratios = [
        Ratio("start-up, of curl's", [median(start["guuru --version"]) / median(start["curl --version"])], 0.5, True),
        Ratio("`chat send`, of curl's time", [median(one["guuru chat send"]) / median(one["curl"])], 1.2, True),
    ]
    for latency, jobs in (("0", "8"), ("50", "64")):
        loop, batch = many[latency]["a loop of curl"], many[latency][f"guuru batch --jobs {jobs}"]
        what = f"`batch --jobs {jobs}`, {latency} ms away: rate, of a loop of curl"
        ratios.append(Ratio(what, by_round(loop, batch), 10, False))
    for jobs, seconds in ideal.items():
        # A message takes its share of the ideal: the latency, divided among the jobs.
        best = 0.050 / int(jobs)
        taken = [one_of / best for one_of in many["50"][f"guuru batch --jobs {jobs}"]]
        ratios.append(Ratio(f"`batch --jobs {jobs}`, 50 ms away: time, of the ideal", taken, 1.3, True))
    return ratios


def of_growth(growth):
    steps = growth["inbox"]
    first, last = steps[0], steps[-1]
    ratios = [
        Ratio(f"memory while {last['events']:,} events came in, the most ever", [last["peak"]], MEMORY_LIMIT, True, "MiB"),
        Ratio("the same, of what it was after a tenth of them", [last["memory"] / steps[-2]["memory"]], 1.2, True),
    ]
    for reader in ("resume", "list"):
        what = f"{reader} with {last['events']:,} events, of that with {first['events']:,}"
        ratios.append(Ratio(what, [median(last[reader]) / median(first[reader])], 1.2, True))
    return ratios


def ratios(results):
    """All that is to hold."""
    return of_receiving(results["receiving"]) + of_calling(results["calling"]) + of_growth(results["growth"])
