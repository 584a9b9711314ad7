#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::splitter {

/// What clients ask weir itself, in words that no server understands, or that weir knows better.
struct own_statement {
    enum class kind : std::uint8_t {
        explain_route,     ///< EXPLAIN ROUTE `rest`
        show_pins,         ///< SHOW WEIR PINS
        show_processlist,  ///< SHOW [FULL] PROCESSLIST: a server's answer, with our ids in it
        set_trace,         ///< SET [SESSION] weir_trace = `on`
        show_gtid,         ///< SELECT @@weir_gtid [[AS] name]: `rest` is the column's name
        set_gtid,          ///< SET [SESSION] weir_gtid = 'set': `rest` without the quotes
        malformed,         ///< meant for weir, but `rest` is none of these
        bad_value,         ///< SET weir_trace = `rest`
    };

    kind what = kind::explain_route;
    std::string_view rest{};  ///< view into the text
    bool on = false;          ///< set_trace; show_processlist: FULL
    friend bool operator==(const own_statement&, const own_statement&) = default;
};

/// Nothing: the statement is the server's. EXPLAIN ROUTE alone, or with one name or string, is: it
/// describes a table of that name.
[[nodiscard]] std::optional<own_statement> parse_own_statement(
    std::string_view text, const lexer_options& options
) noexcept;

/// How many ? are in the text.
[[nodiscard]] std::size_t count_parameters(
    std::string_view text, const lexer_options& options
) noexcept;

}  // namespace weir::splitter
