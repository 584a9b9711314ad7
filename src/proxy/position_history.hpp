#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "replication_monitor/model/server_id.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace weir::proxy {

/// What servers had executed at times past: about one position a second of late, fewer of long ago.
/// Owned by a worker.
class position_history {
public:
    using time_point = std::chrono::steady_clock::time_point;

    static constexpr std::size_t size_max = 64;
    static constexpr std::chrono::seconds spacing{1};

    /// The server was asked at one time and had answered by the other.
    void add(
        replication_monitor::server_id server,
        time_point asked_at,
        time_point answered_by,
        const protocol::mysql::gtid_set& executed
    );

    /// The newest that was asked for and answered in that time; null: none is known.
    [[nodiscard]] const protocol::mysql::gtid_set* find(
        replication_monitor::server_id server, time_point from, time_point to
    ) const;

    [[nodiscard]] std::size_t size() const noexcept { return positions_.size(); }

private:
    struct position {
        replication_monitor::server_id server;
        time_point asked_at{};
        time_point answered_by{};
        protocol::mysql::gtid_set executed;
    };

    void thin_out();

    std::vector<position> positions_;  ///< the newest last
};

}  // namespace weir::proxy
