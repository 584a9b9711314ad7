#pragma once

#include "splitter/sql/lexer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir::splitter {

/// What one assignment of a SET statement sets.
enum class set_target : std::uint8_t {
    session_variable,          ///< x, SESSION x, LOCAL x, @@session.x, @@local.x
    unscoped_system_variable,  ///< @@x: as above, but for the next transaction only where x is a
                               ///< transaction's trait
    global_variable,           ///< GLOBAL x, @@global.x
    persisted_variable,        ///< PERSIST x, PERSIST_ONLY x, and with @@
    user_variable,             ///< @x
    names,                     ///< NAMES charset [COLLATE collation]
    character_set,             ///< CHARACTER SET charset, CHARSET charset
};

enum class set_value_kind : std::uint8_t {
    number,      ///< one number, perhaps with a sign
    string,      ///< one quoted string
    word,        ///< one bare word: ON, DEFAULT, ANSI, utf8mb4, ...
    expression,  ///< anything else: only a server knows its value
};

/// All views point into the statement.
struct set_assignment {
    set_target target = set_target::session_variable;
    std::string_view name{};   ///< without @, scope and quotes; empty for names and character_set
    std::string_view value{};  ///< as written, quotes included
    set_value_kind value_kind = set_value_kind::expression;
    std::string_view collation{};  ///< set_target::names: as written; empty if not given
    friend bool operator==(const set_assignment&, const set_assignment&) = default;
};

/// A value that is the same wherever it is set: a number, a string, NULL, TRUE or FALSE.
[[nodiscard]] bool is_plain_value(const set_assignment& assignment) noexcept;

/// One SET statement of variables, names and character sets.
class set_statement {
public:
    static constexpr std::size_t assignments_max = 32;

    /// False for SET TRANSACTION, PASSWORD, ROLE, DEFAULT ROLE, RESOURCE GROUP and STATEMENT, for
    /// anything that is not SET, for more than `assignments_max` assignments, and for what servers
    /// may read in different ways. Then there are no assignments.
    [[nodiscard]] bool understood() const noexcept { return understood_; }

    [[nodiscard]] std::span<const set_assignment> assignments() const& noexcept {
        return {assignments_.data(), understood_ ? size_ : 0};
    }

    /// They would not outlive it.
    [[nodiscard]] std::span<const set_assignment> assignments() const&& = delete;

private:
    friend class set_parser;
    std::array<set_assignment, assignments_max> assignments_{};
    std::size_t size_ = 0;
    bool understood_ = false;
};

/// Reads one SET statement, up to the end or the first semicolon. No allocation.
[[nodiscard]] set_statement parse_set(std::string_view text, const lexer_options& options) noexcept;

/// The characters that a quoted string or name stands for; any other text is returned as it is.
[[nodiscard]] std::string unquoted(std::string_view literal, const lexer_options& options);

}  // namespace weir::splitter
