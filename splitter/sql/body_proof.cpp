#include "splitter/sql/body_proof.hpp"

#include "splitter/sql/read_proof.hpp"
#include "splitter/sql/token_word.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

// A body is read as a flat row of statements. Words like THEN, ELSE, DO and LOOP end one
// statement's expression and begin the next statement; how the blocks nest matters only for the
// names that are declared in them. Sources: MySQL manual "Compound Statement Syntax", MariaDB
// knowledge base "Programmatic & Compound Statements".

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 4> query_verbs{"select", "with", "values", "table"};
constexpr std::array<std::string_view, 6> closing_words{
    "if", "case", "loop", "repeat", "while", "for"};
constexpr std::array<std::string_view, 2> raising_words{"signal", "resignal"};

bool ends_body(const token& t) noexcept {
    return t.kind == token_kind::end;
}

class body_reader {
public:
    body_reader(
        std::string_view body,
        std::span<const std::string> parameters,
        const lexer_options& options,
        const name_scope& scope
    )
        : lexer_{body, options}, scope_{scope} {
        locals_.assign(parameters.begin(), parameters.end());
        advance();
    }

    bool only_reads() {
        while (!ends_body(current_)) {
            if (!statement()) return false;
        }
        return true;
    }

private:
    void advance() { current_ = lexer_.next(); }

    bool accept(std::string_view word) {
        if (!is_bare_word(current_, word)) return false;
        advance();
        return true;
    }

    bool accept_end() {
        if (current_.is(';')) {
            advance();
            return true;
        }
        return ends_body(current_);
    }

    [[nodiscard]] bool is_local(std::string_view name) const {
        for (const std::string_view local : locals_) {
            if (same_word(local, name)) return true;
        }
        return false;
    }

    /// One statement, or the part of one up to where the next may begin. False: no proof.
    bool statement() {
        if (accept_end()) return true;
        if (is_labelled()) {
            advance();
            advance();
            return true;
        }
        if (accept("begin")) {
            blocks_.push_back(locals_.size());
            return true;
        }
        if (accept("end")) return end_block();
        if (accept("else") || accept("loop") || accept("repeat")) return true;
        if (accept("if") || accept("elseif") || accept("when")) return expression_until("then");
        if (accept("while")) return expression_until("do");
        if (accept("case")) return is_bare_word(current_, "when") || expression_until("when");
        if (accept("until")) return until();
        return simple_statement();
    }

    /// One that is no part of a block, a branch or a loop.
    bool simple_statement() {
        if (accept("declare")) return declare();
        if (accept("set")) return set();
        if (accept("return")) return expression_until({});
        if (accept("leave") || accept("iterate")) return name_alone();
        if (accept("open") || accept("close")) return name_alone();
        if (accept("fetch")) return fetch();
        if (is_bare_word_of(current_, raising_words)) return raise();
        return query();
    }

    /// "name:" before a block or a loop.
    [[nodiscard]] bool is_labelled() const {
        lexer ahead = lexer_;
        return may_be_name(current_) && ahead.next().is(':');
    }

    /// END, of a block or with the word of what it ends; a label may follow.
    bool end_block() {
        if (is_bare_word_of(current_, closing_words)) {
            advance();
        } else {
            if (blocks_.empty()) return false;
            locals_.resize(blocks_.back());
            blocks_.pop_back();
        }
        if (may_be_name(current_)) advance();
        return accept_end();
    }

    bool name_alone() {
        if (!may_be_name(current_)) return false;
        advance();
        return accept_end();
    }

    /// Shows tokens to the proof until one ends the expression at the level where it began:
    /// `word` (empty: none), or else a semicolon or the end. CASE ... END is part of an expression.
    bool expression_until(std::string_view word) {
        read_proof proof{lexer_.options(), scope_};
        if (!scan(proof, word, stop_at::semicolon)) return false;
        if (word.empty()) return accept_end();
        // WHEN is left to be read as the start of the first branch.
        return is_bare_word(current_, "when") || accept(word);
    }

    /// UNTIL expression END REPEAT.
    bool until() {
        read_proof proof{lexer_.options(), scope_};
        return scan(proof, "end", stop_at::semicolon) && is_bare_word(current_, "end");
    }

    enum class stop_at : std::uint8_t { semicolon, comma };

    bool scan(read_proof& proof, std::string_view word, stop_at stop) {
        std::size_t open_cases = 0;
        bool is_empty = true;
        while (!ends_body(current_) && !current_.is(';')) {
            const bool outside = proof.depth() == 0 && open_cases == 0;
            const bool is_stop = (!is_empty && is_bare_word(current_, word)) ||
                                 (stop == stop_at::comma && current_.is(','));
            if (outside && is_stop) break;
            if (outside && is_bare_word(current_, "into")) {
                if (!into()) return false;
                continue;
            }
            count_cases(open_cases);
            proof.on_token(current_, lexer_);
            advance();
            is_empty = false;
        }
        return !is_empty && is_clean(proof);
    }

    /// CASE ... END, which may hold the words that end an expression.
    void count_cases(std::size_t& open) const {
        if (is_keyword(current_, "case")) ++open;
        if (open > 0 && is_keyword(current_, "end")) --open;
    }

    static bool is_clean(const read_proof& proof) {
        const auto& found = proof.found();
        return !found.may_write && !found.server_local && !found.reads_previous &&
               !found.reads_diagnostics && !found.uses_user_variables && found.pin_reason.empty();
    }

    /// INTO local variables; not files, not user variables.
    bool into() {
        do {
            advance();
            if (!may_be_name(current_) || !is_local(without_quotes(current_))) return false;
            advance();
        } while (current_.is(','));
        return !current_.is('.') && !current_.is('(');
    }

    bool declare() {
        if (accept("continue") || accept("exit") || accept("undo")) return handler();
        lexer ahead = lexer_;
        const token second = ahead.next();
        if (is_bare_word(second, "condition")) {
            while (!ends_body(current_) && !current_.is(';'))
                advance();
            return accept_end();
        }
        if (is_bare_word(second, "cursor")) return cursor();
        for (;;) {
            if (!may_be_name(current_)) return false;
            locals_.emplace_back(without_quotes(current_));
            advance();
            if (!current_.is(',')) break;
            advance();
        }
        // Types run nothing.
        while (!ends_body(current_) && !current_.is(';') && !is_bare_word(current_, "default"))
            advance();
        return accept("default") ? expression_until({}) : accept_end();
    }

    /// FOR condition, ... ; the handler's statement comes next.
    bool handler() {
        if (!accept("handler") || !accept("for")) return false;
        for (;;) {
            if (accept("not")) {
                if (!accept("found")) return false;
            } else if (accept("sqlstate")) {
                accept("value");
                if (current_.kind != token_kind::string) return false;
                advance();
            } else if (may_be_name(current_) || current_.kind == token_kind::number) {
                advance();
            } else {
                return false;
            }
            if (!current_.is(',')) return true;
            advance();
        }
    }

    /// name CURSOR FOR query. Not FOR the name of a prepared statement.
    bool cursor() {
        advance();
        advance();
        return accept("for") && query();
    }

    bool fetch() {
        accept("next");
        accept("from");
        if (!may_be_name(current_)) return false;
        advance();
        return is_bare_word(current_, "into") && into() && accept_end();
    }

    /// SET local = expression, ...
    bool set() {
        for (;;) {
            if (!may_be_name(current_) || !is_local(without_quotes(current_))) return false;
            advance();
            if (!current_.is('=') && current_.kind != token_kind::assign) return false;
            advance();
            read_proof proof{lexer_.options(), scope_};
            if (!scan(proof, {}, stop_at::comma)) return false;
            if (!current_.is(',')) return accept_end();
            advance();
        }
    }

    /// SIGNAL and RESIGNAL take literals and variables; of these only local ones do no harm.
    bool raise() {
        advance();
        while (!ends_body(current_) && !current_.is(';')) {
            const bool variable = current_.kind == token_kind::user_variable ||
                                  current_.kind == token_kind::system_variable;
            const bool odd =
                current_.kind == token_kind::unknown || current_.kind == token_kind::unterminated;
            if (variable || odd || current_.is('(')) return false;
            advance();
        }
        return accept_end();
    }

    bool query() {
        if (!current_.is('(') && !is_bare_word_of(current_, query_verbs)) return false;
        read_proof proof{lexer_.options(), scope_};
        return scan(proof, {}, stop_at::semicolon) && accept_end();
    }

    lexer lexer_;
    name_scope scope_;
    token current_{};
    std::vector<std::string> locals_;
    std::vector<std::size_t> blocks_;  ///< how many locals there were when each began
};

}  // namespace

bool body_only_reads(
    std::string_view body,
    std::span<const std::string> parameters,
    const lexer_options& options,
    const name_scope& scope
) {
    return body_reader{body, parameters, options, scope}.only_reads();
}

}  // namespace weir::splitter
