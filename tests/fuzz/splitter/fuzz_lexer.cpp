// Tokens come in order and cover the text: what lies between them is white space or the frame of an
// executed comment.

#include "tests/fuzz/splitter/sql_input.hpp"

namespace weir::splitter::fuzzing {
namespace {

void check_tokens(const sql_input& input) {
    constexpr std::string_view between_tokens = " \t\r\n\v\f/*!M0123456789";
    lexer reader{input.text, input.options};
    std::size_t covered = 0;
    for (;;) {
        const token next = reader.next_with_comments();
        if (next.text.data() == nullptr) {
            require(next.kind == token_kind::end && input.text.empty());
            return;
        }
        const auto begin = static_cast<std::size_t>(next.text.data() - input.text.data());
        require(begin >= covered && begin + next.text.size() <= input.text.size());
        const std::string_view gap = input.text.substr(covered, begin - covered);
        require(gap.find_first_not_of(between_tokens) == std::string_view::npos);
        covered = begin + next.text.size();
        require(reader.position() == covered);
        if (next.kind == token_kind::end) break;
        require(!next.text.empty() || next.kind == token_kind::unterminated);
    }
    require(covered == input.text.size());
    require(reader.next().kind == token_kind::end);
}

void check_literals(const sql_input& input) {
    lexer reader{input.text, input.options};
    const literal_run run = reader.skip_literals();
    require(run.is_empty() == (reader.position() == 0));
    require(run.row_ends != 0 || run.last_values == 0);
    if (run.is_empty()) return;
    const char last = input.text[reader.position() - 1];
    require(last == (run.row_ends != 0 && run.last_values == 0 ? '(' : ','));
}

}  // namespace
}  // namespace weir::splitter::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = weir::splitter::fuzzing::sql_input_of(data, size);
    weir::splitter::fuzzing::check_tokens(input);
    weir::splitter::fuzzing::check_literals(input);
    return 0;
}
