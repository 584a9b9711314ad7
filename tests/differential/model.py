"""What the generator believes of a session, so that statements mostly make sense. It need not be right: servers decide."""


class session_model:
    """`r`: the script's random numbers. `shared_tables`: of all sessions of the script; empty if each keeps to its own."""

    def __init__(self, number, flavour, r, script_models):
        self.number, self.flavour, self.r, self.others = number, flavour, r, script_models
        self.options, self.user, self.lives = [], "app", 0
        self.shared_tables = []
        self.forget()

    def forget(self):
        """After a login, COM_CHANGE_USER or COM_RESET_CONNECTION."""
        self.autocommit, self.in_transaction, self.touched_shared = True, False, False
        self.statements, self.text_statements = {}, {}    # name -> kinds of parameters; name -> USING clause
        self.cursors = set()    # statements that are executed with one
        self.temporary, self.handlers, self.savepoints, self.variables = [], [], [], []

    @property
    def is_mariadb(self):
        return self.flavour == "mariadb"

    def own(self, name):
        """A name that no other session uses."""
        return f"s{self.number}_{name}"

    def step(self, do, **arguments):
        return {"session": self.number, "do": do, **arguments}

    def query(self, sql):
        return self.step("query", sql=sql)

    def pick(self, weighted):
        """One of (weight, value)."""
        return self.r.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]

    def chance(self, probability):
        return self.r.random() < probability

    def is_holding(self):
        """Whether locks and snapshots outlive a statement."""
        return self.in_transaction or not self.autocommit

    # Tables: "items" has a generated key, "plain" has not; both exist from the first statements of the session on.

    def items(self):
        """A table of the form `items`."""
        if self.shared_tables and self.chance(0.4) and (self.chance(0.02) or not self.is_shared_locked()):
            self.touched_shared = True
            return self.r.choice(self.shared_tables)
        if self.temporary and self.chance(0.5):
            return self.r.choice(self.temporary)
        return self.own("items")

    def plain(self):
        return self.own("plain")

    def is_shared_locked(self):
        return any(other is not self and other.touched_shared and other.is_holding() for other in self.others)

    def number_literal(self):
        return str(self.r.choice([0, 1, 2, 3, 5, 7, 10, 42, -1, 100, 2147483647]))

    def key(self):
        return self.r.randint(1, 12)

    def word(self):
        return self.r.choice(["alpha", "beta", "gamma", "ünï", "", "it''s", "a\\\\b", "zz top", "NULL", "0", "12x"])


def end_of_transaction(model):
    model.in_transaction, model.touched_shared, model.savepoints = False, False, []
