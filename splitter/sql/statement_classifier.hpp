#pragma once

#include "splitter/sql/digest.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/name_scope.hpp"
#include "splitter/sql/read_proof.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/statement_traits.hpp"
#include "splitter/sql/token_word.hpp"
#include "splitter/sql/word.hpp"

#include <string_view>

namespace weir::splitter {

/// Reads the statements of a text one by one. A statement's first word says what it is;
/// `read_proof`, fed with the rest of its tokens, says what it can do besides.
class statement_classifier {
public:
    /// `digest` is null or shown every token.
    statement_classifier(
        const lexer& reader, const name_scope& scope, statement_digest* digest
    ) noexcept
        : lexer_{reader}, scope_{scope}, digest_{digest}, proof_{reader.options(), scope} {
        advance();
    }

    /// Reads one statement up to its semicolon, or to the end.
    statement_traits classify_statement() noexcept {
        statement_traits traits;
        if (ends_statement(current_)) {
            traits.what = kind::empty;
            return traits;
        }
        dispatch(traits);
        finish(traits);
        return traits;
    }

    [[nodiscard]] bool at_end() const noexcept { return current_.kind == token_kind::end; }

    [[nodiscard]] const lexer& reader() const noexcept { return lexer_; }

private:
    using kind = statement_traits::kind;
    using form = read_proof::statement_form;

    /// What is not understood counts even where a statement's reader steps over it.
    void advance() noexcept {
        current_ = lexer_.next();
        if (digest_ != nullptr) digest_->on_token(current_);
        if (current_.kind == token_kind::unknown || current_.kind == token_kind::unterminated) {
            proof_.on_token(current_, lexer_);
        }
    }

    bool accept(std::string_view word) noexcept {
        const bool present =
            (current_.kind == token_kind::identifier || current_.kind == token_kind::keyword) &&
            same_word(current_.text, word);
        if (present) advance();
        return present;
    }

    /// Shows the rest of the statement to the proof.
    void scan() noexcept {
        while (!ends_statement(current_)) {
            proof_.on_token(current_, lexer_);
            if (current_.is(',') || current_.is('(')) skip_literals();
            advance();
        }
    }

    void skip_literals() noexcept {
        const literal_run passed = lexer_.skip_literals();
        proof_.on_literals(passed);
        if (digest_ != nullptr) digest_->on_literals(passed);
    }

    static void pin(statement_traits& traits, std::string_view reason) noexcept {
        traits.pins = true;
        if (traits.pin_reason.empty()) traits.pin_reason = reason;
    }

    void dispatch(statement_traits& traits) noexcept;
    void query(statement_traits& traits) noexcept;
    void conclude_read(statement_traits& traits) const noexcept;
    void explain(statement_traits& traits) noexcept;
    void analyze(statement_traits& traits) noexcept;

    void help(statement_traits& traits) noexcept {
        advance();
        query(traits);
    }

    void use(statement_traits& traits) noexcept { traits.what = kind::use; }

    void call(statement_traits& traits) noexcept { traits.may_return_rows_of_a_write = true; }

    void get_diagnostics(statement_traits& traits) noexcept {
        traits.reads_previous_statement = true;
        traits.gets_diagnostics = true;
    }

    void show(statement_traits& traits) noexcept;
    void begin(statement_traits& traits) noexcept;
    void start(statement_traits& traits) noexcept;
    bool start_characteristic(statement_traits& traits) noexcept;
    void end_transaction(statement_traits& traits) noexcept;
    void set(statement_traits& traits) noexcept;
    void set_variables(statement_traits& traits, std::string_view text) noexcept;
    static void set_variable(statement_traits& traits, const set_assignment& assignment) noexcept;
    void set_transaction(statement_traits& traits, bool one_shot) noexcept;
    void set_for_statement(statement_traits& traits) noexcept;
    void flush(statement_traits& traits) noexcept;
    void create_or_drop(statement_traits& traits) noexcept;
    void finish(statement_traits& traits) noexcept;
    [[nodiscard]] token first_inside_parentheses() const noexcept;

    lexer lexer_;
    name_scope scope_;
    statement_digest* digest_;
    token current_{};
    read_proof proof_;
    bool fills_variables_ = false;
    token verb_{};
    lexer after_verb_ = lexer_;   ///< what stands behind it
    bool runs_no_write_ = false;  ///< a SET STATEMENT, whose own kind does not tell
    bool shows_ = false;          ///< a SHOW, most of which read tables of the server's own
};

}  // namespace weir::splitter
