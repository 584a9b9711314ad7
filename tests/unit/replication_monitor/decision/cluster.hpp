#pragma once

#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/decision/probe_result.hpp"
#include "replication_monitor/decision/server_registry.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Builders of servers and their answers, for tests of decisions. Server N is "dbN"
/// at 10.0.0.N:3306 with server id N.
namespace weir::replication_monitor {

/// When a test begins, by its own clock.
inline constexpr time_point start = time_point{} + std::chrono::hours{1};

inline std::string uuid_of(std::uint32_t number) {
    return "uuid-" + std::to_string(number);
}

inline watched_server listed(std::uint32_t number, std::uint32_t weight = 1) {
    config::server_settings settings;
    settings.name = "db" + std::to_string(number);
    settings.address.host = "10.0.0." + std::to_string(number);
    settings.address.port = 3306;
    settings.weight = weight;
    return {server_id{number}, settings};
}

/// A healthy channel from server `source`, no lag.
inline replication_channel channel_from(std::uint32_t source) {
    replication_channel channel;
    channel.source_host = "10.0.0." + std::to_string(source);
    channel.source_port = 3306;
    channel.source_uuid = uuid_of(source);
    channel.source_server_id = source;
    channel.receiver = receiver_state::running;
    channel.applier_running = true;
    channel.seconds_behind = std::chrono::seconds{0};
    return channel;
}

inline replication_channel behind(replication_channel channel, std::chrono::seconds lag) {
    channel.seconds_behind = lag;
    return channel;
}

inline replication_channel lag_unknown(replication_channel channel) {
    channel.seconds_behind.reset();
    return channel;
}

inline replication_channel connecting(replication_channel channel) {
    channel.receiver = receiver_state::connecting;
    channel.receiver_error = 2003;
    return lag_unknown(std::move(channel));
}

inline replication_channel receiver_stopped(replication_channel channel) {
    channel.receiver = receiver_state::stopped;
    return lag_unknown(std::move(channel));
}

inline replication_channel applier_stopped(replication_channel channel, std::uint32_t error = 0) {
    channel.applier_running = false;
    channel.applier_error = error;
    return lag_unknown(std::move(channel));
}

inline server_answers writable(
    std::uint32_t number, std::initializer_list<replication_channel> channels = {}
) {
    server_answers answers;
    answers.server_id = number;
    answers.server_uuid = uuid_of(number);
    answers.channels = channels;
    return answers;
}

inline server_answers read_only(
    std::uint32_t number, std::initializer_list<replication_channel> channels = {}
) {
    auto answers = writable(number, channels);
    answers.read_only = true;
    return answers;
}

inline probe_result good(server_answers answers) {
    probe_result result;
    result.answers = std::move(answers);
    return result;
}

inline probe_result failed(std::string why = "no route") {
    probe_result result;
    result.error = std::move(why);
    return result;
}

}  // namespace weir::replication_monitor
