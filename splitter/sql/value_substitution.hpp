#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// What a statement may ask of its connection that we know better than the connection it runs on.
/// Nothing: it is left to the server.
struct known_values {
    std::optional<std::uint32_t> connection_id{};  ///< CONNECTION_ID()
    std::optional<std::int64_t> row_count{};       ///< ROW_COUNT()
    std::optional<std::int64_t> found_rows{};      ///< FOUND_ROWS()
    std::optional<std::int64_t> warnings{};        ///< @@warning_count
    std::optional<std::int64_t> errors{};          ///< @@error_count
    std::optional<std::int64_t> trace{};           ///< @@weir_trace
    bool knows_several = false;                    ///< several statements in one text are allowed
    bool has_warned = false;  ///< of what is deprecated: when the text was prepared, in SQL
};

/// The text with the values in place of the functions and variables, of the same type as these; the
/// columns of results keep their names. Empty: nothing of it stands in the text, or the text is of
/// a kind that may keep it for later (CREATE, ALTER, PREPARE). Of several statements in one text
/// only the first can ask about the statement before, and on MariaDB others for the conditions that
/// those before them keep. Where a statement looks at the server's own
/// list of connections, CONNECTION_ID() stays the server's.
[[nodiscard]] std::string with_known_values(
    std::string_view text, const known_values& values, const lexer_options& options
);

/// MariaDB keeps the conditions of the statement before over all statements of the text: none of
/// them uses a table, or has anything to warn of.
[[nodiscard]] bool keeps_conditions(std::string_view text, const lexer_options& options);

/// The last statement of the text is a SELECT from a table, and so MariaDB has no conditions of
/// those before it any more.
[[nodiscard]] bool ends_with_read_of_table(std::string_view text, const lexer_options& options);

}  // namespace weir::splitter
