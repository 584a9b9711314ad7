#include "splitter/session/causality.hpp"

#include <utility>

namespace weir::splitter {

namespace {

/// From here on a set is worth being replaced. One write between those of others is an interval.
constexpr std::size_t size_worth_compacting = 64;

/// More is not remembered: the primary alone has it, until a probe tells what it has.
constexpr std::size_t size_max = 4096;

/// After so many reads in a row on one server a session asks, so that the next may go elsewhere.
constexpr std::uint32_t stays_max = 16;

}  // namespace

void causality::on_gtid(std::string_view text, protocol::mysql::server_flavor flavor) {
    if (text.empty()) return;
    ++writes_;
    newest_ = text;
    const auto parsed = protocol::mysql::gtid_set::parse(text, flavor);
    if (!parsed) {
        on_unknown_write();
        return;
    }
    written_.merge(*parsed);
    if (written_.size() > size_max) {
        written_ = {};
        on_unknown_write();
        return;
    }
    // A MariaDB position contains everything before it in its domain: the unknown write, and what
    // was seen. A MySQL set does not.
    if (flavor != protocol::mysql::server_flavor::mariadb) return;
    unknown_write_ = false;
    seen_.reset();
}

void causality::on_read(std::uint32_t server, std::uint64_t positions_asked) noexcept {
    const bool stays = seen_ && seen_->server == server;
    seen_ = sight{server, positions_asked, stays ? seen_->stays + 1 : 0};
}

void causality::on_position(const protocol::mysql::gtid_set& primary_executed) {
    written_.merge(primary_executed);
    unknown_write_ = false;
    seen_.reset();
    is_new_ = false;
}

void causality::on_no_position(const protocol::mysql::gtid_set& primary_executed) {
    if (std::exchange(is_new_, false)) written_.merge(primary_executed);
    if (seen_) seen_->stays = 0;
}

void causality::reset() {
    written_ = {};
    compacted_at_.reset();
    seen_.reset();
    unknown_write_ = false;
    is_new_ = false;
}

std::optional<std::uint32_t> causality::stays_at() const noexcept {
    return seen_ ? std::optional(seen_->server) : std::nullopt;
}

bool causality::needs_position() const noexcept {
    return is_new_ || (seen_ && seen_->stays >= stays_max);
}

void causality::resolve_seen(
    const protocol::mysql::gtid_set& primary_executed, std::uint64_t position_answered
) {
    if (!seen_ || position_answered <= seen_->positions_asked) return;
    written_.merge(primary_executed);
    seen_.reset();
}

void causality::resolve(
    time_point now, const protocol::mysql::gtid_set& primary_executed, time_point asked_at
) {
    compact(primary_executed, asked_at);
    if (!unknown_write_) return;
    if (!unknown_until_) unknown_until_ = now;
    if (asked_at <= *unknown_until_ || primary_executed.empty()) return;
    written_.merge(primary_executed);
    unknown_write_ = false;
}

void causality::compact(const protocol::mysql::gtid_set& primary_executed, time_point asked_at) {
    if (written_.size() < size_worth_compacting || compacted_at_ == asked_at) return;
    compacted_at_ = asked_at;
    if (primary_executed.size() < written_.size() && primary_executed.contains(written_))
        written_ = primary_executed;
}

}  // namespace weir::splitter
