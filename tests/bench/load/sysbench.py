"""Running sysbench, and what it reports."""

import dataclasses
import re
import subprocess

ROWS = 10000
TABLES = ['--tables=1', f'--table-size={ROWS}']


@dataclasses.dataclass(frozen=True)
class Case:
    """A load: a script of sysbench, how statements are sent, and by how many connections."""
    script: str
    form: str           # text or prepared
    connections: int

    @property
    def name(self):
        return f'{self.script.removeprefix("oltp_").replace("_", " ")}, {self.form}, {self.connections}'


CASES = [Case('oltp_point_select', form, connections) for form in ('text', 'prepared') for connections in (1, 8, 64)]
CASES.append(Case('oltp_read_write', 'prepared', 8))


@dataclasses.dataclass(frozen=True)
class Outcome:
    queries: int
    latency_ms: dict    # by percentile; of a query for point selects, of a transaction else


def command(port, case, action, seconds):
    return ['sysbench', case.script, '--db-driver=mysql', '--mysql-host=127.0.0.1', f'--mysql-port={port}', '--mysql-user=app',
            '--mysql-password=app', '--mysql-db=test', f'--db-ps-mode={"auto" if case.form == "prepared" else "disable"}',
            f'--threads={case.connections}', f'--time={seconds}', '--histogram=on', *TABLES, action]


def prepare(port):
    subprocess.run(command(port, CASES[0], 'prepare', 0), check=True, stdout=subprocess.DEVNULL)


def run(port, case, seconds, on_start):
    """Calls on_start once all connections have logged in and prepared, before their first query."""
    text = ''
    with subprocess.Popen(command(port, case, 'run', seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as load:
        for line in load.stdout:
            if line.startswith('Threads started'):
                on_start()
            text += line
    if load.returncode != 0:
        raise RuntimeError(f'sysbench failed ({case.name}):\n{text[-2000:]}')
    return parse(text)


def parse(text):
    queries = int(re.search(r'queries:\s+(\d+)', text).group(1))
    ignored = int(re.search(r'ignored errors:\s+(\d+)', text).group(1))
    reconnects = int(re.search(r'reconnects:\s+(\d+)', text).group(1))
    if reconnects:
        raise RuntimeError(f'{reconnects} reconnects')
    buckets = [(float(value), int(count)) for value, count in re.findall(r'^ *([0-9.]+) \|\**\s+(\d+)$', text, re.M)]
    return Outcome(queries - ignored, {p: percentile(buckets, p) for p in (50, 95, 99)})


def percentile(buckets, percent):
    """Buckets are 1.8 % wide; a value is placed within its own by rank, so that small differences are seen."""
    rank, below, before = sum(count for _, count in buckets) * percent / 100, 0, None
    for value, count in buckets:
        if below + count >= rank:
            low = value / 1.018 if before is None else max(before, value / 1.018)
            return low + (value - low) * (rank - below) / count
        below, before = below + count, value
    raise ValueError('an empty histogram')
