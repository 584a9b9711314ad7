#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// What this session has written, and what it may have seen of others, so that its reads find the
/// one and do not lose the other again. Thread: its worker.
class causality {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The server named the GTID of a write. Malformed text counts as an unknown write.
    void on_gtid(std::string_view text, protocol::mysql::server_flavor flavor);

    /// What on_gtid() was told last.
    [[nodiscard]] const std::string& newest() const noexcept { return newest_; }

    /// Something was written whose GTID is not known: until a later one is, only the primary surely
    /// has it.
    void on_unknown_write() noexcept {
        ++writes_;
        unknown_write_ = true;
        unknown_until_.reset();
    }

    /// The session is new, and is to find what others were told before it: a position that contains
    /// that is needed first.
    void begin() noexcept { is_new_ = true; }

    /// A read was answered by the server of this number (backend_state::server). It may have seen
    /// anything: until a primary's position is known that was asked for afterwards, only that
    /// server and the primary surely have it. `positions_asked`: so many questions had been sent.
    void on_read(std::uint32_t server, std::uint64_t positions_asked) noexcept;

    /// The primary's executed set as of a moment after the command came.
    void on_position(const protocol::mysql::gtid_set& primary_executed);

    /// Reads are to find these too, whoever has written them.
    void require(const protocol::mysql::gtid_set& others) { written_.merge(others); }

    /// What `required` says is all that the next read must find; else a position would say more.
    [[nodiscard]] bool is_complete() const noexcept {
        return !unknown_write_ && !seen_ && !is_new_;
    }

    /// It cannot be had: a new session goes by the newest that is known.
    void on_no_position(const protocol::mysql::gtid_set& primary_executed);

    /// Before each command: a primary's executed set that was asked for after the unknown write
    /// contains it. It also takes the place of a set of many gaps that it contains: a replica that
    /// has all of it has all of the session's.
    void resolve(
        time_point now, const protocol::mysql::gtid_set& primary_executed, time_point asked_at
    );

    /// The same for what was seen: the set contains what the question of this number found.
    void resolve_seen(
        const protocol::mysql::gtid_set& primary_executed, std::uint64_t position_answered
    );

    void reset();

    /// Must be contained in a replica's executed set for a read there; null: nothing is required.
    [[nodiscard]] const protocol::mysql::gtid_set* required() const noexcept {
        return written_.empty() ? nullptr : &written_;
    }

    [[nodiscard]] bool only_primary_has_it() const noexcept { return unknown_write_; }

    /// The server that surely has what was seen, as long as no position says what that is.
    [[nodiscard]] std::optional<std::uint32_t> stays_at() const noexcept;

    /// The next read is to ask for the primary's position: the session is new, or has stayed at a
    /// server for long.
    [[nodiscard]] bool needs_position() const noexcept;

    [[nodiscard]] bool is_new() const noexcept { return is_new_; }

    /// A newer position of the primary would let its reads be spread again.
    [[nodiscard]] bool wants_position() const noexcept { return unknown_write_ || seen_; }

    /// Counts what was written, known or not.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

private:
    /// What was seen, and is not known to be contained in any position.
    struct sight {
        std::uint32_t server = 0;
        std::uint64_t positions_asked = 0;  ///< when it was over
        std::uint32_t stays = 0;            ///< reads there in a row, but for the first
    };

    void compact(const protocol::mysql::gtid_set& primary_executed, time_point asked_at);

    protocol::mysql::gtid_set written_;
    std::string newest_;
    std::optional<time_point>
        unknown_until_;  ///< the unknown write was over then; set at the command after it
    std::optional<time_point> compacted_at_;  ///< the newest primary's set that was compared
    std::optional<sight> seen_;
    std::uint64_t writes_ = 0;
    bool unknown_write_ = false;
    bool is_new_ = false;
};

}  // namespace weir::splitter
