// What a SET does: the part of the class that reads its many forms.

#include "splitter/sql/statement_classifier.hpp"
#include "splitter/sql/system_objects.hpp"
#include "splitter/sql/transaction_variables.hpp"

#include <array>

namespace weir::splitter {

void statement_classifier::set(statement_traits& traits) noexcept {
    const std::size_t begin = static_cast<std::size_t>(current_.text.data() - lexer_.text().data());
    const std::string_view text = lexer_.text().substr(begin);
    lexer ahead = lexer_;
    const token first = ahead.next();
    const token second = ahead.next();
    const bool assigned = second.is('=') || second.kind == token_kind::assign;
    constexpr std::array<std::string_view, 2> roles{"role", "default"};  // SET DEFAULT ROLE
    const bool scoped = first.is(keyword::session) || first.is(keyword::local);
    if (first.is(keyword::transaction) && !assigned) {
        advance();
        set_transaction(traits, true);
    } else if (second.is(keyword::transaction) && scoped) {
        advance();
        advance();
        set_transaction(traits, false);
    } else if (same_word(first.text, "statement") && !assigned) {
        set_for_statement(traits);
    } else if (same_word(first.text, "password") || (!assigned && is_one_of(first.text, roles)) ||
               (first.is(keyword::global) && second.is(keyword::transaction))) {
        proof_ = read_proof{lexer_.options(), scope_, form::account_names};
        traits.sets_role = same_word(first.text, "role");
        traits.sets_globals = first.is(keyword::global);
    } else {
        set_variables(traits, text);
    }
}

/// A system variable of the session.
void statement_classifier::set_variable(
    statement_traits& traits, const set_assignment& assignment
) noexcept {
    const bool is_isolation = is_transaction_isolation(assignment.name);
    const bool is_read_only = is_transaction_read_only(assignment.name);
    const bool is_unscoped = assignment.target == set_target::unscoped_system_variable;
    if (is_unscoped && (is_isolation || is_read_only)) {
        traits.one_shot_transaction = true;
        traits.one_shot_read_only = is_read_only && asks_for_read_only(assignment);
    }
    if (is_bound_to_connection(assignment.name)) pin(traits, "one-shot variable");
    if (is_isolation && asks_for_serializable(assignment)) traits.sets_serializable = true;
}

void statement_classifier::set_variables(statement_traits& traits, std::string_view text) noexcept {
    proof_ = read_proof{lexer_.options(), scope_, form::assignments};
    advance();
    const set_statement statement = parse_set(text, lexer_.options());
    if (!statement.understood()) {
        pin(traits, "SET that is not understood");
        return;
    }
    scan();
    if (proof_.found().may_write) {
        // A value with a function or a query of its own: the text cannot be repeated elsewhere.
        pin(traits, "SET of an expression that may write");
        return;
    }
    traits.what = kind::set;
    for (const set_assignment& assignment : statement.assignments()) {
        switch (assignment.target) {
            case set_target::global_variable:
            case set_target::persisted_variable:
                traits.what = kind::write;
                traits.sets_globals = true;
                break;
            case set_target::user_variable:
                traits.uses_user_variables = true;
                if (!is_plain_value(assignment)) traits.assigns_user_variables = true;
                break;
            case set_target::names:
            case set_target::character_set: break;
            case set_target::unscoped_system_variable:
            case set_target::session_variable: set_variable(traits, assignment); break;
        }
    }
    const bool alone = statement.assignments().size() == 1;
    if (alone && traits.one_shot_transaction) traits.what = kind::set_transaction;
}

/// [SESSION] TRANSACTION has been read up to its last word.
void statement_classifier::set_transaction(statement_traits& traits, bool one_shot) noexcept {
    traits.what = kind::set_transaction;
    traits.one_shot_transaction = one_shot;
    advance();
    while (!ends_statement(current_)) {
        if (accept("serializable")) {
            traits.sets_serializable = true;
        } else if (accept("only")) {
            traits.one_shot_read_only = one_shot;
        } else {
            proof_.on_token(current_, lexer_);
            advance();
        }
    }
}

/// MariaDB's SET STATEMENT variables FOR statement: what the inner statement leaves behind stays
/// behind.
void statement_classifier::set_for_statement(statement_traits& traits) noexcept {
    traits.sets_for_itself = true;
    while (!ends_statement(current_) && !current_.is(keyword::for_word))
        advance();
    if (ends_statement(current_)) return;
    advance();
    statement_traits inner;
    verb_ = current_;
    after_verb_ = lexer_;
    dispatch(inner);
    runs_no_write_ = inner.what != kind::write;
    if (inner.pins) pin(traits, inner.pin_reason);
    if (inner.sets_role) pin(traits, "SET ROLE");
    traits.reads_previous_statement = inner.reads_previous_statement;
    traits.may_return_rows_of_a_write = inner.may_return_rows_of_a_write;
}

}  // namespace weir::splitter
