#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::replication_monitor {

/// The version as the server's greeting has it. MariaDB of major version 10 greets with "5.5.5-"
/// before its version, for old replicas' sake; client libraries strip that, we put it back. MariaDB
/// 11 and later send none.
[[nodiscard]] inline std::string greeting_version(
    protocol::mysql::server_flavor flavor, std::uint32_t version_number, std::string_view stripped
) {
    const bool has_prefix =
        flavor == protocol::mysql::server_flavor::mariadb && version_number / 10000 == 10;
    return (has_prefix ? "5.5.5-" : "") + std::string{stripped};
}

}  // namespace weir::replication_monitor
