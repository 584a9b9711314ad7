#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <string>
#include <string_view>

/// A MySQL server, and what it has executed.
namespace weir::test {

inline const std::string mysql_uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

/// Transactions of that server: "1-5:7".
[[nodiscard]] inline protocol::mysql::gtid_set mysql_gtids(std::string_view numbers) {
    return protocol::mysql::gtid_set::parse(
               mysql_uuid + ":" + std::string(numbers), protocol::mysql::server_flavor::mysql
    )
        .value();
}

}  // namespace weir::test
