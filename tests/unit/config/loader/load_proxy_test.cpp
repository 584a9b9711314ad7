#include "config/loader/load_proxy.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace weir::config::test {
namespace {

using namespace std::chrono_literals;

const char* const everyday_text = R"(proxy:
  listen: 127.0.0.1:6033        # also a list; unix:/path; [::1]:port
  workers: 2                    # default: cores
servers:
  - {name: db1, address: 127.0.0.1:3391}
  - {name: db2, address: 127.0.0.1:3392, weight: 2}
  - {name: db3, address: 127.0.0.1:3393}
monitor:
  user: weir_monitor
  password: secret              # or password_file:, or password_env:
  interval: 200ms
routing:
  max_lag: 2s
  primary_reads: when-no-replica   # never | when-no-replica | always
)";

TEST(load_proxy_text, reads_the_everyday_configuration) {
    const auto outcome = load(everyday_text);
    ASSERT_TRUE(outcome.ok()) << outcome.errors.front().to_string();

    proxy_settings expected;
    expected.listen = {tcp("127.0.0.1", 6033)};
    expected.workers = 2;
    expected.servers = {
        {"db1", tcp("127.0.0.1", 3391), 1, false},
        {"db2", tcp("127.0.0.1", 3392), 2, false},
        {"db3", tcp("127.0.0.1", 3393), 1, false},
    };
    expected.monitor.user = "weir_monitor";
    expected.monitor.password = "secret";
    expected.monitor.interval = 200ms;
    expected.routing.max_lag = 2s;
    expected.routing.primary_reads = primary_reads::when_no_replica;
    EXPECT_EQ(outcome.settings, expected);
}

TEST(load_proxy_text, gives_defaults_to_all_that_is_not_written) {
    const auto outcome = load(base);
    ASSERT_TRUE(outcome.ok());
    proxy_settings expected;
    expected.listen = {tcp("127.0.0.1", 6033)};
    expected.servers = {{"db1", tcp("127.0.0.1", 3306), 1, false}};
    expected.monitor.user = "m";
    expected.monitor.password = "p";
    EXPECT_EQ(outcome.settings, expected);
}

proxy_settings settings_of_every_key() {
    proxy_settings expected;
    expected.listen = {tcp("0.0.0.0", 6033), tcp("::1", 6033)};
    expected.workers = 3;
    expected.pin_workers = true;
    expected.server_version = "8.0.36-weir";
    expected.compression = false;
    expected.timeouts = {4s, 5s, 6min, 7s, 3s, 9s, 2s, 8s};
    expected.servers = {{"db1", tcp("db1", 3306), 9, true}};
    expected.monitor = {"m", "p", 300ms, 400ms, 500ms, 3, 4, 600ms, 700ms, true};
    expected.routing = {
        3s, primary_reads::always, consistency::global, 17ms, false, false, true, 18, 2048, 19s};
    expected.client_tls = {client_tls_mode::require, "/d/c", "/d/k", "/d/a", tls_version::tls_1_3};
    expected.server_tls = {
        server_tls_mode::verify_identity, "/d/c", "/d/k", "/d/a", tls_version::tls_1_3};
    expected.limits = {11, 12, 1ULL << 20U, 13, 14, 15, 17, 4096, 8192, 16, 1024};
    expected.users = {{"app", "x"}};
    expected.proxy_protocol.accept_from = {"10.0.0.0/8", "::1/128"};
    expected.sockets = {false, false, 20s, 21s, 5, 99, 65536, 131072};
    expected.log = {log_level::debug, log_format::json, "/var/log/weir.log"};
    expected.metrics = {true, tcp("127.0.0.1", 6080)};
    return expected;
}

std::string text_of_every_key(const std::string& directory) {
    const std::string files =
        "cert: " + directory + "/c, key: " + directory + "/k, ca: " + directory + "/a";
    return R"(
proxy: {listen: ['0.0.0.0:6033', '[::1]:6033'], workers: 3, pin_workers: true,
        server_version: 8.0.36-weir, compression: false, drain_timeout: 8s}
servers: [{name: db1, address: db1, weight: 9, send_proxy_protocol: true}]
monitor: {user: m, password: p, interval: 300ms, connect_timeout: 400ms, query_timeout: 500ms,
          failures_to_down: 3, successes_to_up: 4, accounts_interval: 600ms, catalog_interval: 700ms,
          allow_several_primaries: true}
routing: {max_lag: 3s, primary_reads: always, consistency: global,
          causal_wait: 17ms, hints: false, multiplexing: false, transaction_replay: true, replay_statements: 18,
          replay_size: 2KiB, replay_age: 19s}
tls:
  client: {mode: require, minimum_version: 1.3, )" +
           files + R"(}
  server: {mode: verify-identity, minimum_version: 1.3, )" +
           files + R"(}
timeouts: {connect: 4s, login: 5s, idle_client: 6m, idle_backend: 7s, unclaimed_backend: 3s, backend_wait: 9s, commit_outcome: 2s}
limits: {clients: 11, clients_per_user: 12, packet_size: 1MiB, backends_per_server: 13,
         prepared_statements: 14, backend_statements: 15, long_data: 4KiB, buffer_size: 8KiB,
         statement_forms: 17, digests: 16, digest_text: 1KiB}
users: [{name: app, password: x}]
proxy_protocol: {accept_from: [10.0.0.0/8, '::1']}
sockets: {no_delay: false, keep_alive: false, keep_alive_idle: 20s, keep_alive_interval: 21s,
          keep_alive_count: 5, backlog: 99, receive_buffer: 64KiB, send_buffer: 128KiB}
log: {level: debug, format: json, file: /var/log/weir.log}
metrics: {listen: '127.0.0.1:6080'}
)";
}

TEST(load_proxy_text, puts_every_key_into_its_field) {
    const temporary_directory directory;
    for (const char* const name : {"c", "k", "a"})
        directory.write(name, "");
    std::string root = directory.path_of("c");
    root.resize(root.size() - 2);

    const auto outcome = load(text_of_every_key(root));
    ASSERT_TRUE(outcome.ok()) << outcome.errors.front().to_string();
    proxy_settings expected = settings_of_every_key();
    const auto rooted = [&](auto& side) {
        side.cert = root + "/c";
        side.key = root + "/k";
        side.ca = root + "/a";
    };
    rooted(expected.client_tls);
    rooted(expected.server_tls);
    EXPECT_EQ(outcome.settings, expected);
}

TEST(load_proxy_text, resolves_paths_against_the_files_directory) {
    const auto outcome = load(base + "log: {file: ../log/weir.log}\n", "/etc/weir/weir.yaml");
    ASSERT_TRUE(outcome.ok());
    EXPECT_EQ(outcome.settings.log.file, "/etc/log/weir.log");
    EXPECT_EQ(load(base + "log: {file: weir.log}\n", "weir.yaml").settings.log.file, "weir.log");
}

TEST(load_proxy_text, reports_syntax_errors_with_their_place) {
    const auto outcome = load("proxy: [\n");
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(outcome.errors[0].file, "c.yaml");
    EXPECT_EQ(outcome.errors[0].line, 2);
    EXPECT_EQ(outcome.errors[0].column, 1);
    EXPECT_EQ(outcome.errors[0].key, "");
}

TEST(load_proxy_text, leaves_room_for_what_others_find_wrong) {
    auto outcome = load(base + "rules:\n  - name: r\n    when: {pattern: x}\n    colour: red\n");
    outcome.add("rules[0].when.pattern", "is no pattern");
    outcome.add("rules[0].then.rewrite", "is not there");
    outcome.add("rules[0].when", "is the last of its place");
    std::vector<std::string> texts;
    for (const load_error& error : outcome.errors)
        texts.push_back(error.to_string());
    EXPECT_EQ(
        texts,
        (std::vector<std::string>{
            "c.yaml:5:5: rules[0].then.rewrite: is not there",
            "c.yaml:6:11: rules[0].when: is the last of its place",
            "c.yaml:6:21: rules[0].when.pattern: is no pattern",
            "c.yaml:7:5: rules[0].colour: is not a key; known here: name, when, unless, then, "
            "continue, examples",
        })
    );
}

TEST(load_proxy_text, refuses_a_huge_text) {
    const auto outcome = load(std::string((1U << 20U) + 1, '#'));
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(
        outcome.errors[0].to_string(),
        "c.yaml:1:1: is larger than 1048576 bytes; a configuration is smaller"
    );
}

TEST(load_proxy_file, reads_a_file_and_names_it_in_errors) {
    const temporary_directory directory;
    const std::string right = directory.write("right.yaml", base);
    EXPECT_TRUE(load_proxy_file(right).ok());

    const std::string wrong = directory.write("wrong.yaml", base + "log: {level: loud}\n");
    const auto outcome = load_proxy_file(wrong);
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(
        outcome.errors[0].to_string(),
        wrong + ":4:14: log.level: \"loud\" is not known here; write debug, info, warning or error"
    );
}

TEST(load_proxy_file, takes_secrets_from_the_process_environment) {
    const temporary_directory directory;
    const std::string path = directory.write(
        "weir.yaml",
        proxy_line + servers_line + "monitor: {user: m, password_env: WEIR_LOAD_TEST}\n"
    );
    ASSERT_EQ(::setenv("WEIR_LOAD_TEST", "from process", 1), 0);
    EXPECT_EQ(load_proxy_file(path).settings.monitor.password, "from process");
    ASSERT_EQ(::unsetenv("WEIR_LOAD_TEST"), 0);
    EXPECT_FALSE(load_proxy_file(path).ok());
}

TEST(load_proxy_file, says_why_a_file_cannot_be_read) {
    const auto outcome = load_proxy_file("/no/such.yaml");
    ASSERT_EQ(outcome.errors.size(), 1U);
    EXPECT_EQ(
        outcome.errors[0].to_string(),
        "/no/such.yaml:1:1: cannot be read: No such file or directory; name a readable "
        "configuration file"
    );
}

}  // namespace
}  // namespace weir::config::test
