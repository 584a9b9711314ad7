#!/usr/bin/python3
"""The checker's own judgement, by rows: what happened, and which promises the last read breaks."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from judge import CONFIRMED_WRITES, MONOTONIC, OWN_WRITES, PROMISES, confirmed_writes, operation, session_judge

# (name, what happened in order: (session, "wrote" or "read", counter, value), the promises that the last read breaks)
ROWS = (
    ("a read of nothing known", [(1, "read", 0, 0)], set()),
    ("one's own write is there", [(1, "wrote", 0, 5), (1, "read", 0, 5)], set()),
    ("one's own write is missing", [(1, "wrote", 0, 5), (1, "read", 0, 4)], {OWN_WRITES, CONFIRMED_WRITES}),
    ("one's own earlier write is not enough", [(1, "wrote", 0, 5), (1, "wrote", 0, 6), (1, "read", 0, 5)],
     {OWN_WRITES, CONFIRMED_WRITES}),
    ("another's newer value hides one's own", [(1, "wrote", 0, 5), (2, "wrote", 0, 6), (1, "read", 0, 6)], set()),
    ("what was written and read is gone", [(1, "wrote", 0, 7), (1, "read", 0, 7), (1, "read", 0, 6)],
     {OWN_WRITES, MONOTONIC, CONFIRMED_WRITES}),
    ("what was read is gone", [(1, "read", 0, 7), (1, "read", 0, 6)], {MONOTONIC}),
    ("what was read before a step back still counts", [(1, "read", 0, 7), (1, "read", 0, 6), (1, "read", 0, 6)], {MONOTONIC}),
    ("another session may be behind what this one read", [(1, "read", 0, 7), (2, "read", 0, 6)], set()),
    ("another's confirmed write is missing", [(2, "wrote", 0, 5), (1, "read", 0, 4)], {CONFIRMED_WRITES}),
    ("a confirmation that comes late lowers nothing", [(2, "wrote", 0, 6), (3, "wrote", 0, 5), (1, "read", 0, 5)],
     {CONFIRMED_WRITES}),
    ("another counter says nothing", [(1, "wrote", 0, 5), (1, "read", 1, 0)], set()),
)


def last_verdict(events):
    confirmed, judges, verdict = confirmed_writes(), {}, []
    for at, (session, what, counter, value) in enumerate(events):
        done = operation(session, "a door", what, "a text", counter, value, None, at, at)
        judge = judges.setdefault(session, session_judge())
        if what == "wrote":
            confirmed.publish(done)
            judge.wrote(done)
        else:
            verdict = judge.judge(done, confirmed.so_far())
    return {found.promise for found in verdict}


class judgement(unittest.TestCase):
    def test_every_broken_promise_is_named(self):
        for name, events, promises in ROWS:
            with self.subTest(name):
                self.assertEqual(last_verdict(events), promises)

    def test_each_consistency_promises_what_the_weaker_one_does(self):
        self.assertLess(PROMISES["eventual"], PROMISES["session"])
        self.assertLess(PROMISES["session"], PROMISES["global"])


if __name__ == "__main__":
    unittest.main()
