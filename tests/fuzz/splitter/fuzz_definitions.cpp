// The less is known of names, the less is proven; and nothing hides a statement that follows, in a
// body or in a text.

#include "splitter/sql/body_proof.hpp"
#include "splitter/sql/classifier.hpp"
#include "splitter/sql/definition_change.hpp"
#include "splitter/sql/routine_catalog.hpp"

#include "tests/fuzz/splitter/sql_input.hpp"

#include <array>
#include <string>

namespace weir::splitter::fuzzing {
namespace {

/// Takes every name for the best, or every name for the worst.
class one_opinion final : public name_meanings {
public:
    explicit one_opinion(bool trusts) : trusts_{trusts} {}

    [[nodiscard]] bool only_reads(const called_function&) const noexcept override {
        return trusts_;
    }

    [[nodiscard]] bool watches_tables() const noexcept override { return !trusts_; }

    [[nodiscard]] bool may_hide_a_write(std::string_view, std::string_view)
        const noexcept override {
        return !trusts_;
    }

private:
    bool trusts_;
};

/// True if an open quote or comment reaches the end of the text: what is appended belongs to it.
bool is_open(const sql_input& input) {
    lexer reader{input.text, input.options};
    for (;;) {
        const token next = reader.next();
        if (next.kind == token_kind::end) return false;
        if (next.kind == token_kind::unterminated || next.kind == token_kind::unknown) return true;
    }
}

void check_texts(const sql_input& input) {
    const one_opinion trusting{true};
    const one_opinion doubting{false};
    const bool best = classify(input.text, input.options, {&trusting, "app"}).only_reads;
    const bool plain = classify(input.text, input.options).only_reads;
    const bool worst = classify(input.text, input.options, {&doubting, "app"}).only_reads;
    require(best || !plain);
    require(plain || !worst);
    if (is_open(input)) return;
    const std::string changing = std::string{input.text} + "\n; CREATE VIEW v AS SELECT 1";
    const auto traits = classify(changing, input.options);
    require(definition_change_of(changing, traits, input.options, nullptr, "app").has_value());
}

void check_bodies(const sql_input& input) {
    const one_opinion trusting{true};
    const one_opinion doubting{false};
    const std::array<std::string, 1> parameters{"p"};
    const auto proves = [&](std::string_view body, const one_opinion& names) {
        return body_only_reads(body, parameters, input.options, {&names, "app"});
    };
    require(proves(input.text, trusting) || !proves(input.text, doubting));
    if (is_open(input)) return;
    const std::string text{input.text};
    require(!proves("BEGIN " + text + "\n; INSERT INTO t VALUES (1); END", trusting));
    require(!proves("BEGIN INSERT INTO t VALUES (1); " + text + "\n; END", trusting));
}

void check_catalog(const sql_input& input) {
    definition_source source;
    source.flavor = input.options.flavor;
    source.version_number = input.options.server_version;
    source.routines.push_back(
        {.schema = "app",
         .name = "f",
         .body = std::string{input.text},
         .sql_mode = {},
         .parameters = {}}
    );
    source.views.push_back({"app", "v", std::string{input.text}});
    source.loadable_functions.emplace();
    const auto catalog = routine_catalog::make(source);
    require(catalog->is_view("app", "V"));
    require(catalog->watches_tables() == catalog->may_hide_a_write("app", "v"));
}

}  // namespace
}  // namespace weir::splitter::fuzzing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = weir::splitter::fuzzing::sql_input_of(data, size);
    weir::splitter::fuzzing::check_texts(input);
    weir::splitter::fuzzing::check_bodies(input);
    weir::splitter::fuzzing::check_catalog(input);
    return 0;
}
