#pragma once

#include "config/schema/rule_settings.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace weir::splitter {

/// The kinds that a statement is of, in a rule's words.
class statement_kinds {
public:
    using kind = config::statement_kind;
    static constexpr std::size_t count = static_cast<std::size_t>(kind::several) + 1;

    constexpr statement_kinds() noexcept = default;

    constexpr statement_kinds(std::initializer_list<kind> kinds) noexcept {
        for (const kind each : kinds)
            add(each);
    }

    constexpr void add(kind which) noexcept {
        bits_ |= static_cast<std::uint16_t>(1U << static_cast<unsigned>(which));
    }

    constexpr void add(statement_kinds others) noexcept {
        bits_ = static_cast<std::uint16_t>(bits_ | others.bits_);
    }

    [[nodiscard]] constexpr bool has(kind which) const noexcept {
        return ((bits_ >> static_cast<unsigned>(which)) & 1U) != 0;
    }

    [[nodiscard]] constexpr bool has_any(statement_kinds of) const noexcept {
        return (bits_ & of.bits_) != 0;
    }

    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    friend constexpr bool operator==(statement_kinds, statement_kinds) noexcept = default;

private:
    std::uint16_t bits_ = 0;
};

/// What the traits tell: every kind but `ddl` and `call`, which are only told by the words.
[[nodiscard]] statement_kinds kinds_of(const statement_traits& traits) noexcept;

/// `ddl` and `call`, as far as a statement in the text begins so. Reads the first word, or all of a
/// text of several statements.
[[nodiscard]] statement_kinds kinds_of_words(
    std::string_view text, const statement_traits& traits, const lexer_options& options
) noexcept;

/// As rules write them, `write, ddl`; `none` for an empty statement.
[[nodiscard]] std::string to_string(statement_kinds kinds);

}  // namespace weir::splitter
