"""A script: the steps of several sessions in one order, as data.

A step is a dict: "session" (its number; absent for steps of the world), "do" (what, see runner.py) and the arguments of
that. In SQL text {id:N} stands for the id that session N was greeted with. A saved script is JSON lines, the first of them
the header.
"""
import json


class script:
    """`seed` 0: not a generated one. `shared`: sessions use each other's tables, so that each must see the others' writes."""

    def __init__(self, flavour, seed, shared, steps):
        self.flavour, self.seed, self.shared, self.steps = flavour, seed, shared, steps

    def with_steps(self, steps):
        return script(self.flavour, self.seed, self.shared, steps)

    def with_options(self, options):
        """Its clients ask for no other capabilities than these."""
        return self.with_steps([
            {**step, "options": [name for name in step["options"] if name in options]} if "options" in step else step
            for step in self.steps])

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            header = {"flavour": self.flavour, "seed": self.seed, "shared": self.shared}
            for line in (header, *self.steps):
                file.write(json.dumps(line) + "\n")


def load(path):
    with open(path, encoding="utf-8") as file:
        header, *steps = [json.loads(line) for line in file if line.strip()]
    return script(header["flavour"], header["seed"], header["shared"], steps)


def text_of(step):
    """A step as a person reads it."""
    who = f"s{step['session']}" if "session" in step else "--"
    arguments = {name: value for name, value in step.items() if name not in ("session", "do", "sql")}
    words = [step["do"] if step["do"] != "query" else "", step.get("sql", ""),
             " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())]
    return f"{who}> " + " ".join(word for word in words if word)
