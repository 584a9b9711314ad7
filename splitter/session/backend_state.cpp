#include "splitter/session/backend_state.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

namespace {

/// MySQL 9 leaves out the end of the rows when a statement that was first run with a cursor is run
/// without: to such a run it is as good as not prepared.
bool can_be_run(
    const backend_state::prepared& statement,
    statement_execution how,
    protocol::mysql::server_flavor flavor
) {
    if (how.opens_cursor || flavor != protocol::mysql::server_flavor::mysql) return true;
    return !statement.had_cursor || statement.ran_without;
}

/// How well a statement on a connection does for a run: see parameter_types.hpp.
enum class fitness : std::uint8_t {
    none,         ///< it takes the parameters otherwise, because of who ran it before
    as_new,       ///< nothing does better but a connection that is not this one
    after_a_run,  ///< it will take them so
    exact,
};

fitness fitness_of(const backend_state::prepared& one, const parameter_binding* binding) {
    const bool has_types = binding != nullptr && one.taken_as.size() == binding->values.size();
    if (!has_types) return fitness::exact;
    const bool is_under = one.under == binding->under;
    if (is_under && one.taken_as == binding->taken_as) return fitness::exact;
    const auto& derived = one.what->derived();
    const bool is_renewed = !takes_all(one.taken_as, binding->values);
    if ((is_renewed ? binding->is_under_now : is_under) &&
        are_taken_so_after(one.taken_as, derived, binding->values, binding->taken_as))
        return fitness::after_a_run;
    const bool is_as_new =
        !one.was_run ||
        (!binding->as_new.empty() &&
         are_taken_so_after(one.taken_as, derived, binding->values, binding->as_new));
    if (!is_under || !is_as_new) return fitness::none;
    // One that has just been prepared can be brought to more.
    const auto& wanted = binding->taken_as;
    const bool is_better_new = one.was_run && binding->may_be_brought &&
                               !can_be_had_by_a_run(one.taken_as, derived, wanted) &&
                               can_be_had_by_a_run(derived, derived, wanted);
    return is_better_new ? fitness::none : fitness::as_new;
}

}  // namespace

backend_state::prepared* backend_state::find_statement(
    const shared_statement& statement, statement_execution how
) {
    prepared* best = nullptr;
    fitness best_fits = fitness::none;
    for (prepared& one : statements) {
        if (one.what.get() != &statement || !can_be_run(one, how, flavor)) continue;
        const fitness fits = fitness_of(one, how.binding);
        const bool is_own = one.cursor_of != 0 && one.cursor_of == how.by;
        const bool is_better = one.cursor_of == 0 && fits > best_fits;
        if (!is_better && !(is_own && fits != fitness::none)) continue;
        best = &one;
        best_fits = fits;
        if (is_own) break;
    }
    if (best != nullptr) best->last_used = ++uses;
    return best;
}

backend_state::prepared* backend_state::find_cursor(std::uint32_t of) {
    const auto found = std::ranges::find(statements, of, &prepared::cursor_of);
    if (of == 0 || found == statements.end()) return nullptr;
    found->last_used = ++uses;
    return &*found;
}

void backend_state::drop_cursor(std::uint32_t of) {
    const auto found = std::ranges::find(statements, of, &prepared::cursor_of);
    if (of == 0 || found == statements.end()) return;
    unwanted_statements.push_back(found->backend_id);
    statements.erase(found);
}

void backend_state::remember_statement(prepared made) {
    if (made.taken_as.empty()) {
        drop_statement(*made.what);
    } else {
        made.what->set_derived(made.taken_as);
        drop_forms_alike(made);
    }
    made.last_used = ++uses;
    statements.push_back(std::move(made));
}

/// And the one unused for longest, if there are many of the statement.
void backend_state::drop_forms_alike(const prepared& made) {
    constexpr std::ptrdiff_t forms_max = 4;
    const auto is_other_form = [&](const prepared& one) {
        return one.what == made.what && one.cursor_of == 0;
    };
    const auto drop = [&](const prepared& one) { unwanted_statements.push_back(one.backend_id); };
    std::erase_if(statements, [&](const prepared& one) {
        const bool is_alike =
            one.taken_as.empty() || (one.taken_as == made.taken_as && one.under == made.under);
        if (!is_other_form(one) || !is_alike) return false;
        drop(one);
        return true;
    });
    if (std::ranges::count_if(statements, is_other_form) < forms_max) return;
    // Used longest ago, and of this statement.
    const auto oldest = std::ranges::min_element(statements, {}, [&](const prepared& one) {
        return std::pair(!is_other_form(one), one.last_used);
    });
    drop(*oldest);
    statements.erase(oldest);
}

void backend_state::forget_statement(const shared_statement& statement) {
    std::erase_if(statements, [&](const prepared& one) { return one.what.get() == &statement; });
}

void backend_state::drop_statement(const shared_statement& statement) {
    std::erase_if(statements, [&](const prepared& one) {
        if (one.what.get() != &statement || one.cursor_of != 0) return false;
        unwanted_statements.push_back(one.backend_id);
        return true;
    });
}

void backend_state::drop_unwanted_statements(const shared_statements& all, std::size_t limit) {
    const auto drop = [&](const prepared& one) { unwanted_statements.push_back(one.backend_id); };
    if (unwanted_seen != all.unwanted()) {
        unwanted_seen = all.unwanted();
        std::erase_if(statements, [&](const prepared& one) {
            if (one.cursor_of != 0 || one.what->is_wanted()) return false;
            drop(one);
            return true;
        });
    }
    while (statements.size() > limit) {
        const auto oldest = std::ranges::min_element(statements, {}, [](const prepared& one) {
            return std::pair(one.cursor_of != 0, one.last_used);
        });
        // The newest may be what is about to be run, among cursors only: it would be closed and
        // prepared for ever.
        if (oldest->cursor_of != 0 || oldest->last_used == uses) return;
        drop(*oldest);
        statements.erase(oldest);
    }
}

void backend_state::on_reset() {
    reset_needed = false;
    tracking_asked = false;
    applied = {};
    left = {};
    insert_id = 0;
    statements.clear();
    unwanted_statements.clear();
    // MySQL gives the server's own values to what a login sets; MariaDB the login's again.
    variables.clear();
    given_back.clear();
    user_variables.clear();
    if (flavor != protocol::mysql::server_flavor::mysql) return;
    for (const std::string_view name : variables_of_login)
        variables.push_back({std::string(name), std::nullopt});
}

void backend_state::on_user_changed() {
    on_reset();
    // Unlike a reset, it sets what a login sets.
    variables.clear();
    initial.clear();
    role.reset();
    login_role.reset();
    role_asked = false;
    tracks_variables = false;
    tracks_gtids = false;
}

}  // namespace weir::splitter
