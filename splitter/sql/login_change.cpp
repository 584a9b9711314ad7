#include "splitter/sql/login_change.hpp"

#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/token_word.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 2> verbs_of_rights{"grant", "revoke"};
constexpr std::array<std::string_view, 4> verbs_that_change_accounts{
    "create", "alter", "drop", "rename"};
constexpr std::array<std::string_view, 2> verbs_of_reading_again{"flush", "reset"};
constexpr std::array<std::string_view, 2> kinds_of_account{"user", "role"};
/// Behind SET. A variable of one's own of such a name does no harm.
constexpr std::array<std::string_view, 4> words_of_all_sessions{
    "global", "persist", "persist_only", "password"};
constexpr std::array<std::string_view, 2> words_read_again{"privileges", "persist"};

/// SET @@global.x = 1, but not SET x = @@global.x
bool sets_for_all_sessions(std::string_view text, const lexer_options& options) noexcept {
    const set_statement statement = parse_set(text, options);
    return std::ranges::any_of(statement.assignments(), [](const set_assignment& one) {
        return one.target == set_target::global_variable ||
               one.target == set_target::persisted_variable;
    });
}

/// One statement at a time.
class login_change_reader {
public:
    login_change_reader(std::string_view text, const lexer_options& options) noexcept
        : text_(text), options_(options), lexer_(text, options) {
        advance();
    }

    [[nodiscard]] bool at_end() const noexcept { return current_.kind == token_kind::end; }

    /// Reads one statement, with its semicolon.
    [[nodiscard]] bool read() noexcept {
        const bool changes = begins_with_change();
        while (!at_end() && !current_.is(';'))
            advance();
        if (!at_end()) advance();
        return changes;
    }

private:
    [[nodiscard]] bool begins_with_change() noexcept {
        if (is_bare_word_of(current_, verbs_of_rights)) return true;
        if (is_bare_word_of(current_, verbs_that_change_accounts)) return is_about_accounts();
        if (is_bare_word_of(current_, verbs_of_reading_again))
            return finds([](const token& t) { return is_bare_word_of(t, words_read_again); });
        return is_bare_word(current_, "set") && sets_for_others();
    }

    [[nodiscard]] bool sets_for_others() noexcept {
        const auto at = static_cast<std::size_t>(current_.text.data() - text_.data());
        if (sets_for_all_sessions(text_.substr(at), options_)) return true;
        advance();
        if (is_bare_word(current_, "default")) return true;  // SET DEFAULT ROLE
        return finds([](const token& t) { return is_bare_word_of(t, words_of_all_sessions); });
    }

    /// CREATE [OR REPLACE] USER
    [[nodiscard]] bool is_about_accounts() noexcept {
        advance();
        if (is_bare_word(current_, "or")) {
            advance();
            advance();
        }
        return is_bare_word_of(current_, kinds_of_account);
    }

    template <class Test>
    [[nodiscard]] bool finds(Test test) noexcept {
        for (; !at_end() && !current_.is(';'); advance()) {
            if (test(current_)) return true;
        }
        return false;
    }

    void advance() noexcept { current_ = lexer_.next(); }

    std::string_view text_;
    const lexer_options& options_;
    lexer lexer_;
    token current_{};
};

}  // namespace

bool may_change_logins(
    std::string_view text, const statement_traits& traits, const lexer_options& options
) noexcept {
    using kind = statement_traits::kind;
    const bool several = traits.what == kind::several;
    const bool is_such = traits.what == kind::write || traits.what == kind::set ||
                         traits.what == kind::set_transaction;
    if (!several && (!is_such || traits.changes_rows)) return false;
    login_change_reader reader{text, options};
    while (!reader.at_end()) {
        if (reader.read()) return true;
    }
    return false;
}

}  // namespace weir::splitter
