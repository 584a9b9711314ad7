#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace weir::splitter {

/// What this session has written, so that its reads find it. Thread: its worker.
class causality {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The server named the GTID of a write. Malformed text counts as an unknown write.
    void on_gtid(std::string_view text, protocol::mysql::server_flavor flavor);

    /// Something was written whose GTID is not known: until a later one is, only the primary surely
    /// has it.
    void on_unknown_write() noexcept {
        unknown_write_ = true;
        unknown_until_.reset();
    }

    /// Before each command: a primary's executed set that was asked for after the unknown write
    /// contains it. It also takes the place of a set of many gaps that it contains: a replica that
    /// has all of it has all of the session's.
    void resolve(
        time_point now, const protocol::mysql::gtid_set& primary_executed, time_point asked_at
    );

    void reset() {
        written_ = {};
        compacted_at_.reset();
        unknown_write_ = false;
    }

    /// Must be contained in a replica's executed set for a read there; null: nothing is required.
    [[nodiscard]] const protocol::mysql::gtid_set* required() const noexcept {
        return written_.empty() ? nullptr : &written_;
    }

    [[nodiscard]] bool only_primary_has_it() const noexcept { return unknown_write_; }

private:
    void compact(const protocol::mysql::gtid_set& primary_executed, time_point asked_at);

    protocol::mysql::gtid_set written_;
    std::optional<time_point>
        unknown_until_;  ///< the unknown write was over then; set at the command after it
    std::optional<time_point> compacted_at_;  ///< the newest primary's set that was compared
    bool unknown_write_ = false;
};

}  // namespace weir::splitter
