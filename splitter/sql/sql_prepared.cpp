#include "splitter/sql/sql_prepared.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/token_word.hpp"

#include <utility>

// Source: MySQL manual "Prepared Statements"; MariaDB knowledge base "EXECUTE IMMEDIATE".

namespace weir::splitter {
namespace {

/// Reads token after token; remembers whether all were as expected.
class prepared_reader {
public:
    prepared_reader(std::string_view text, const lexer_options& options) noexcept
        : lexer_{text, options} {
        advance();
    }

    std::optional<sql_prepared> read() {
        sql_prepared found;
        if (accept("prepare")) {
            found.name = name();
            expect("from");
            found.text = source();
        } else if (accept("execute")) {
            found.what = sql_prepared::kind::execute;
            if (is_mariadb() && accept("immediate")) {
                found.what = sql_prepared::kind::immediate;
                found.text = source();
            } else {
                found.name = name();
            }
            found.has_values = accept("using");
            while (found.has_values && !is_over())
                advance();
        } else if (accept("deallocate") || accept("drop")) {
            found.what = sql_prepared::kind::deallocate;
            expect("prepare");
            found.name = name();
        } else {
            return std::nullopt;
        }
        if (current_.is(';')) advance();
        return understood_ && current_.kind == token_kind::end ? std::optional(std::move(found))
                                                               : std::nullopt;
    }

private:
    void advance() noexcept { current_ = lexer_.next(); }

    bool accept(std::string_view word) noexcept {
        if (!is_bare_word(current_, word)) return false;
        advance();
        return true;
    }

    void expect(std::string_view word) noexcept { understood_ = accept(word) && understood_; }

    std::string name() {
        understood_ = understood_ && may_be_name(current_);
        std::string read = understood_ ? lower_case(without_quotes(current_)) : std::string();
        advance();
        return read;
    }

    /// A string, or anything else up to the values.
    std::optional<std::string> source() {
        const token first = current_;
        advance();
        const bool is_alone = is_over() || is_bare_word(current_, "using");
        if (first.kind == token_kind::string && is_alone)
            return unquoted(first.text, lexer_.options());
        while (!is_over() && !is_bare_word(current_, "using"))
            advance();
        return std::nullopt;
    }

    [[nodiscard]] bool is_over() const noexcept {
        return current_.kind == token_kind::end || current_.is(';');
    }

    [[nodiscard]] bool is_mariadb() const noexcept {
        return lexer_.options().flavor == protocol::mysql::server_flavor::mariadb;
    }

    lexer lexer_;
    token current_{};
    bool understood_ = true;
};

}  // namespace

std::optional<sql_prepared> parse_sql_prepared(
    std::string_view text, const lexer_options& options
) {
    return prepared_reader(text, options).read();
}

}  // namespace weir::splitter
