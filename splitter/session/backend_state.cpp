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

}  // namespace

backend_state::prepared* backend_state::find_statement(
    const shared_statement& statement, statement_execution how
) {
    prepared* best = nullptr;
    for (prepared& one : statements) {
        if (one.what.get() != &statement || !can_be_run(one, how, flavor)) continue;
        const bool is_own = one.cursor_of != 0 && one.cursor_of == how.by;
        if (is_own || (one.cursor_of == 0 && best == nullptr)) best = &one;
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
    drop_statement(*made.what);
    made.last_used = ++uses;
    statements.push_back(std::move(made));
}

void backend_state::forget_statement(const shared_statement& statement) {
    std::erase_if(statements, [&](const prepared& one) { return one.what.get() == &statement; });
}

void backend_state::drop_statement(const shared_statement& statement) {
    const auto found = std::ranges::find_if(statements, [&](const prepared& one) {
        return one.what.get() == &statement && one.cursor_of == 0;
    });
    if (found == statements.end()) return;
    unwanted_statements.push_back(found->backend_id);
    statements.erase(found);
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
        if (oldest->cursor_of != 0) return;
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
