"""limits.backends_per_server: what happens when a server has as many connections as it may."""
import threading
import time

from weir_cluster import error_of, proxy, proxy_case, rows, value, wait_until

WHO = "SELECT @@server_id"


class server_connections(proxy_case):
    """Each case has a proxy of its own: one worker, reads on db2 only."""

    def one_proxy(self, limit, **timeouts):
        made = proxy(self.cluster, {"proxy": {"workers": 1}, "limits": {"backends_per_server": limit}, "timeouts": timeouts})
        self.addCleanup(made.remove)
        made.settings["servers"][2]["weight"] = 0
        made.configure({})
        made.launch()
        wait_until(10, lambda: made.metrics().count("weir_server_lag_seconds{") == 2, "both replicas are measured")
        return made

    def limit_to(self, limited, limit):
        limited.configure({"limits": {"backends_per_server": limit}})
        limited.reload()

    def test_a_login_waits_for_a_place_and_gets_it(self):
        limited = self.one_proxy(2, connect="30s", login="40s")
        first, second = limited.connect(), limited.connect()
        self.addCleanup(second.close)
        let_in = []
        thread = threading.Thread(target=lambda: let_in.append(limited.connect(connect_timeout=40)))
        thread.start()
        wait_until(10, lambda: limited.metric("weir_backend_limit_reached_total") == 1, "the login meets the limit")
        self.assertEqual(let_in, [])
        begun = time.monotonic()
        first.close()
        thread.join()
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(value(let_in[0], "SELECT 1"), 1)
        let_in[0].close()

    def test_a_login_that_waits_in_vain_is_told_why(self):
        limited = self.one_proxy(1, connect="300ms")
        db = limited.connect()
        self.addCleanup(db.close)
        with self.assertRaisesRegex(Exception, "1040.*limits.backends_per_server"):
            limited.connect()
        self.assertEqual(value(db, "SELECT 1"), 1)
        self.assertEqual(limited.metric("weir_backend_limit_reached_total"), 1)

    def test_a_read_goes_elsewhere_while_its_server_is_full(self):
        limited = self.one_proxy(0)
        holder, reader = limited.connect(), limited.connect()
        self.addCleanup(holder.close)
        self.addCleanup(reader.close)
        rows(holder, "START TRANSACTION READ ONLY")
        self.assertEqual(value(holder, WHO), 2)
        self.limit_to(limited, 1)
        self.assertEqual(value(reader, WHO), 1)
        rows(holder, "COMMIT")

    def test_a_read_gets_the_place_of_an_idle_connection(self):
        limited = self.one_proxy(0)
        idle, reader = limited.connect(), limited.connect()
        self.addCleanup(idle.close)
        self.addCleanup(reader.close)
        self.assertEqual(value(idle, WHO), 2)
        self.limit_to(limited, 1)
        wait_until(10, lambda: value(reader, WHO) == 2, "the idle connection has made room")
        self.assertEqual(limited.metric("weir_backend_connections") - 2, 1)
        self.assertEqual(value(idle, WHO), 1)

    def test_a_write_that_waits_in_vain_is_told_why_and_the_session_lives(self):
        limited = self.one_proxy(0, connect="300ms", idle_backend="100ms")
        holder, writer = limited.connect(), limited.connect()
        self.addCleanup(writer.close)
        rows(holder, "BEGIN")
        wait_until(10, lambda: limited.metric("weir_backend_connections") == 1, "the writer's connection is closed")
        self.limit_to(limited, 1)
        self.assertEqual(error_of(rows, writer, "DO 1"), 1040)
        holder.close()
        wait_until(10, lambda: error_of(rows, writer, "DO 1") == 0, "the place is free again")
