#pragma once

#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <string_view>

namespace weir::splitter {

/// `text`, of which `traits` were found, may change what a login finds: accounts and their rights,
/// or global values of variables. What a procedure or a prepared text does is not seen.
[[nodiscard]] bool may_change_logins(
    std::string_view text, const statement_traits& traits, const lexer_options& options
) noexcept;

}  // namespace weir::splitter
