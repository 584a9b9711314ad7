"""Which server ran a statement: every server's general log, searched for a mark in a comment of the statement."""
import os


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
        """Numbers of the servers that got a statement with this mark."""
        found = set()
        for n, file in enumerate(self._files, 1):
            with open(file, "rb") as log:
                if mark.encode() in log.read():
                    found.add(n)
        return found
