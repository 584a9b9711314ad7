#include "splitter/session/causality.hpp"

namespace weir::splitter {

void causality::on_gtid(std::string_view text, protocol::mysql::server_flavor flavor) {
    if (text.empty()) return;
    const auto parsed = protocol::mysql::gtid_set::parse(text, flavor);
    if (!parsed) {
        unknown_write_ = true;
        return;
    }
    written_.merge(*parsed);
    // A MariaDB position contains everything before it in its domain, the unknown write too. A MySQL set does not.
    if (flavor == protocol::mysql::server_flavor::mariadb) unknown_write_ = false;
}

}  // namespace weir::splitter
