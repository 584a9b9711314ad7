#include "src/proxy/position_history.hpp"

#include <algorithm>
#include <utility>

namespace weir::proxy {

using replication_monitor::server_id;

void position_history::add(
    server_id server,
    time_point asked_at,
    time_point answered_by,
    const protocol::mysql::gtid_set& executed
) {
    const bool is_soon = !positions_.empty() && positions_.back().server == server &&
                         asked_at < positions_.back().asked_at + spacing;
    if (is_soon || executed.empty()) return;
    if (positions_.size() >= size_max) thin_out();
    positions_.push_back({server, asked_at, answered_by, executed});
}

const protocol::mysql::gtid_set* position_history::find(
    server_id server, time_point from, time_point to
) const {
    const auto newest = std::find_if(positions_.rbegin(), positions_.rend(), [&](const auto& one) {
        return one.server == server && one.asked_at >= from && one.answered_by <= to;
    });
    return newest == positions_.rend() ? nullptr : &newest->executed;
}

/// Every second one of the older half goes: what is left of long ago lies ever further apart.
void position_history::thin_out() {
    std::vector<position> kept;
    for (std::size_t i = 0; i < positions_.size(); ++i) {
        const bool is_old = i < positions_.size() / 2;
        if (!is_old || i % 2 == 0) kept.push_back(std::move(positions_[i]));
    }
    positions_ = std::move(kept);
}

}  // namespace weir::proxy
