"""Makes a failing script short: whole sessions first, then ever smaller runs of steps, as long as it still fails."""

ATTEMPTS = 3    # a failure that depends on a moment need not come every time


class shrinker:
    """`fails(script)`: the difference that counts, or None. `budget`: how many scripts may be run."""

    def __init__(self, fails, budget=250):
        self.fails, self.budget = fails, budget

    def failure_of(self, script, attempts):
        for _ in range(attempts):
            if self.budget <= 0:
                return None
            self.budget -= 1
            found = self.fails(script)
            if found:
                return found
        return None

    def shrink(self, failure):
        """A shorter difference; None if it never came again."""
        again = self.failure_of(cut_after(failure), 2 * ATTEMPTS)
        if not again:
            return None
        attempts = 1 if all(self.failure_of(cut_after(again), 1) for _ in range(2)) else ATTEMPTS
        smaller = cut_after(again)
        best = again
        for session in sorted({step.get("session", 0) for step in smaller.steps}):
            others = [step for step in smaller.steps if step.get("session", 0) != session]
            found = self.failure_of(smaller.with_steps(others), attempts)
            if found:
                best, smaller = found, cut_after(found)
        size = max(1, len(smaller.steps) // 2)
        while True:
            shorter = self.without_runs(best, size, attempts)
            if shorter is best and size == 1:
                return best
            if shorter is best:
                size = max(1, size // 2)
            best = shorter
            size = min(size, max(1, len(best.script.steps) // 2))

    def without_runs(self, best, size, attempts):
        """Tries to leave out each run of `size` steps, the last one first."""
        script = cut_after(best)
        end = len(script.steps)
        while end > 0:
            kept = script.steps[:max(0, end - size)] + script.steps[end:]
            found = self.failure_of(script.with_steps(kept), attempts) if kept else None
            if found:
                best, script = found, cut_after(found)
                end = min(end - size, len(script.steps))
            else:
                end -= size
        return best


def cut_after(failure):
    """The script up to the step that differs."""
    return failure.script.with_steps(failure.script.steps[:failure.index + 1])
