#pragma once

#include "splitter/sql/set_statement.hpp"

#include <string_view>

namespace weir::splitter {

/// The variables that say what the next transactions are like, by either of their names.
[[nodiscard]] bool is_transaction_isolation(std::string_view name) noexcept;
[[nodiscard]] bool is_transaction_read_only(std::string_view name) noexcept;

/// What an assignment to one of them asks for; when in doubt, it does.
[[nodiscard]] bool asks_for_serializable(const set_assignment& assignment) noexcept;
[[nodiscard]] bool asks_for_read_only(const set_assignment& assignment) noexcept;

}  // namespace weir::splitter
