#pragma once

#include "splitter/sql/lexer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What a statement sets by `SET @@x = ...`. Plain value.
struct unscoped_variables {
    std::vector<std::string> names{};  ///< in lower case
    bool are_all = false;              ///< that it sets
};

struct scoped_text {
    std::string text{};  ///< empty: there is nothing to write anew
    unscoped_variables unscoped{};
};

/// The text with `SET @@x = ...` written as `SET @@session.x = ...`, which means the same.
/// MariaDB's session tracker reports the second form and keeps
/// silent about the first (tried on 10.11; MySQL reports both). Variables of transactions are left
/// alone: without a scope they are set for the next transaction only. Reads statement after
/// statement up to the first that may have others inside it.
[[nodiscard]] scoped_text with_session_scope(std::string_view text, const lexer_options& options);

}  // namespace weir::splitter
