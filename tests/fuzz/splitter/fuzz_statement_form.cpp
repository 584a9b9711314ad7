// A text that has a form has no comment, is read alike in every sql_mode, and so is every other
// text of its form; those that may be remembered have its traits and its digest.

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/digest.hpp"
#include "splitter/sql/statement_readings.hpp"

#include "tests/fuzz/splitter/sql_input.hpp"
#include "tests/support/other_of_its_form.hpp"

#include <string>

namespace weir::splitter::fuzzing {
namespace {

bool has_comment(const sql_input& input) {
    lexer reader{input.text, input.options};
    for (;;) {
        const token next = reader.next_with_comments();
        if (next.kind == token_kind::comment) return true;
        if (next.kind == token_kind::end) return false;
    }
}

void check_every_mode(const sql_input& input, const statement_traits& traits) {
    lexer_options options = input.options;
    options.ansi_quotes = !options.ansi_quotes;
    options.no_backslash_escapes = !options.no_backslash_escapes;
    require(classify(input.text, options) == traits);
}

void check_other(const sql_input& input, const statement_traits& traits) {
    const std::string other = support::other_of_its_form(input.text, input.options);
    const statement_form form({input.text, input.options, {}});
    if (other.size() <= statement_form::longest_text) {
        require(statement_form({other, input.options, {}}).bytes() == form.bytes());
    }
    if (!means_the_same(traits)) return;
    require(classify(other, input.options) == traits);
    require(digest_of(other, input.options) == digest_of(input.text, input.options));
}

}  // namespace
}  // namespace weir::splitter::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace fuzzing = weir::splitter::fuzzing;
    const auto input = fuzzing::sql_input_of(data, size);
    if (!weir::splitter::statement_form({input.text, input.options, {}}).exists()) return 0;
    const auto traits = weir::splitter::classify(input.text, input.options);
    fuzzing::require(!fuzzing::has_comment(input));
    fuzzing::check_every_mode(input, traits);
    fuzzing::check_other(input, traits);
    return 0;
}
