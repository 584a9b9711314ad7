#include "splitter/session/causality.hpp"

namespace weir::splitter {

void causality::on_gtid(std::string_view text, protocol::mysql::server_flavor flavor) {
    if (text.empty()) return;
    const auto parsed = protocol::mysql::gtid_set::parse(text, flavor);
    if (!parsed) {
        on_unknown_write();
        return;
    }
    written_.merge(*parsed);
    // A MariaDB position contains everything before it in its domain, the unknown write too. A
    // MySQL set does not.
    if (flavor == protocol::mysql::server_flavor::mariadb) unknown_write_ = false;
}

void causality::resolve(
    time_point now, const protocol::mysql::gtid_set& primary_executed, time_point asked_at
) {
    if (!unknown_write_) return;
    if (!unknown_until_) unknown_until_ = now;
    if (asked_at <= *unknown_until_ || primary_executed.empty()) return;
    written_.merge(primary_executed);
    unknown_write_ = false;
}

}  // namespace weir::splitter
