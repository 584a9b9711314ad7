#include "splitter/sql/transaction_variables.hpp"

#include "splitter/sql/word.hpp"

namespace weir::splitter {

bool is_transaction_isolation(std::string_view name) noexcept {
    return same_word(name, "transaction_isolation") || same_word(name, "tx_isolation");
}

bool is_transaction_read_only(std::string_view name) noexcept {
    return same_word(name, "transaction_read_only") || same_word(name, "tx_read_only");
}

/// "SERIALIZABLE" as a word or a string; its number in the list of levels is 3.
bool asks_for_serializable(const set_assignment& assignment) noexcept {
    constexpr std::string_view level = "serializable";
    if (assignment.value_kind == set_value_kind::number) return assignment.value == "3";
    if (assignment.value_kind == set_value_kind::word) return same_word(assignment.value, level);
    if (assignment.value_kind == set_value_kind::expression) return true;  // when in doubt
    return same_word(assignment.value.substr(1, assignment.value.size() - 2), level);
}

bool asks_for_read_only(const set_assignment& assignment) noexcept {
    return assignment.value == "1" || same_word(assignment.value, "on") ||
           same_word(assignment.value, "true") || same_word(assignment.value, "'on'");
}

}  // namespace weir::splitter
