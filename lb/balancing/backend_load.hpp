#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "replication_monitor/model/server_id.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>

namespace weir::lb {

using time_point = std::chrono::steady_clock::time_point;

/// How long a server is left alone after a failed connect: doubled with each failure in a row, up
/// to a limit.
struct connect_backoff {
    std::chrono::milliseconds first{50};
    std::chrono::milliseconds longest{1'000};
};

/// What one worker knows of one server from its own traffic. Plain value. Thread: its worker's.
struct backend_load {
    replication_monitor::server_id server;
    std::uint32_t in_flight = 0;  ///< statements sent and not yet answered; the worker counts
    std::uint32_t connect_failures = 0;  ///< in a row
    time_point retry_at{};               ///< no statement is sent there before
    std::chrono::nanoseconds latency{
        0};  ///< moving average of the time to the first byte; 0: none yet
    /// What it was seen to have executed since its last probe, by those who waited for that.
    protocol::mysql::gtid_set caught_up{};

    void on_connected() noexcept {
        connect_failures = 0;
        retry_at = {};
    }

    void on_connect_failed(time_point now, const connect_backoff& backoff) noexcept {
        const auto doublings = std::min<std::uint32_t>(connect_failures++, 20);
        const auto pause = backoff.first * (std::int64_t{1} << doublings);
        retry_at = now + std::min<std::chrono::milliseconds>(pause, backoff.longest);
    }

    /// Each answer moves the average by an eighth of the difference; the first one sets it.
    void on_response(std::chrono::nanoseconds measured) noexcept {
        latency = latency.count() == 0 ? measured : latency + (measured - latency) / 8;
    }

    [[nodiscard]] bool is_backing_off(time_point now) const noexcept { return now < retry_at; }
};

/// Null: nothing is known of the server.
[[nodiscard]] inline const backend_load* find_load(
    std::span<const backend_load> loads, replication_monitor::server_id server
) {
    const auto found = std::ranges::find(loads, server, &backend_load::server);
    return found == loads.end() ? nullptr : &*found;
}

}  // namespace weir::lb
