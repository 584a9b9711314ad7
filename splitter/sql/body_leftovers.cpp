#include "splitter/sql/body_leftovers.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/token_word.hpp"

#include <array>
#include <optional>

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 6> opening_words{
    "if", "case", "loop", "while", "repeat", "for"};
/// What follows them begins a statement.
constexpr std::array<std::string_view, 5> words_before_a_statement{
    "then", "else", "do", "loop", "repeat"};
/// With these a statement may be passed over without an error.
constexpr std::array<std::string_view, 5> jumping_words{
    "handler", "leave", "iterate", "return", "goto"};
constexpr std::array<std::string_view, 2> words_of_other_text{"prepare", "execute"};
/// Statements that assign the user variables that they name.
constexpr std::array<std::string_view, 3> assigning_verbs{"call", "get", "load"};

/// A flat row of statements, as body_proof reads it; how deep they are nested tells which of them
/// surely run.
class leftovers_reader {
public:
    leftovers_reader(std::string_view body, std::string_view schema, const lexer_options& options)
        : lexer_{body, options}, schema_{schema} {
        advance();
    }

    body_leftovers run() {
        while (current_.kind != token_kind::end) {
            if (current_.kind == token_kind::unknown || current_.kind == token_kind::unterminated)
                found_.other_text = true;
            if (starts_statement_) {
                begin_statement();
            } else {
                inside_statement();
            }
        }
        return std::move(found_);
    }

private:
    void advance() {
        before_previous_ = previous_;
        previous_ = current_;
        current_ = lexer_.next();
    }

    bool accept(std::string_view word) {
        const bool found = is_bare_word(current_, word);
        if (found) advance();
        return found;
    }

    [[nodiscard]] token next_token() const {
        lexer ahead = lexer_;
        return ahead.next();
    }

    /// Of the outermost block, and nothing jumps over it.
    [[nodiscard]] bool surely_runs() const { return depth_ <= 1 && !jumps_; }

    void begin_statement() {
        in_into_ = false;
        verb_ = current_;
        if (current_.is(';')) return advance();
        if (may_be_name(current_) && next_token().is(':')) {
            advance();
            return advance();
        }
        if (accept("begin")) {
            ++depth_;
            return;
        }
        if (accept("end")) {
            if (depth_ > 0) --depth_;
            starts_statement_ = false;
            return;
        }
        if (is_bare_word_of(current_, opening_words)) {
            ++depth_;
            starts_statement_ = is_bare_word_of(current_, words_before_a_statement);
            return advance();
        }
        starts_statement_ = false;
        if (accept("create")) return create();
        if (accept("drop")) return drop();
        if (accept("call")) {
            if (const auto called = name()) found_.procedures.insert(*called);
        } else {
            inside_statement();
        }
    }

    void inside_statement() {
        if (current_.is(';') || is_bare_word_of(current_, words_before_a_statement)) {
            // REPEAT(text, times) is a function.
            starts_statement_ = !next_token().is('(') || current_.is(';');
            return advance();
        }
        if (is_bare_word_of(current_, jumping_words)) jumps_ = true;
        const bool sets_role = is_bare_word(current_, "role") && is_bare_word(previous_, "set");
        if (sets_role || is_bare_word_of(current_, words_of_other_text)) found_.other_text = true;
        if (current_.kind == token_kind::user_variable) {
            const token next = next_token();
            const bool is_set = is_bare_word(verb_, "set") && next.is('=');
            found_.user_variables |= in_into_ || is_bare_word_of(verb_, assigning_verbs) ||
                                     is_set || next.kind == token_kind::assign;
        } else if (is_bare_word(current_, "into")) {
            in_into_ = true;
        } else if (!current_.is(',') && !may_be_name(current_)) {
            in_into_ = false;
        }
        if (may_be_name(current_) && next_token().is('(')) function();
        advance();
    }

    void function() {
        if (is_bare_word(current_, "get_lock")) found_.named_locks = true;
        const bool is_qualified = previous_.is('.') && may_be_name(before_previous_);
        const std::string_view schema = is_qualified ? without_quotes(before_previous_) : schema_;
        found_.functions.insert({lower_case(schema), lower_case(without_quotes(current_))});
    }

    /// [schema.]name; nothing if none stands here.
    std::optional<body_leftovers::name> name() {
        if (!may_be_name(current_)) return std::nullopt;
        std::string first = lower_case(without_quotes(current_));
        advance();
        if (!current_.is('.')) return body_leftovers::name{lower_case(schema_), std::move(first)};
        advance();
        if (!may_be_name(current_)) return std::nullopt;
        std::string second = lower_case(without_quotes(current_));
        advance();
        return body_leftovers::name{std::move(first), std::move(second)};
    }

    void create() {
        if (accept("or")) accept("replace");
        if (!accept("temporary")) return;
        if (!accept("table") && !accept("sequence")) return;
        while (accept("if") || accept("not") || accept("exists")) {
        }
        if (const auto made = name()) {
            found_.passing_tables.erase(*made);
            found_.temporary_tables.insert(*made);
        } else {
            found_.other_text = true;
        }
    }

    void drop() {
        accept("temporary");
        if (!accept("table") && !accept("tables")) return;
        while (accept("if") || accept("exists")) {
        }
        while (const auto dropped = name()) {
            if (surely_runs() && found_.temporary_tables.erase(*dropped) > 0)
                found_.passing_tables.insert(*dropped);
            if (!current_.is(',')) return;
            advance();
        }
    }

    lexer lexer_;
    std::string_view schema_;
    token current_{};
    token previous_{};
    token before_previous_{};
    token verb_{};
    std::size_t depth_ = 0;
    bool starts_statement_ = true;
    bool jumps_ = false;
    bool in_into_ = false;
    body_leftovers found_;
};

bool merge(std::set<body_leftovers::name>& into, const std::set<body_leftovers::name>& from) {
    const std::size_t before = into.size();
    into.insert(from.begin(), from.end());
    return into.size() != before;
}

bool raise(bool& flag, bool value) {
    const bool changes = value && !flag;
    flag |= value;
    return changes;
}

}  // namespace

bool body_leftovers::take_over(const body_leftovers& called) {
    bool is_new = raise(user_variables, called.user_variables);
    is_new |= raise(named_locks, called.named_locks);
    is_new |= raise(other_text, called.other_text);
    is_new |= merge(temporary_tables, called.temporary_tables);
    // Whether the caller handles an error of the other is not looked at.
    is_new |= merge(temporary_tables, called.passing_tables);
    return is_new;
}

body_leftovers leftovers_of(
    std::string_view body, std::string_view schema, const lexer_options& options
) {
    return leftovers_reader{body, schema, options}.run();
}

}  // namespace weir::splitter
