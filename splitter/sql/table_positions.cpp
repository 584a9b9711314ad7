#include "splitter/sql/table_positions.hpp"

#include "splitter/sql/token_word.hpp"

#include <array>

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 3> words_before_a_table{"from", "join", "straight_join"};

constexpr std::array<std::string_view, 6> clauses_after_the_list{
    "where", "group", "having", "order", "limit", "select"};

bool names_a_table_next(const token& t) noexcept {
    return t.kind == token_kind::keyword &&
           (t.word == keyword::table || is_one_of(t.text, words_before_a_table));
}

}  // namespace

bool table_positions::on_token(
    const token& current, const token& previous, std::size_t depth
) noexcept {
    const bool separated = (previous.is(',') || previous.is('(')) && in_list_.has(depth);
    const bool here = separated || names_a_table_next(previous);
    if (current.is('(')) {
        in_list_.put(depth + 1, here);
    } else if (current.is(')')) {
        in_list_.put(depth, false);
    } else if (is_keyword(current, "from")) {
        in_list_.put(depth, true);
    } else if (current.kind == token_kind::keyword && is_one_of(current.text, clauses_after_the_list)) {
        // USE INDEX FOR ORDER BY and FOR GROUP BY stand inside the list.
        if (!previous.is(keyword::for_word)) in_list_.put(depth, false);
    }
    return here;
}

}  // namespace weir::splitter
