#include "config/loader/key_reader.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

/// Every kind of key against every kind of wrong value, through whole texts: what counts is what
/// the author reads.
namespace weir::config::test {
namespace {

const std::string address_forms = "host:port, [IPv6 address]:port or unix:/path";
const std::string server_forms = "host, host:port, [IPv6 address]:port or unix:/path";
const std::string lag_form = "write a time from 0 to 24h (units: ms, s, m, h)";
const std::string packet_form = "write a size from 1KiB to 1GiB (units: B, KiB, MiB, GiB)";

TEST(key_reader, accepts_what_is_right) {
    expect_errors({
        {"only what is required", base, {}},
        {"empty sections", base + "routing:\nlimits: {}\nusers: []\n", {}},
        {"lowest values", base + "routing: {max_lag: 0}\nlimits: {packet_size: 1KiB}\n", {}},
        {"highest values", base + "routing: {max_lag: 24h}\nlimits: {packet_size: 1GiB}\n", {}},
        {"quoted values", base + "routing: {max_lag: \"2s\", hints: 'true'}\n", {}},
        {"a document start", "---\n" + base, {}},
        {"windows line ends",
         "proxy: {listen: 127.0.0.1:6033}\r\n" + servers_line + monitor_line,
         {}},
        {"an alias", base + "limits: {clients: &n 5, backends_per_server: *n}\n", {}},
    });
}

TEST(key_reader, names_what_is_missing) {
    const std::string listen =
        "proxy.listen: is missing; write " + address_forms + ", or a list of them";
    const std::string servers =
        "servers: is missing; write a list of mappings, such as `- {name: ...}`";
    const std::string user = "monitor.user: is missing; write a text of 1 to 128 bytes";
    const std::string password =
        "monitor.password: is missing; write one of password, password_file or password_env";
    expect_errors({
        {"everything",
         "",
         {"1:1: " + listen, "1:1: " + servers, "1:1: " + user, "1:1: " + password}},
        {"everything but comments",
         "# nothing yet\n",
         {"1:1: " + listen, "1:1: " + servers, "1:1: " + user, "1:1: " + password}},
        {"listen", "proxy:\n  workers: 2\n" + servers_line + monitor_line, {"2:3: " + listen}},
        {"listen in an empty section",
         "proxy:\n" + servers_line + monitor_line,
         {"1:1: " + listen}},
        {"servers", proxy_line + monitor_line, {"1:1: " + servers}},
        {"monitor", proxy_line + servers_line, {"1:1: " + user, "1:1: " + password}},
        {"a server's name",
         proxy_line + "servers: [{address: 127.0.0.1}]\n" + monitor_line,
         {"2:11: servers[0].name: is missing; write a text of 1 to 64 bytes"}},
        {"a server's address",
         proxy_line + "servers:\n  - name: db1\n" + monitor_line,
         {"3:5: servers[0].address: is missing; write " + server_forms}},
        {"a user's name",
         base + "users: [{password: x}]\n",
         {"4:9: users[0].name: is missing; write a text of 1 to 128 bytes"}},
        {"a user's password",
         base + "users: [{name: app}]\n",
         {"4:9: users[0].password: is missing; write one of password, password_file or "
          "password_env"}},
    });
}

TEST(key_reader, refuses_keys_it_does_not_know) {
    expect_errors({
        {"mistyped section",
         base + "routeing: {max_lag: 2s}\n",
         {"4:1: routeing: is not a key; did you mean routing?"}},
        {"mistyped key",
         base + "routing:\n  max_lagg: 2s\n",
         {"5:3: routing.max_lagg: is not a key; did you mean max_lag?"}},
        {"dashes for underscores",
         base + "routing: {causal-wait: 9ms}\n",
         {"4:11: routing.causal-wait: is not a key; did you mean causal_wait?"}},
        {"a key of former days",
         base + "routing: {read_your_writes: true}\n",
         {"4:11: routing.read_your_writes: is not a key any more; write routing.consistency: "
          "session instead of true, eventual instead of false"}},
        {"key of another section",
         base + "timeouts: {max_lag: 2s}\n",
         {"4:12: timeouts.max_lag: is not a key here; did you mean routing.max_lag?"}},
        {"key without its section",
         "listen: 127.0.0.1:1\n" + base,
         {"1:1: listen: is not a key here; did you mean proxy.listen or metrics.listen?"}},
        {"in a list's element",
         proxy_line + "servers: [{name: db1, adress: 127.0.0.1, address: db1}]\n" + monitor_line,
         {"2:23: servers[0].adress: is not a key; did you mean address?"}},
        {"two levels down",
         base + "tls: {client: {certificate: x}}\n",
         {"4:16: tls.client.certificate: is not a key; known here: mode, cert, key, ca, "
          "minimum_version"}},
        {"merge key",
         base + "routing: {<<: {max_lag: 2s}}\n",
         {"4:11: routing....: is not a key; known here: "
          "max_lag, primary_reads, consistency, causal_wait, hints, multiplexing, "
          "transaction_replay, replay_statements, replay_size, replay_age"}},
        {"a user's password without the space",
         base + "users: [{name: app, password:hunter2}]\n",
         {"4:9: users[0].password: is missing; write one of password, password_file or "
          "password_env",
          "4:21: users[0].password...: is not a key; put a space after the colon"}},
        {"given twice",
         base + "colour: red\ncolour: blue\n",
         {"4:1: colour: is not a key; known here: proxy, servers, monitor, routing, rules, tls, "
          "timeouts, "
          "limits, "
          "users, proxy_protocol, sockets, log, metrics",
          "5:1: colour: is given twice, first in line 4; keep one of them"}},
    });
}

TEST(key_reader, refuses_keys_given_twice) {
    expect_errors({
        {"a section",
         base + "routing: {hints: true}\nlog: {level: info}\nrouting: {max_lag: 2s}\n",
         {"6:1: routing: is given twice, first in line 4; keep one of them"}},
        {"a key",
         base + "routing: {max_lag: 2s, max_lag: 2s}\n",
         {"4:24: routing.max_lag: is given twice, first in line 4; keep one of them"}},
        {"three times",
         base + "log:\n  level: info\n  level: debug\n  level: error\n",
         {"6:3: log.level: is given twice, first in line 5; keep one of them",
          "7:3: log.level: is given twice, first in line 5; keep one of them"}},
        {"in a list's element",
         proxy_line + "servers: [{name: a, name: b, address: db}]\n" + monitor_line,
         {"2:21: servers[0].name: is given twice, first in line 2; keep one of them"}},
    });
}

TEST(key_reader, refuses_wrong_times) {
    expect_errors({
        {"no unit",
         base + "routing: {max_lag: 2}\n",
         {"4:20: routing.max_lag: \"2\" has no unit; " + lag_form}},
        {"no number",
         base + "routing: {max_lag: soon}\n",
         {"4:20: routing.max_lag: \"soon\" is not a time; " + lag_form}},
        {"no unit of time",
         base + "routing: {max_lag: 2MiB}\n",
         {"4:20: routing.max_lag: \"2MiB\" is not a time; " + lag_form}},
        {"too high",
         base + "routing: {max_lag: 86400001ms}\n",
         {"4:20: routing.max_lag: \"86400001ms\" is out of range; " + lag_form}},
        {"too low",
         base + "timeouts: {login: 99ms}\n",
         {"4:19: timeouts.login: \"99ms\" is out of range; write a time from 100ms to 10m (units: "
          "ms, s, m, h)"}},
        {"zero where it is too low",
         base + "timeouts: {connect: 0}\n",
         {"4:21: timeouts.connect: \"0\" is out of range; write a time from 10ms to 10m (units: "
          "ms, s, m, h)"}},
        {"beyond all numbers",
         base + "routing: {max_lag: 99999999999999999999h}\n",
         {"4:20: routing.max_lag: \"99999999999999999999h\" is too large; " + lag_form}},
        {"a list",
         base + "routing: {max_lag: [2s]}\n",
         {"4:20: routing.max_lag: is a list; " + lag_form}},
        {"a mapping",
         base + "routing: {max_lag: {s: 2}}\n",
         {"4:20: routing.max_lag: is a mapping; " + lag_form}},
        {"nothing",
         base + "routing: {max_lag: }\n",
         {"4:11: routing.max_lag: has no value; " + lag_form}},
        {"parts of a second where seconds count",
         base + "sockets: {keep_alive_idle: 1500ms}\n",
         {"4:28: sockets.keep_alive_idle: \"1500ms\" is not a whole number of seconds; write a "
          "time from 1s "
          "to 9h (units: ms, s, m, h)"}},
        {"out of range where seconds count",
         base + "sockets: {keep_alive_idle: 10h}\n",
         {"4:28: sockets.keep_alive_idle: \"10h\" is out of range; write a time from 1s to 9h "
          "(units: ms, s, m, "
          "h)"}},
    });
}

TEST(key_reader, refuses_wrong_sizes) {
    expect_errors({
        {"no unit",
         base + "limits: {packet_size: 65536}\n",
         {"4:23: limits.packet_size: \"65536\" has no unit; " + packet_form}},
        {"a unit with two meanings",
         base + "limits: {packet_size: 64MB}\n",
         {"4:23: limits.packet_size: \"64MB\" may count in 1000 or in 1024; " + packet_form}},
        {"no size",
         base + "limits: {packet_size: huge}\n",
         {"4:23: limits.packet_size: \"huge\" is not a size; " + packet_form}},
        {"too low",
         base + "limits: {packet_size: 1023B}\n",
         {"4:23: limits.packet_size: \"1023B\" is out of range; " + packet_form}},
        {"too high",
         base + "limits: {packet_size: 2GiB}\n",
         {"4:23: limits.packet_size: \"2GiB\" is out of range; " + packet_form}},
        {"nothing",
         base + "limits: {packet_size: ~}\n",
         {"4:10: limits.packet_size: has no value; " + packet_form}},
    });
}

TEST(key_reader, refuses_wrong_numbers) {
    const auto workers = [](const char* value) {
        return "proxy: {listen: 127.0.0.1:6033, workers: " + std::string{value} + "}\n" +
               servers_line + monitor_line;
    };
    const std::string form = "; write a whole number from 0 to 255";
    expect_errors({
        {"a word", workers("many"), {"1:42: proxy.workers: \"many\" is not a whole number" + form}},
        {"a fraction",
         workers("1.5"),
         {"1:42: proxy.workers: \"1.5\" is not a whole number" + form}},
        {"negative", workers("-1"), {"1:42: proxy.workers: \"-1\" is not a whole number" + form}},
        {"a unit", workers("2s"), {"1:42: proxy.workers: \"2s\" is not a whole number" + form}},
        {"too high", workers("256"), {"1:42: proxy.workers: \"256\" is out of range" + form}},
        {"beyond 32 bits",
         workers("4294967296"),
         {"1:42: proxy.workers: \"4294967296\" is out of range" + form}},
        {"beyond all numbers",
         workers("18446744073709551616"),
         {"1:42: proxy.workers: \"18446744073709551616\" is too large" + form}},
        {"a list", workers("[1]"), {"1:42: proxy.workers: is a list" + form}},
        {"too low",
         base + "limits: {clients: 0}\n",
         {"4:19: limits.clients: \"0\" is out of range; write a whole number from 1 to 1000000"}},
        {"a weight",
         proxy_line + "servers: [{name: a, address: b, weight: 1001}]\n" + monitor_line,
         {"2:41: servers[0].weight: \"1001\" is out of range; write a whole number from 0 to "
          "1000"}},
    });
}

TEST(key_reader, refuses_wrong_flags_and_choices) {
    expect_errors({
        {"yes",
         base + "routing: {hints: yes}\n",
         {"4:18: routing.hints: \"yes\" is not known here; write true or false"}},
        {"capitals",
         base + "routing: {hints: True}\n",
         {"4:18: routing.hints: \"True\" is not known here; write true or false"}},
        {"a number",
         base + "routing: {hints: 1}\n",
         {"4:18: routing.hints: \"1\" is not known here; write true or false"}},
        {"no flag",
         base + "routing: {hints: }\n",
         {"4:11: routing.hints: has no value; write true or false"}},
        {"another word",
         base + "routing: {primary_reads: sometimes}\n",
         {"4:26: routing.primary_reads: \"sometimes\" is not known here; write never, "
          "when-no-replica or always"}},
        {"underscores for dashes",
         base + "routing: {primary_reads: when_no_replica}\n",
         {"4:26: routing.primary_reads: \"when_no_replica\" is not known here; write never, "
          "when-no-replica or "
          "always"}},
        {"a client's word for servers",
         base + "tls: {server: {mode: require}}\n",
         {"4:22: tls.server.mode: \"require\" is not known here; write disabled, preferred, "
          "required, verify-ca "
          "or verify-identity"}},
        {"an old TLS version",
         base + "tls: {client: {minimum_version: 1.1}}\n",
         {"4:33: tls.client.minimum_version: \"1.1\" is not known here; write 1.2 or 1.3"}},
        {"a log level",
         base + "log: {level: warn}\n",
         {"4:14: log.level: \"warn\" is not known here; write debug, info, warning or error"}},
        {"a list of words",
         base + "log: {format: [text, json]}\n",
         {"4:15: log.format: is a list; write text or json"}},
    });
}

TEST(key_reader, refuses_wrong_texts) {
    const auto user = [](const std::string& value) {
        return proxy_line + servers_line + "monitor: {password: p, user: " + value + "}\n";
    };
    const std::string form = "; write a text of 1 to 128 bytes";
    expect_errors({
        {"empty", user("''"), {"3:30: monitor.user: \"\" is too short" + form}},
        {"too long",
         user(std::string(129, 'u')),
         {"3:30: monitor.user: \"" + std::string(60, 'u') + "...\" is too long" + form}},
        {"a line end",
         user("\"a\\nb\""),
         {"3:30: monitor.user: \"a\\x0ab\" holds a control character" + form}},
        {"a zero byte",
         user("\"a\\0b\""),
         {"3:30: monitor.user: \"a\\x00b\" holds a control character" + form}},
        {"nothing", user(""), {"3:24: monitor.user: has no value" + form}},
        {"null", user("null"), {"3:24: monitor.user: has no value" + form}},
        {"a mapping", user("{name: x}"), {"3:30: monitor.user: is a mapping" + form}},
        {"an empty path",
         base + "log: {file: ''}\n",
         {"4:13: log.file: \"\" is too short; write a text of 1 to 4095 bytes"}},
    });
}

TEST(key_reader, refuses_wrong_addresses) {
    const auto listen = [](const std::string& value) {
        return "proxy: {listen: " + value + "}\n" + servers_line + monitor_line;
    };
    expect_errors({
        {"no port",
         listen("localhost"),
         {"1:17: proxy.listen: \"localhost\" has no port; write " + address_forms}},
        {"a bare number",
         listen("6033"),
         {"1:17: proxy.listen: \"6033\" is not an IPv4 address; write " + address_forms}},
        {"nothing", listen(""), {"1:9: proxy.listen: has no value; write " + address_forms}},
        {"a mapping",
         listen("{port: 1}"),
         {"1:17: proxy.listen: is a mapping; write " + address_forms}},
        {"an empty list", listen("[]"), {"1:17: proxy.listen: is empty; write " + address_forms}},
        {"two of a list",
         listen("['127.0.0.1:6033', '::1', [], 'unix:x']"),
         {"1:36: proxy.listen[1]: \"::1\" is an IPv6 address without brackets; write " +
              address_forms,
          "1:43: proxy.listen[2]: is a list; write " + address_forms,
          "1:47: proxy.listen[3]: \"unix:x\" is not an absolute path; write " + address_forms}},
        {"a server's port",
         proxy_line + "servers: [{name: a, address: 'db:99999'}]\n" + monitor_line,
         {"2:30: servers[0].address: \"db:99999\" has a port that is not a number from 1 to 65535; "
          "write " +
          server_forms}},
        {"metrics on a Unix socket",
         base + "metrics: {listen: unix:/x}\n",
         {"4:19: metrics.listen: \"unix:/x\" is a Unix socket; write host:port or [IPv6 "
          "address]:port"}},
    });
}

TEST(key_reader, refuses_wrong_networks) {
    const std::string form = "; write a network such as 10.0.0.0/8 or fd00::/8";
    expect_errors({
        {"each of them",
         base + "proxy_protocol: {accept_from: [10.0.0.1/8, 10.0.0.0/33, lan, [], 10.0.0.0/8]}\n",
         {"4:32: proxy_protocol.accept_from[0]: \"10.0.0.1/8\" has bits set behind its prefix" +
              form,
          "4:44: proxy_protocol.accept_from[1]: \"10.0.0.0/33\" has a prefix that is not a number "
          "from 0 to 32" +
              form,
          "4:57: proxy_protocol.accept_from[2]: \"lan\" is not a network" + form,
          "4:62: proxy_protocol.accept_from[3]: is a list" + form}},
        {"one without a list", base + "proxy_protocol: {accept_from: 10.0.0.0/8}\n", {}},
        {"no value",
         base + "proxy_protocol: {accept_from: }\n",
         {"4:18: proxy_protocol.accept_from: has no value" + form + ", or a list of them"}},
    });
}

TEST(key_reader, refuses_wrong_shapes) {
    const std::string list = "; write a list of mappings, such as `- {name: ...}`";
    const std::string element = "; write a mapping, such as `{name: ...}`";
    expect_errors({
        {"the file is a list", "- a\n", {"1:1: is a list; write a mapping of keys"}},
        {"the file is a word", "hello\n", {"1:1: is a single value; write a mapping of keys"}},
        {"a section is a list",
         base + "routing: [a]\n",
         {"4:10: routing: is a list; write a mapping of keys"}},
        {"a section is a word",
         base + "tls: {client: require}\n",
         {"4:15: tls.client: is a single value; write a mapping of keys"}},
        {"servers is a mapping",
         proxy_line + "servers: {db1: 127.0.0.1}\n" + monitor_line,
         {"2:10: servers: is a mapping" + list}},
        {"servers is empty",
         proxy_line + "servers: []\n" + monitor_line,
         {"2:10: servers: is empty" + list}},
        {"servers is nothing",
         proxy_line + "servers:\n" + monitor_line,
         {"2:1: servers: has no value" + list}},
        {"a server is a word",
         proxy_line + "servers: [db1]\n" + monitor_line,
         {"2:11: servers[0]: is a single value" + element}},
        {"a server is nothing",
         proxy_line + "servers:\n  -\n" + monitor_line,
         {"3:3: servers[0]: is nothing" + element}},
        {"a user is a word",
         base + "users: ['app:hunter2']\n",
         {"4:9: users[0]: is a single value" + element}},
    });
}

TEST(key_reader, reports_all_errors_in_the_files_order) {
    expect_errors({
        {"five lines, five errors",
         "routing: {max_lag: 2}\n"
         "colour: red\n"
         "monitor: {user: m, password: p, interval: 5ms}\n"
         "servers: [{name: db1, address: '::1'}]\n"
         "proxy: {listen: 127.0.0.1:6033, workers: 999}\n",
         {"1:20: routing.max_lag: \"2\" has no unit; " + lag_form,
          "2:1: colour: is not a key; known here: proxy, servers, monitor, routing, rules, tls, "
          "timeouts, "
          "limits, "
          "users, proxy_protocol, sockets, log, metrics",
          "3:43: monitor.interval: \"5ms\" is out of range; write a time from 10ms to 1h (units: "
          "ms, s, m, h)",
          "4:32: servers[0].address: \"::1\" is an IPv6 address without brackets; write " +
              server_forms,
          "5:42: proxy.workers: \"999\" is out of range; write a whole number from 0 to 255"}},
    });
}

}  // namespace
}  // namespace weir::config::test
