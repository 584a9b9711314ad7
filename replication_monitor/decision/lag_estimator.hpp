#pragma once

#include "replication_monitor/decision/probe_result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// How far a server may be behind each of its sources: an upper bound, never a guess.
///
/// A server answers Seconds_Behind only while it is connected to its source. A replica that was
/// `lag` behind at one time is at most `lag + age` behind a little later, whatever has happened to
/// it since: so a measurement bounds the lag for as long as we like, growing with the clock. The
/// clock that counts is the source's: it stands still from the moment the source was last seen
/// alive, as a dead server commits nothing. Hence the rule for replicas whose primary is gone: each
/// keeps the lag that it had when the primary died, so one that was fresh goes on serving reads,
/// and one that was never measured does not. When the primary is back and the replica is not
/// connected to it again yet, the whole time counts.
///
/// Seconds_Behind has whole seconds, rounded down: the bound is as coarse.
///
/// Plain value, one per server. Thread: the decider's.
class lag_estimator {
public:
    /// Keeps what `answers` measured, and forgets the channels that are no longer configured.
    void on_answers(const server_answers& answers, time_point at);

    /// Lag of `channel` (one of the newest answers' channels). `source_seen_at`: when the origin of
    /// the writes last answered. `fresh_for`: a measurement younger than this counts as of now.
    /// Nothing: never measured.
    [[nodiscard]] std::optional<std::chrono::milliseconds> estimate(
        const replication_channel& channel,
        time_point source_seen_at,
        std::chrono::milliseconds fresh_for
    ) const;

private:
    struct measurement {
        std::string channel_name;
        std::string source_host;  ///< a channel that was pointed elsewhere starts anew
        std::uint16_t source_port = 0;
        std::chrono::seconds lag{0};
        time_point at{};
    };

    [[nodiscard]] const measurement* find(const replication_channel& channel) const;

    std::vector<measurement> measurements_;
};

}  // namespace weir::replication_monitor
