#pragma once

#include "protocol/mysql/gtid_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::splitter {

/// The text of a stored routine, as information_schema.ROUTINES has it, in UTF-8.
struct routine_source {
    enum class kind : std::uint8_t {
        function,
        procedure,
        other,  ///< packages and whatever else shares the names of functions
    };
    kind what = kind::function;
    std::string schema;
    std::string name;
    std::optional<std::string> body;  ///< nothing: not shown to us, or not written in SQL
    std::string sql_mode;             ///< in force when it was made, and whenever it runs
    std::vector<std::string> parameters;
};

struct view_source {
    std::string schema;
    std::string name;
    std::optional<std::string> query;  ///< nothing: not shown to us
};

/// All definitions of a server outside its own schemas, as of one reading.
struct definition_source {
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;  ///< as lexer_options has it
    std::vector<routine_source> routines;
    std::vector<view_source> views;
    /// Names of functions that libraries brought; they hide stored functions. Nothing: not known.
    std::optional<std::vector<std::string>> loadable_functions;
};

}  // namespace weir::splitter
