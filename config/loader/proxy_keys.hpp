#pragma once

#include "config/loader/addresses.hpp"
#include "config/loader/rule_keys.hpp"
#include "config/loader/setting_key.hpp"
#include "config/schema/proxy_settings.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>

/// The one list of weir-proxy's keys. `describe_proxy(keys, settings)` presents every key with its
/// field, its range and its rule to a visitor, in the order of the reference. There are three
/// visitors: `key_reader` fills the fields from YAML, `key_lister` names the keys with their
/// defaults, `value_lister` prints values to compare two settings. So what is read, what is
/// documented and what a reload reports cannot drift apart.
namespace weir::config {

inline constexpr std::array primary_reads_words{
    choice_word<primary_reads>{primary_reads::never, "never"},
    choice_word<primary_reads>{primary_reads::when_no_replica, "when-no-replica"},
    choice_word<primary_reads>{primary_reads::always, "always"},
};
inline constexpr std::array client_tls_mode_words{
    choice_word<client_tls_mode>{client_tls_mode::disabled, "disabled"},
    choice_word<client_tls_mode>{client_tls_mode::allow, "allow"},
    choice_word<client_tls_mode>{client_tls_mode::require, "require"},
};
inline constexpr std::array server_tls_mode_words{
    choice_word<server_tls_mode>{server_tls_mode::disabled, "disabled"},
    choice_word<server_tls_mode>{server_tls_mode::preferred, "preferred"},
    choice_word<server_tls_mode>{server_tls_mode::required, "required"},
    choice_word<server_tls_mode>{server_tls_mode::verify_ca, "verify-ca"},
    choice_word<server_tls_mode>{server_tls_mode::verify_identity, "verify-identity"},
};
inline constexpr std::array tls_version_words{
    choice_word<tls_version>{tls_version::tls_1_2, "1.2"},
    choice_word<tls_version>{tls_version::tls_1_3, "1.3"},
};
inline constexpr std::array log_level_words{
    choice_word<log_level>{log_level::debug, "debug"},
    choice_word<log_level>{log_level::info, "info"},
    choice_word<log_level>{log_level::warning, "warning"},
    choice_word<log_level>{log_level::error, "error"},
};
inline constexpr std::array log_format_words{
    choice_word<log_format>{log_format::text, "text"},
    choice_word<log_format>{log_format::json, "json"},
};

inline constexpr address_rule listen_rule{};
inline constexpr address_rule server_rule{.default_port = 3306};
inline constexpr address_rule metrics_rule{.sockets = unix_sockets::refused};

inline constexpr std::uint64_t kib = 1024;
inline constexpr std::uint64_t mib = 1024 * kib;
inline constexpr std::uint64_t gib = 1024 * mib;

using duration_range = value_range<std::chrono::milliseconds>;
using number_range = value_range<std::uint32_t>;
using size_range = value_range<std::uint64_t>;

void describe_listening(auto& keys, auto& settings) {
    using namespace std::chrono_literals;
    constexpr auto restart = takes_effect::at_restart;
    keys.addresses({"listen", presence::required, restart}, settings.listen, listen_rule);
    keys.number({.name = "workers", .when = restart}, settings.workers, number_range{0, 255});
    keys.flag({.name = "pin_workers", .when = restart}, settings.pin_workers);
    keys.text({"server_version"}, settings.server_version, text_length{1, 60});
    keys.flag({"compression"}, settings.compression);
    keys.duration({"drain_timeout"}, settings.timeouts.drain, duration_range{0ms, 1h});
}

void describe_server(auto& keys, auto& server) {
    keys.text({"name", presence::required}, server.name, text_length{1, 64});
    keys.address({"address", presence::required}, server.address, server_rule);
    keys.number({"weight"}, server.weight, number_range{0, 1000});
    keys.flag({"send_proxy_protocol"}, server.send_proxy_protocol);
}

void describe_monitor(auto& keys, auto& monitor) {
    using namespace std::chrono_literals;
    keys.text({"user", presence::required}, monitor.user, text_length{1, 128});
    keys.secret({"password", presence::required}, monitor.password);
    keys.duration({"interval"}, monitor.interval, duration_range{10ms, 1h});
    keys.duration({"connect_timeout"}, monitor.connect_timeout, duration_range{10ms, 1min});
    keys.duration({"query_timeout"}, monitor.query_timeout, duration_range{10ms, 1min});
    keys.number({"failures_to_down"}, monitor.failures_to_down, number_range{1, 100});
    keys.number({"successes_to_up"}, monitor.successes_to_up, number_range{1, 100});
    keys.duration({"accounts_interval"}, monitor.accounts_interval, duration_range{100ms, 1h});
    keys.duration({"catalog_interval"}, monitor.catalog_interval, duration_range{0ms, 1h});
    keys.flag({"allow_several_primaries"}, monitor.allow_several_primaries);
}

void describe_routing(auto& keys, auto& routing) {
    using namespace std::chrono_literals;
    keys.duration({"max_lag"}, routing.max_lag, duration_range{0ms, 24h});
    keys.choice({"primary_reads"}, routing.primary_reads, primary_reads_words);
    keys.choice({"consistency"}, routing.consistency, consistency_words);
    keys.duration({"causal_wait"}, routing.causal_wait, duration_range{0ms, 1min});
    keys.flag({"hints"}, routing.hints);
    keys.flag({"multiplexing"}, routing.multiplexing);
    keys.flag({"transaction_replay"}, routing.transaction_replay);
    keys.number({"replay_statements"}, routing.replay_statements, number_range{0, 1'000'000});
    keys.size({"replay_size"}, routing.replay_size, size_range{kib, 64 * mib});
    keys.duration({"replay_age"}, routing.replay_age, duration_range{0ms, 1h});
}

/// One side of `tls`; the sides differ in their modes.
void describe_tls_side(auto& keys, auto& side, const auto& mode_words) {
    keys.choice({"mode"}, side.mode, mode_words);
    keys.file({"cert"}, side.cert);
    keys.file({"key"}, side.key);
    keys.file({"ca"}, side.ca);
    keys.choice({"minimum_version"}, side.minimum_version, tls_version_words);
}

void describe_timeouts(auto& keys, auto& timeouts) {
    using namespace std::chrono_literals;
    keys.duration({"connect"}, timeouts.connect, duration_range{10ms, 10min});
    keys.duration({"login"}, timeouts.login, duration_range{100ms, 10min});
    keys.duration({"idle_client"}, timeouts.idle_client, duration_range{0ms, 8760h});
    keys.duration({"idle_backend"}, timeouts.idle_backend, duration_range{10ms, 24h});
    keys.duration({"unclaimed_backend"}, timeouts.unclaimed_backend, duration_range{10ms, 24h});
    keys.duration({"commit_outcome"}, timeouts.commit_outcome, duration_range{0ms, 10min});
    keys.duration({"backend_wait"}, timeouts.backend_wait, duration_range{1ms, 1h});
}

void describe_limits(auto& keys, auto& limits) {
    keys.number({"clients"}, limits.clients, number_range{1, 1'000'000});
    keys.number({"clients_per_user"}, limits.clients_per_user, number_range{0, 1'000'000});
    keys.size({"packet_size"}, limits.packet_size, size_range{kib, gib});
    keys.number({"backends_per_server"}, limits.backends_per_server, number_range{0, 100'000});
    keys.number({"prepared_statements"}, limits.prepared_statements, number_range{1, 1'000'000});
    keys.number({"backend_statements"}, limits.backend_statements, number_range{1, 1'000'000});
    keys.size({"long_data"}, limits.long_data, size_range{kib, gib});
    keys.size({"buffer_size"}, limits.buffer_size, size_range{4 * kib, mib});
    constexpr auto restart = takes_effect::at_restart;
    keys.number(
        {.name = "statement_forms", .when = restart},
        limits.statement_forms,
        number_range{0, 1'000'000}
    );
    keys.number({.name = "digests", .when = restart}, limits.digests, number_range{0, 1'000'000});
    keys.size(
        {.name = "digest_text", .when = restart}, limits.digest_text, size_range{64, 64 * kib}
    );
}

void describe_user(auto& keys, auto& user) {
    keys.text({"name", presence::required}, user.name, text_length{1, 128});
    keys.secret({"password", presence::required}, user.password);
}

/// Ranges of the TCP options: tcp(7) and the kernel's MAX_TCP_KEEP* limits.
void describe_sockets(auto& keys, auto& sockets) {
    using namespace std::chrono_literals;
    keys.flag({"no_delay"}, sockets.no_delay);
    keys.flag({"keep_alive"}, sockets.keep_alive);
    keys.duration({"keep_alive_idle"}, sockets.keep_alive_idle, duration_range{1s, 9h});
    keys.duration({"keep_alive_interval"}, sockets.keep_alive_interval, duration_range{1s, 1h});
    keys.number({"keep_alive_count"}, sockets.keep_alive_count, number_range{1, 127});
    keys.number(
        {.name = "backlog", .when = takes_effect::at_restart},
        sockets.backlog,
        number_range{1, 65535}
    );
    keys.size({"receive_buffer"}, sockets.receive_buffer, size_range{0, 256 * mib});
    keys.size({"send_buffer"}, sockets.send_buffer, size_range{0, 256 * mib});
}

void describe_log(auto& keys, auto& log) {
    constexpr auto restart = takes_effect::at_restart;
    keys.choice({"level"}, log.level, log_level_words);
    keys.choice({.name = "format", .when = restart}, log.format, log_format_words);
    keys.file({.name = "file", .when = restart}, log.file);
}

void describe_proxy(auto& keys, auto& settings) {
    keys.section("proxy", [&](auto& in) { describe_listening(in, settings); });
    keys.list({"servers", presence::required}, settings.servers, [](auto& in, auto& server) {
        describe_server(in, server);
    });
    keys.section("monitor", [&](auto& in) { describe_monitor(in, settings.monitor); });
    keys.section("routing", [&](auto& in) { describe_routing(in, settings.routing); });
    keys.list({.name = "rules", .ordered = true}, settings.rules, [](auto& in, auto& rule) {
        describe_rule(in, rule);
    });
    keys.section("tls", [&](auto& in) {
        in.section("client", [&](auto& side) {
            describe_tls_side(side, settings.client_tls, client_tls_mode_words);
        });
        in.section("server", [&](auto& side) {
            describe_tls_side(side, settings.server_tls, server_tls_mode_words);
        });
    });
    keys.section("timeouts", [&](auto& in) { describe_timeouts(in, settings.timeouts); });
    keys.section("limits", [&](auto& in) { describe_limits(in, settings.limits); });
    keys.list({"users"}, settings.users, [](auto& in, auto& user) { describe_user(in, user); });
    keys.section("proxy_protocol", [&](auto& in) {
        in.networks({"accept_from"}, settings.proxy_protocol.accept_from, empty_list::allowed);
    });
    keys.section("sockets", [&](auto& in) { describe_sockets(in, settings.sockets); });
    keys.section("log", [&](auto& in) { describe_log(in, settings.log); });
    keys.section("metrics", [&](auto& in) {
        in.address(
            {.name = "listen", .when = takes_effect::at_restart},
            settings.metrics.listen,
            metrics_rule
        );
    });
}

}  // namespace weir::config
