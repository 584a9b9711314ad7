"""What is compared: ways from a client to one server, as processes that are started, asked for their use, and ended."""

import contextlib
import pathlib
import signal
import subprocess
import time

from load import sysbench
from load.client import Client

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAMS = ROOT / 'build/bench'

HAPROXY_CONFIGURATION = """\
global
    nbthread 1
    maxconn 9000
defaults
    mode tcp
    timeout connect 10s
    timeout client 8h
    timeout server 8h
listen mysql
    bind 127.0.0.1:{port}
    server db1 127.0.0.1:{server}
"""

WEIR_CONFIGURATION = """\
proxy:
  listen: 127.0.0.1:{port}
  workers: 1
servers:
  - {{name: db1, address: 127.0.0.1:{server}}}
tls:
  server: {{mode: disabled}}     # the others pass on what the client sends, which is not encrypted
monitor:
  user: weir_monitor
  password: secret
metrics:
  listen: 127.0.0.1:{metrics}
"""


# What may be left out of weir-proxy, to see what it costs.
FEATURES = {
    'all': {},
    'no multiplexing': {'routing': 'multiplexing: false'},
    'no digests': {'limits': 'digests: 0'},
    'no consistency': {'routing': 'consistency: eventual'},
    'none of them': {'routing': 'multiplexing: false, consistency: eventual', 'limits': 'digests: 0'},
}


class Subject:
    """A process between client and server; `direct` is none. Numbers come from /proc."""

    def __init__(self, name, port, command=None, log=None):
        self.name, self.port, self.process = name, port, None
        if command:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.await_login(time.monotonic() + 30)
        except BaseException:
            self.stop()
            raise

    def await_login(self, deadline):
        while True:
            try:
                return Client(self.port).close()
            except (OSError, ConnectionError, IndexError):
                if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                    raise
                time.sleep(0.05)

    def cpu_seconds(self):
        """Time on a processor, all threads together."""
        if not self.process:
            return 0.0
        total = 0
        for stat in pathlib.Path(f'/proc/{self.process.pid}/task').glob('*/schedstat'):
            with contextlib.suppress(FileNotFoundError):
                total += int(stat.read_text().split()[0])
        return total / 1e9

    def memory(self, field):
        """A field of /proc/PID/status in bytes: VmRSS, RssAnon, VmHWM, VmData."""
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith(field + ':'):
                return int(line.split()[1]) * 1024
        raise KeyError(field)

    def forget_peak(self):
        """VmHWM starts again from here."""
        pathlib.Path(f'/proc/{self.process.pid}/clear_refs').write_text('5')

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def end(self):
        """As an operator would, so that what a program does at its end is done."""
        self.process.terminate()
        if status := self.process.wait(60):
            raise RuntimeError(f'{self.name} ended with {status}')


def has_all_rows(port):
    client = Client(port)
    try:
        return client.read_result(f"SELECT REPEAT('x', 20) FROM test.sbtest1 WHERE id = {sysbench.ROWS}".encode()) > 0
    except ConnectionError:     # not even the table
        return False
    finally:
        client.close()


class Bench:
    """One server, and the subjects before it."""

    PROXIES = ('floor', 'haproxy', 'weir-proxy')
    SUBJECTS = ('direct', *PROXIES)

    def __init__(self, connections, replicas=0, programs=PROGRAMS):
        self.programs = programs
        script = ROOT / 'tests/support/servers.sh'
        environment = subprocess.run(
            [script, 'up', '--replicas', str(replicas), '--max-connections', str(connections + 200)],
            check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        self.base = pathlib.Path(environment).parent
        values = dict(line.split('=', 1) for line in pathlib.Path(environment).read_text().splitlines())
        self.server = int(values['PRIMARY_PORT'].strip("'"))
        self.replicas = values.get('REPLICA_PORTS', '').strip("'").split()
        self.log = open(self.base / 'subjects.log', 'w')

    def close(self):
        subprocess.run([ROOT / 'tests/support/servers.sh', 'down', self.base], check=True)

    def reserve_ports(self, count):
        out = subprocess.run(
            ['bash', '-c', f'source "{ROOT}/tests/support/free_ports.sh"; reserve_ports {count} "{self.base}"'],
            check=True, stdout=subprocess.PIPE, text=True).stdout
        return [int(port) for port in out.split()]

    def start(self, name):
        if name == 'direct':
            return Subject(name, self.server)
        port, metrics = self.reserve_ports(2)
        places = {'port': port, 'server': self.server, 'metrics': metrics}
        if name == 'floor':
            command = [self.programs / 'bin/bench_floor_relay', str(port), str(self.server)]
        elif name == 'haproxy':
            command = ['haproxy', '-db', '-f', self.write('haproxy.cfg', HAPROXY_CONFIGURATION.format(**places))]
        else:
            text = WEIR_CONFIGURATION.format(**places)
            servers = [f"  - {{name: db{n}, address: 127.0.0.1:{replica}}}\n" for n, replica in enumerate(self.replicas, 2)]
            text = text.replace('tls:\n', ''.join(servers) + 'tls:\n', 1)
            text += ''.join(f'{part}: {{{settings}}}\n' for part, settings in FEATURES.get(name, {}).items())
            command = [self.programs / 'bin/weir-proxy', self.write(f'{name}.yaml', text)]
        return Subject(name, port, command, self.log)

    def await_replicas(self):
        """Until all of them have the tables that were made."""
        deadline = time.monotonic() + 60
        while not all(has_all_rows(int(port)) for port in self.replicas):
            if time.monotonic() > deadline:
                raise TimeoutError('a replica does not catch up')
            time.sleep(0.1)

    def write(self, name, text):
        path = self.base / name
        path.write_text(text)
        return path

    @contextlib.contextmanager
    def running(self, names):
        """All of them side by side, by name."""
        with contextlib.ExitStack() as stack:
            started = {}
            for name in names:
                started[name] = self.start(name)
                stack.callback(started[name].stop)
            yield started
