"""Which server ran a statement: every server's general log, searched for a mark in a comment of the statement."""
import os
import re


class general_logs:
    """Turns the general logs on until close(). A log line is written before the statement runs."""

    def __init__(self, servers):
        self._servers = servers
        self._files = []
        for n in range(1, len(servers.ports) + 1):
            file = os.path.join(servers.base, f"db{n}", "general.log")
            open(file, "w", encoding="utf-8").close()
            os.chmod(file, 0o666)
            servers.sql(n, "SET GLOBAL log_output = 'FILE'", f"SET GLOBAL general_log_file = '{file}'",
                        "SET GLOBAL general_log = 1")
            self._files.append(file)

    def close(self):
        for n in range(1, len(self._files) + 1):
            self._servers.sql(n, "SET GLOBAL general_log = 0")

    def servers_of(self, mark):
        """Numbers of the servers that a client sent a statement with this mark to; what replication brought is left out."""
        return {n for n in range(1, len(self._files) + 1) if self._threads_with(n, mark) - self._replication_threads(n)}

    def _threads_with(self, n, mark):
        """Numbers of the connections that server n logged the mark for."""
        with open(self._files[n - 1], "rb") as log:
            text = log.read()
        found, at = set(), text.find(mark.encode())
        while at >= 0:
            heads = re.findall(rb"^[^\t\n]*\t+ *(\d+) [A-Z][a-z]+", text[:at], re.MULTILINE)
            found.add(int(heads[-1]))
            at = text.find(mark.encode(), at + 1)
        return found

    def _replication_threads(self, n):
        if n == 1:
            return set()
        return {row[0] for row in self._servers.sql(n, "SELECT id FROM information_schema.processlist "
                                                       "WHERE user = 'system user'")}
