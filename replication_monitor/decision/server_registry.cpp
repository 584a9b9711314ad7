#include "replication_monitor/decision/server_registry.hpp"

#include <algorithm>

namespace weir::replication_monitor {

std::vector<watched_server> server_registry::assign(
    std::span<const config::server_settings> settings
) {
    std::vector<watched_server> next;
    next.reserve(settings.size());
    for (const auto& server : settings) {
        const auto same = [&server](const watched_server& other) {
            return other.settings.name == server.name && other.settings.address == server.address;
        };
        const auto known = std::find_if(known_.begin(), known_.end(), same);
        next.push_back({known == known_.end() ? server_id{next_id_++} : known->id, server});
    }
    known_ = next;
    return next;
}

}  // namespace weir::replication_monitor
