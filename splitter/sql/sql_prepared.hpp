#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// PREPARE and what follows it, as SQL.
struct sql_prepared {
    enum class kind : std::uint8_t {
        prepare,     ///< PREPARE name FROM text
        execute,     ///< EXECUTE name
        immediate,   ///< EXECUTE IMMEDIATE text
        deallocate,  ///< DEALLOCATE or DROP PREPARE name
    };

    kind what = kind::prepare;
    std::string name{};                 ///< in lower case, as servers compare it
    std::optional<std::string> text{};  ///< nothing: it has none, or none that stands there
    bool has_values = false;            ///< USING
    friend bool operator==(const sql_prepared&, const sql_prepared&) = default;
};

/// Nothing: it is another statement, several of them, or not understood.
[[nodiscard]] std::optional<sql_prepared> parse_sql_prepared(
    std::string_view text, const lexer_options& options
);

}  // namespace weir::splitter
