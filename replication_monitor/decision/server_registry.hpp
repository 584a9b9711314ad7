#pragma once

#include "config/schema/proxy_settings.hpp"
#include "replication_monitor/model/server_id.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace weir::replication_monitor {

/// A server to watch: its settings under the id that it has in this process.
struct watched_server {
    server_id id;
    config::server_settings settings;
    friend bool operator==(const watched_server&, const watched_server&) = default;
};

/// Gives servers their ids. A server keeps its id over reloads for as long as its name and its
/// address stay the same; no id is ever given twice, so a server that was removed and added again
/// is a new one. Plain value.
class server_registry {
public:
    /// The servers of a configuration, in its order.
    [[nodiscard]] std::vector<watched_server> assign(
        std::span<const config::server_settings> settings
    );

private:
    std::vector<watched_server> known_;
    std::uint32_t next_id_ = 0;
};

}  // namespace weir::replication_monitor
