#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// One row of information_schema.ROUTINES, in UTF-8.
struct stored_routine {
    std::string schema;
    std::string name;
    std::string type;                 ///< "FUNCTION", "PROCEDURE"; MariaDB: "PACKAGE", ...
    std::optional<std::string> body;  ///< nothing: we may not see it, or it is not in SQL
    std::string sql_mode;
    std::vector<std::string> parameters;  ///< their names
    friend bool operator==(const stored_routine&, const stored_routine&) = default;
};

struct stored_view {
    std::string schema;
    std::string name;
    std::optional<std::string> query;  ///< nothing: we may not see it
    friend bool operator==(const stored_view&, const stored_view&) = default;
};

/// The primary's stored routines and views outside its own schemas, as of one reading. Immutable
/// once published.
struct definition_list {
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;  ///< as in server_state
    std::vector<stored_routine> routines;
    std::vector<stored_view> views;
    /// Functions that libraries brought. Nothing: the monitor's account may not read them.
    std::optional<std::vector<std::string>> loadable_functions;
    bool may_miss_views = false;  ///< the account lacks SELECT or SHOW VIEW on all schemas
    friend bool operator==(const definition_list&, const definition_list&) = default;
};

}  // namespace weir::replication_monitor
