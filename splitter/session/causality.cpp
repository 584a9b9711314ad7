#include "splitter/session/causality.hpp"

namespace weir::splitter {

namespace {

/// From here on a set is worth being replaced. One write between those of others is an interval.
constexpr std::size_t size_worth_compacting = 64;

/// More is not remembered: the primary alone has it, until a probe tells what it has.
constexpr std::size_t size_max = 4096;

}  // namespace

void causality::on_gtid(std::string_view text, protocol::mysql::server_flavor flavor) {
    if (text.empty()) return;
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
    // A MariaDB position contains everything before it in its domain, the unknown write too. A
    // MySQL set does not.
    if (flavor == protocol::mysql::server_flavor::mariadb) unknown_write_ = false;
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
