"""What a run prints: progress, differences step by step, totals."""
import collections
import sys
import time

from script import text_of

WIDTH = 400


def short(text):
    text = str(text)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}... ({len(text)} characters)"


def print_difference(found, title):
    """The script up to the step that differs, and that step's outcome on both sides."""
    print(f"\n=== {title}")
    for step in found.script.steps[:found.index + 1]:
        print("   " + short(text_of(step)))
    left, right = found.first()
    print(f"   first difference:\n     direct:  {short(left)}\n     proxied: {short(right)}")
    for name, facts in (("direct", found.direct), ("proxied", found.proxied)):
        print(f"   {name}:")
        for fact in facts[:12]:
            print("     " + short(fact))
        if len(facts) > 12:
            print(f"     ... {len(facts)} facts")
    sys.stdout.flush()


class tally:
    """Counts a run, and says every few seconds how it goes."""

    def __init__(self):
        self.begun = self.said = time.monotonic()
        self.scripts = self.statements = self.new = 0
        self.known = collections.Counter()

    def add(self, script):
        self.scripts += 1
        self.statements += sum(1 for step in script.steps if step["do"] != "lag")

    def line(self):
        seconds = time.monotonic() - self.begun
        known = sum(self.known.values())
        return (f"{self.scripts} scripts, {self.statements} statements, {self.statements / max(seconds, 0.001):.0f} per second, "
                f"{self.new} differences, {known} known ones")

    def progress(self):
        if time.monotonic() - self.said >= 5:
            self.said = time.monotonic()
            print(self.line(), flush=True)

    def end(self, reads_on_replicas):
        for name, count in sorted(self.known.items(), key=lambda item: -item[1]):
            print(f"known: {count:5d} x {name}")
        print(f"{reads_on_replicas} reads were answered by replicas")
        print(self.line(), flush=True)
