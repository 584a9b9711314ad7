#include "splitter/sql/show_conditions.hpp"

#include "splitter/sql/word.hpp"

#include <charconv>

namespace weir::splitter {
namespace {

/// Reads token after token; remembers whether all were as expected.
class reader {
public:
    reader(std::string_view text, const lexer_options& options) noexcept : lexer_{text, options} {
        advance();
    }

    [[nodiscard]] bool accept(std::string_view word) noexcept {
        if (!same_word(current_.text, word)) return false;
        advance();
        return true;
    }

    void expect(std::string_view word) noexcept { understood_ = accept(word) && understood_; }

    [[nodiscard]] std::uint64_t number() noexcept {
        std::uint64_t value = 0;
        const char* const end = current_.text.data() + current_.text.size();
        const auto [stop, code] = std::from_chars(current_.text.data(), end, value);
        understood_ = understood_ && current_.kind == token_kind::number && code == std::errc{} &&
                      stop == end;
        advance();
        return value;
    }

    [[nodiscard]] bool is_over() noexcept {
        (void)accept(";");
        return understood_ && current_.kind == token_kind::end;
    }

private:
    void advance() noexcept { current_ = lexer_.next(); }

    lexer lexer_;
    token current_{};
    bool understood_ = true;
};

}  // namespace

std::optional<show_conditions> parse_show_conditions(
    std::string_view text, const lexer_options& options
) noexcept {
    reader words{text, options};
    show_conditions show;
    words.expect("show");
    if (words.accept("count")) {
        show.counts = true;
        for (const std::string_view part : {"(", "*", ")"})
            words.expect(part);
    }
    show.only_errors = words.accept("errors");
    if (!show.only_errors) words.expect("warnings");
    if (!show.counts && words.accept("limit")) {
        show.limit = words.number();
        if (words.accept(",")) {
            show.offset = show.limit;
            show.limit = words.number();
        } else if (words.accept("offset")) {
            show.offset = words.number();
        }
    }
    return words.is_over() ? std::optional(show) : std::nullopt;
}

}  // namespace weir::splitter
