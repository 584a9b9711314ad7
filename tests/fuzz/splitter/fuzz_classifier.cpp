// What surrounds a text does not change what it does, and no text hides a write that follows it.

#include "splitter/sql/classifier.hpp"
#include "splitter/sql/kill_statement.hpp"
#include "splitter/sql/routing_hint.hpp"
#include "splitter/sql/set_statement.hpp"

#include "tests/fuzz/splitter/sql_input.hpp"

#include <string>

namespace weir::splitter::fuzzing {
namespace {

using kind = statement_traits::kind;

/// True if an open quote or comment reaches the end of the text: what is appended belongs to it.
bool is_open(const sql_input& input) {
    lexer reader{input.text, input.options};
    for (;;) {
        const token next = reader.next();
        if (next.kind == token_kind::end) return false;
        if (next.kind == token_kind::unterminated || next.kind == token_kind::unknown) return true;
    }
}

void check_traits(const statement_traits& traits) {
    require(traits.pins == !traits.pin_reason.empty());
    if (!traits.only_reads) return;
    require(traits.what == kind::read || traits.what == kind::several);
    require(!traits.pins && !traits.reads_previous_statement && !traits.may_return_rows_of_a_write);
}

void check_surroundings(const sql_input& input, const statement_traits& traits) {
    const std::string text{input.text};
    require(classify(" \n/* c */ -- d\n" + text, input.options) == traits);
    require(classify(text + " \t\n", input.options) == traits);
    if (!is_open(input)) {
        require(classify(text + "\n/* c */ # d", input.options) == traits);
        require(classify(text + "\n;", input.options) == traits);
    }
    require(!classify(text + "\n; UPDATE t SET a=1", input.options).only_reads);
    require(!classify("UPDATE t SET a=1;" + text, input.options).only_reads);
}

void check_set(const sql_input& input) {
    const set_statement statement = parse_set(input.text, input.options);
    for (const set_assignment& assignment : statement.assignments()) {
        const std::string value = unquoted(assignment.value, input.options);
        require(value.size() <= assignment.value.size());
    }
}

/// A KILL that is understood is a write to the classifier, and means the same written by us.
void check_kill(const sql_input& input, const statement_traits& traits) {
    const auto kill = parse_kill(input.text, input.options);
    if (!kill) return;
    require(traits.what == kind::write && !traits.only_reads);
    require(parse_kill(kill_text(*kill, kill->id), input.options) == kill);
}

}  // namespace
}  // namespace weir::splitter::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace fuzzing = weir::splitter::fuzzing;
    const auto input = fuzzing::sql_input_of(data, size);
    const auto traits = weir::splitter::classify(input.text, input.options);
    fuzzing::check_traits(traits);
    fuzzing::check_surroundings(input, traits);
    fuzzing::check_set(input);
    fuzzing::check_kill(input, traits);
    const auto hint = weir::splitter::find_hint(input.text, input.options);
    const auto value = weir::splitter::parse_hint_value(input.text);
    fuzzing::require(value.server_name.size() <= input.text.size());
    fuzzing::require(
        hint.server_name.empty() == (hint.what != weir::splitter::routing_hint::target::server)
    );
    return 0;
}
