#include "replication_monitor/decision/lag_estimator.hpp"

#include <algorithm>
#include <utility>

namespace weir::replication_monitor {

void lag_estimator::on_answers(const server_answers& answers, time_point at) {
    std::vector<measurement> next;
    next.reserve(answers.channels.size());
    for (const auto& channel : answers.channels) {
        if (channel.seconds_behind) {
            next.push_back(
                {channel.name,
                 channel.source_host,
                 channel.source_port,
                 *channel.seconds_behind,
                 at}
            );
        } else if (const auto* known = find(channel)) {
            next.push_back(*known);
        }
    }
    measurements_ = std::move(next);
}

std::optional<std::chrono::milliseconds> lag_estimator::estimate(
    const replication_channel& channel,
    time_point source_seen_at,
    std::chrono::milliseconds fresh_for
) const {
    using std::chrono::milliseconds;
    const auto* known = find(channel);
    if (known == nullptr) return std::nullopt;
    const auto age = std::chrono::ceil<milliseconds>(source_seen_at - known->at);
    if (age <= milliseconds::zero()) return known->lag;
    if (channel.seconds_behind && age <= fresh_for) return known->lag;
    return known->lag + age;
}

const lag_estimator::measurement* lag_estimator::find(const replication_channel& channel) const {
    const auto same = [&channel](const measurement& known) {
        return known.channel_name == channel.name && known.source_host == channel.source_host &&
               known.source_port == channel.source_port;
    };
    const auto found = std::find_if(measurements_.begin(), measurements_.end(), same);
    return found == measurements_.end() ? nullptr : &*found;
}

}  // namespace weir::replication_monitor
