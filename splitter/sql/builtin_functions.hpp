#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// What a call of a function may do or depend on.
enum class function_effect : std::uint8_t {
    pure,      ///< only reads, and every server answers alike (NOW, UUID and RAND count as that)
    unproven,  ///< not built into the server at hand: stored, loadable, or unknown to us
    server_local,       ///< only reads, but the answer belongs to one server or one connection
    reads_previous,     ///< depends on the last statement of its connection that made a number
    reads_diagnostics,  ///< depends on the statement before it, whatever that was
    takes_lock,         ///< takes or gives back a lock that its connection owns
    writes,             ///< moves a sequence
};

/// What calling `name` (unquoted and without a schema) does on the server that `options` describes.
/// `spaced` tells that white space or a comment stands before the parenthesis: without IGNORE_SPACE
/// some names then mean a stored function (MySQL manual, "Function Name Parsing and Resolution").
enum class call_form : std::uint8_t { adjacent, spaced };
[[nodiscard]] function_effect effect_of_function(
    std::string_view name, call_form form, const lexer_options& options
) noexcept;

}  // namespace weir::splitter
