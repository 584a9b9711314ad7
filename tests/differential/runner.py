"""Runs a script at one endpoint: sessions, their prepared statements, and one outcome for each step.

An outcome is the list of the packets that answered; a str in it is something that no server sends: the connection was lost,
nothing came in time.
"""
import re
import socket
import struct

import link
from execute import execute_payload, long_data_payload

TIMEOUT = 8    # seconds for one answer; lock waits end after 1
PASSWORDS = {"app": "app", "reader": "reader"}
ID = re.compile(r"\{id:(\d+)\}")


class prepared:
    """A statement by COM_STMT_PREPARE. `types`: those sent last, for executions without; `long_data`: the parameters whose
    values are at the server already."""

    def __init__(self, number, parameters):
        self.number, self.parameters, self.types, self.long_data = number, parameters, None, set()


class session:
    """What a client program holds: its connection and statements by their names."""

    def __init__(self, connection):
        self.link, self.statements = connection, {}


class runner:
    """`port`: of the server or the proxy. `world` performs steps that are no session's; None where there are none."""

    def __init__(self, port, world):
        self.port, self.world, self.sessions = port, world, {}
        self.actions = {name[3:]: getattr(self, name) for name in dir(self) if name.startswith("do_")}

    def run(self, script):
        """The outcomes of all steps."""
        outcomes = []
        if self.world:
            self.world.begin(script)
        for step in script.steps:
            trouble = self.world.before(step) if self.world else None
            if trouble:
                outcomes += [[trouble]] * (len(script.steps) - len(outcomes))
                break
            outcomes.append(self.outcome(step))
        for open_session in self.sessions.values():
            open_session.link.close()
        self.sessions = {}
        if self.world:
            self.world.end()
        return outcomes

    def outcome(self, step):
        number = step.get("session")
        if number is None or step["do"] == "connect":
            return self.guarded(number, lambda: self.actions[step["do"]](step))
        if number not in self.sessions:
            return ["not connected"]
        return self.guarded(number, lambda: self.actions[step["do"]](self.sessions[number], step))

    def guarded(self, number, action):
        """Ends the session if the connection cannot be used any more."""
        try:
            return action()
        except socket.timeout:
            why = f"no answer within {TIMEOUT} s"
        except (link.lost_connection, OSError):
            why = "connection lost"
        except link.protocol_error as error:
            why = f"protocol error: {error}"
        except (IndexError, struct.error):
            why = "protocol error: a packet is too short"
        self.drop(number)
        return [why]

    def drop(self, number):
        gone = self.sessions.pop(number, None)
        if gone:
            gone.link.close()

    def text(self, sql):
        """`sql` as bytes, with the ids of sessions."""
        if "{id:" in sql:
            sql = ID.sub(lambda found: str(self.id_of(int(found.group(1)))), sql)
        return sql.encode("utf-8", "surrogateescape")

    def id_of(self, number):
        return self.sessions[number].link.greeting_id if number in self.sessions else 0

    # Steps of the world

    def do_lag(self, step):
        if self.world:
            self.world.lag(step["replica"], step["how"])
        return []

    # Steps of sessions

    def do_connect(self, step):
        self.drop(step["session"])
        made = link.link(self.port, step["user"], PASSWORDS[step["user"]], step["schema"], step["options"], TIMEOUT)
        if made.login_answer[0] == 0x00:
            self.sessions[step["session"]] = session(made)
        else:
            made.close()
        return [made.login_answer]

    def do_disconnect(self, who, step):
        who.link.command(bytes([link.COM_QUIT]))
        self.drop(step["session"])
        return []

    def do_query(self, who, step):
        head = b"\x03\x00\x01" if "query_attributes" in who.link.options else b"\x03"
        who.link.command(head + self.text(step["sql"]))
        return who.link.results()

    def do_prepare(self, who, step):
        who.link.command(bytes([link.COM_STMT_PREPARE]) + self.text(step["sql"]))
        packets = who.link.prepared()
        who.statements.pop(step["statement"], None)
        if packets[0][0] == 0x00:
            number, _, parameters = struct.unpack_from("<IHH", packets[0], 1)
            who.statements[step["statement"]] = prepared(number, parameters)
            packets[0] = packets[0][:1] + b"\0\0\0\0" + packets[0][5:]    # numbers are each server's own
        return packets

    def do_execute(self, who, step):
        statement = who.statements.get(step["statement"])
        if not statement or len(step["values"]) != statement.parameters:
            return ["no such statement"]
        who.link.command(execute_payload(statement, step, "query_attributes" in who.link.options))
        return who.link.results()

    def do_long_data(self, who, step):
        statement = who.statements.get(step["statement"])
        if not statement:
            return ["no such statement"]
        who.link.command(long_data_payload(statement, step["parameter"], step["data"]))
        return []

    def do_fetch(self, who, step):
        return self.with_statement(who, step, link.COM_STMT_FETCH, struct.pack("<I", step["count"]), self.rows_of)

    def do_reset_statement(self, who, step):
        outcome = self.with_statement(who, step, link.COM_STMT_RESET, b"", lambda one: one.results())
        if step["statement"] in who.statements:
            who.statements[step["statement"]].long_data.clear()
        return outcome

    def do_close(self, who, step):
        outcome = self.with_statement(who, step, link.COM_STMT_CLOSE, b"", lambda one: [])
        who.statements.pop(step["statement"], None)
        return outcome

    @staticmethod
    def rows_of(connection):
        packets = []
        connection.rows(packets)
        return packets

    @staticmethod
    def with_statement(who, step, command, rest, read):
        statement = who.statements.get(step["statement"])
        if not statement:
            return ["no such statement"]
        who.link.command(struct.pack("<BI", command, statement.number) + rest)
        return read(who.link)

    def do_init_db(self, who, step):
        who.link.command(bytes([link.COM_INIT_DB]) + step["schema"].encode())
        return who.link.results()

    def do_ping(self, who, _):
        who.link.command(bytes([link.COM_PING]))
        return who.link.results()

    def do_set_option(self, who, step):
        who.link.command(struct.pack("<BH", link.COM_SET_OPTION, step["option"]))
        packet = who.link.read_packet()
        return [packet]

    def do_reset_connection(self, who, _):
        who.link.command(bytes([link.COM_RESET_CONNECTION]))
        who.statements.clear()
        return who.link.results()

    def do_change_user(self, who, step):
        packets = who.link.change_user(step["user"], PASSWORDS[step["user"]], step["schema"])
        who.statements.clear()
        if packets[0][0] != 0x00:
            self.drop(step["session"])
        return packets
