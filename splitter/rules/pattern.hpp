#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace weir::splitter {

/// A regular expression for SQL texts, in RE2's syntax: no matter which text, the time is linear in
/// it. Letter case makes no difference, `.` matches line ends too, and what is looked at are bytes:
/// a text that is no valid UTF-8 hides nothing behind the byte that breaks it. Threads: any.
class pattern {
public:
    explicit pattern(std::string_view source);
    pattern(const pattern&) = delete;
    pattern& operator=(const pattern&) = delete;
    pattern(pattern&&) noexcept;
    pattern& operator=(pattern&&) noexcept;
    ~pattern();

    /// What is wrong with the source, with the place; empty: nothing. Else it must not be used.
    [[nodiscard]] std::string problem() const;

    /// It occurs in the text.
    [[nodiscard]] bool matches(std::string_view text) const;

    /// What is wrong with a replacement; empty: nothing. Else it must not be used.
    [[nodiscard]] std::string problem_of(std::string_view replacement) const;

    /// The text with each part that matches replaced: `\1` is the part's first group, `\0` all of
    /// it. Nothing: it would be longer than `longest` bytes.
    [[nodiscard]] std::optional<std::string> replace(
        std::string_view text, std::string_view replacement, std::size_t longest
    ) const;

    /// For what tries many patterns at once.
    [[nodiscard]] const re2::RE2& expression() const noexcept { return *expression_; }

private:
    std::unique_ptr<re2::RE2> expression_;
};

}  // namespace weir::splitter
