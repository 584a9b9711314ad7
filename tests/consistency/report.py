"""What people read: a line now and then, the sums of each mode, a table by second, and the story of each contradiction."""
import collections
import time

from judge import CONFIRMED_WRITES, MONOTONIC, OWN_WRITES, PROMISES
from results import is_stale, lost_its_snapshot

SHOWN = 5    # contradictions and errors that are told in full
WORDS = {
    OWN_WRITES: "does not see what its own session had written",
    MONOTONIC: "shows less than its session had read before",
    CONFIRMED_WRITES: "does not see a write that was confirmed before it was sent",
}


def share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def on_replicas(reads):
    return sum(1 for read in reads if read.server != 1)


def milliseconds(samples, percent):
    """The percentile of how long they took; None if there are none."""
    if not samples:
        return None
    lasted = sorted(each.seconds for each in samples)
    return 1000 * lasted[min(len(lasted) - 1, len(lasted) * percent // 100)]


class report:
    """`faults`: the threads of faults.py."""

    def __init__(self, results, faults):
        self._results, self._faults = results, faults

    def at(self, when):
        return when - self._results.begun

    def progress(self):
        done = self._results
        now = ", ".join(f"db{each.server} {each.name}" for each in self.all_faults() if each.ended is None)
        served = share(on_replicas(done.reads), len(done.reads))
        return (f"{self.at(time.monotonic()):5.0f} s  {done.mode:8}  {len(done.reads)} reads, {served} by replicas, "
                f"{len(done.writes)} writes, {len(done.contradictions)} stale, {len(self.errors())} errors"
                f"{'; ' + now if now else ''}")

    def all_faults(self):
        """Of both replicas, those of one in the order of their time."""
        return [each for thread in self._faults for each in list(thread.log)]

    def errors(self):
        """Failures that no fault of a replica explains."""
        faults = self.all_faults()
        return [each for each in self._results.failures if not lost_its_snapshot(each, faults)]

    def sums(self):
        """A line a mode; reads that break a promise, whether the mode makes it or not."""
        lines = ["| mode | reads | by replicas | writes | errors | snapshots lost | stale reads | behind own writes | backwards "
                 "| behind confirmed writes | read p50 | p99 | longest |", "|---" * 13 + "|"]
        errors = self.errors()
        for mode in PROMISES:
            reads = [read for read in self._results.reads if read.mode == mode]
            if not reads:
                continue
            broken = [sum(1 for read in reads if promise in read.broken) for promise in WORDS]
            counts = [len(reads), share(on_replicas(reads), len(reads)),
                      sum(1 for each in self._results.writes if each.mode == mode),
                      sum(1 for each in errors if each.mode == mode),
                      sum(1 for each in self._results.failures if each.mode == mode and each not in errors),
                      sum(map(is_stale, reads)), *broken]
            times = [f"{milliseconds(reads, percent):.2f} ms" for percent in (50, 99, 100)]
            lines.append("| " + " | ".join(map(str, [mode, *counts, *times])) + " |")
        return "\n".join(lines)

    def added(self):
        """What the promises cost; empty if there is nothing to compare with."""
        base = [read for read in self._results.reads if read.mode == "eventual"]
        lines = []
        for mode in ("session", "global"):
            reads = [read for read in self._results.reads if read.mode == mode]
            if base and reads:
                p50, p99 = (milliseconds(reads, percent) - milliseconds(base, percent) for percent in (50, 99))
                lines.append(f"{mode} against eventual: reads take {p50:+.2f} ms (p50) and {p99:+.2f} ms (p99)")
        return "\n".join(lines)

    def by_second(self):
        """Rows of (second, mode, reads by server, writes, stale, errors, p99, events)."""
        seconds = collections.defaultdict(lambda: ([], [], [], []))
        faults = self.all_faults()
        events = [(each.began, f"db{each.server} {each.name}") for each in faults]
        events += [(each.ended, f"db{each.server} is well again") for each in faults if each.ended]
        done = self._results
        for place, what in enumerate((done.reads, done.writes, self.errors())):
            for each in what:
                seconds[int(self.at(each.at))][place].append(each)
        end = max(seconds, default=-1) + 1
        for when, text in sorted(events):
            seconds[int(self.at(when))][3].append(text)
        for second in range(end):
            reads, writes, failures, texts = seconds[second]
            servers = collections.Counter(read.server for read in reads)
            modes = "/".join(dict.fromkeys(each.mode for each in reads + writes))
            yield (second, modes, [servers[n] for n in (1, 2, 3)], len(writes), sum(map(is_stale, reads)), len(failures),
                   milliseconds(reads, 99), "; ".join(texts))

    def table(self):
        lines = ["| second | mode | reads db1 | reads db2 | reads db3 | writes | stale | errors | read p99 | event |",
                 "|---" * 10 + "|"]
        for second, mode, servers, writes, stale, failures, p99, events in self.by_second():
            counts = " | ".join(map(str, [*servers, writes, stale, failures]))
            lines.append(f"| {second} | {mode} | {counts} | {f'{p99:.1f} ms' if p99 is not None else '-'} | {events} |")
        return "\n".join(lines)

    def _told(self, what):
        return (f"    {self.at(what.sent):9.4f} s  {what.session} {what.did} {what.value} at db{what.server}, by {what.how}, "
                f"through {what.door}; answered {self.at(what.answered):.4f} s")

    def story(self, found):
        """The two operations that contradict, and what the replicas suffered between them."""
        read, earlier = found.read, found.earlier
        lines = [f"A read of counter {read.counter} {WORDS[found.promise]}:", self._told(earlier), self._told(read)]
        for each in self.all_faults():
            if each.began < read.answered and (each.ended is None or each.ended > earlier.sent):
                until = f" to {self.at(each.ended):.1f} s" if each.ended else ""
                lines.append(f"    db{each.server} {each.name}, from {self.at(each.began):.1f} s{until}")
        return "\n".join(lines)

    def findings(self):
        """The first of each kind in full; the others are counted."""
        done, errors, lines = self._results, self.errors(), []
        for promise in WORDS:
            lines += [self.story(found) for found in done.contradictions if found.promise == promise][:SHOWN]
        for each in errors[:SHOWN]:
            lines.append(f"{self.at(each.at):9.4f} s  {each.who} through {each.door}, {each.doing}: "
                         f"{type(each.error).__name__} {each.error}")
        left = len(done.contradictions) + len(errors) - len(lines)
        return "\n".join(lines + ([f"and {left} more"] if left else []))
