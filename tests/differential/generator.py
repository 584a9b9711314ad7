"""Makes the script of a seed: the same seed, the same script."""
import random

from model import session_model
from script import script
from statements import diagnostics, errors, locks, prepared, routines, rows, sessions, tables, transactions, variables

# What a session does next, with its weight. After each, it may ask about the statement before.
ACTIONS = (
    (16, rows.read), (14, rows.write), (10, rows.write_and_read), (4, rows.expression), (2, rows.about_tables),
    (2, rows.locking_read), (3, rows.several), (9, transactions.whole), (2, transactions.begin),
    (3, transactions.end), (2, transactions.autocommit), (3, transactions.characteristics),
    (2, transactions.implicit_commit), (1, transactions.savepoint), (1, transactions.distributed),
    (1, transactions.completion_type), (6, diagnostics.ask), (2, diagnostics.get_diagnostics),
    (3, diagnostics.found_rows), (6, variables.set_one), (2, variables.set_several),
    (1, variables.set_for_one_statement), (2, variables.set_wrongly), (2, variables.names),
    (5, variables.user_variables), (8, prepared.prepare), (10, prepared.execute), (3, prepared.cursor),
    (2, prepared.other_commands), (1, prepared.across_changes), (1, prepared.across_character_sets),
    (2, prepared.text_prepare),
    (1, prepared.text_execute), (2, routines.make), (3, routines.call), (1, routines.trigger),
    (2, tables.temporary_table), (1, tables.view), (2, tables.change_table), (1, tables.make_table),
    (0.3, tables.schema), (0.5, tables.maintenance), (3, locks.named), (1, locks.of_others), (1, locks.tables),
    (1, locks.handler), (6, errors.fail), (5, errors.warn), (1, sessions.reset), (0.7, sessions.change_user),
    (0.6, sessions.reconnect), (3, sessions.schema), (1, sessions.small_commands), (0.3, sessions.release),
)
MARIADB_ACTIONS = ((0.5, routines.sequence), (1, routines.block))
ASKS = 0.3


class generator:
    """One script."""

    def __init__(self, flavour, seed):
        self.r = random.Random(f"{flavour} {seed}")
        self.flavour, self.seed = flavour, seed
        self.shared = self.r.random() < 0.3
        count = self.r.choice([2, 3, 4]) if self.shared else self.r.choice([1, 1, 1, 2, 2, 3])
        self.models = []
        for number in range(1, count + 1):
            self.models.append(session_model(number, flavour, self.r, self.models))
        # A script keeps to some kinds of actions, so that these meet each other often.
        every = ACTIONS + (MARIADB_ACTIONS if flavour == "mariadb" else ())
        self.actions = [(weight if self.r.random() < 0.6 else weight / 10, action) for weight, action in every]
        self.waiting = {model.number: [] for model in self.models}
        self.lagging = set()

    def make(self):
        steps, length = self.beginning(), self.r.randint(80, 300)
        model = self.models[0]
        while len(steps) < length:
            if self.r.random() < 0.3:
                model = self.r.choice(self.models)
            steps += self.lag()
            if not self.waiting[model.number]:
                self.waiting[model.number] = self.next_action(model)
            steps.append(self.waiting[model.number].pop(0))
        return script(self.flavour, self.seed, self.shared, steps)

    def beginning(self):
        steps = []
        for model in self.models:
            steps += sessions.connect(model) + tables.first_tables(model)
        if self.shared:
            steps += tables.shared_tables(self.models[-1])
            for model in self.models:
                model.shared_tables = ["weir_fuzz.common"]
        return steps

    def next_action(self, model):
        steps = model.pick(self.actions)(model)
        if self.r.random() < ASKS:
            steps = steps + diagnostics.ask(model)
        return steps

    def lag(self):
        """Now and then a replica falls behind or comes back."""
        if self.r.random() > 0.03:
            return []
        replica = self.r.choice([2, 3])
        how = self.r.choice(["stall", "stall", "stall", "stop"]) if replica not in self.lagging else "go"
        (self.lagging.discard if how == "go" else self.lagging.add)(replica)
        return [{"do": "lag", "replica": replica, "how": how}]


def generate(flavour, seed):
    return generator(flavour, seed).make()
