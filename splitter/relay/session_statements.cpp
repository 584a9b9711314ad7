// The part of session_core that deals with what prepared statements have besides their text: long
// data, and cursors, whose connections the session keeps while it uses others.

#include "protocol/wire/ensure.hpp"
#include "splitter/relay/execute_rewriter.hpp"
#include "splitter/relay/prepared_plan.hpp"
#include "splitter/relay/session_core.hpp"

#include <memory>
#include <string>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::status_flag;

session_action session_core::keep_data() {
    auto& statement = *plan_.statement;
    session_.statements.keep_data(
        statement, received_.pending().first(command_size_), world_.limits.long_data
    );
    if (plan_.names_wrong_parameter) statement.data.condemn();
    return finish_command();
}

/// Makes the command under way, which is about a prepared statement, fit the leased connection.
error_code session_core::fit_statement(std::span<std::byte> in_place) {
    auto* const there = statement_there();
    WEIR_ENSURE(there != nullptr);
    const statement_on_connection target{*plan_.statement, *there};
    if (runs_prepared(plan_) && execution_of(plan_).opens_cursor) there->had_cursor = true;
    if (runs_prepared(plan_)) note_run(*there);
    if (plan_.command == command::stmt_execute)
        return fit_execute(in_place, payload_, session_, target, out_);
    if (plan_.command == command::stmt_bulk_execute)
        return fit_bulk_execute(in_place, payload_, session_, target, out_);
    patch_statement_id(in_place, there->backend_id);
    return {};
}

/// The statement is about to be run in this form.
void session_core::note_run(backend_state::prepared& there) const {
    const parameter_binding& binding = plan_.statement->binding;
    there.was_run = true;
    if (there.taken_as.empty() || there.taken_as == binding.taken_as) return;
    if (there.taken_as.size() != binding.values.size()) return;
    if (takes_all(there.taken_as, binding.values)) return;
    there.taken_as = taken_after(there.taken_as, there.what->derived(), binding.values);
    there.under = there.what->renewed_under(session_.state);
}

/// As the leased connection knows it; null: it does not.
backend_state::prepared* session_core::statement_there() {
    if (plan_.at_cursor) return backend_.state->find_cursor(plan_.statement->id);
    return backend_.state->find_statement(*run_statement(plan_), execution_of(plan_));
}

/// A held connection says what its flags are, and takes note of the command.
bool session_core::resets_where_held() const noexcept {
    return plan_.command == command::stmt_reset && backend_.state != nullptr;
}

/// Where it does not know the statement, a COM_PING has the same answer, but that MySQL's counts
/// the conditions of the last statement.
session_action session_core::reset_where_held() {
    if (statement_there() == nullptr) {
        session_.statements.reset(*plan_.statement);
        session_.last.own_warnings = 0;
        plan_.statement = nullptr;
        plan_.command = command::ping;
        plan_.rewritten = std::make_unique<const std::string>();
    }
    return acquire();
}

/// Data goes before the statement that it is for; the connection has no answer to it.
bool session_core::has_data_to_send() const {
    return replay_ == nullptr && runs_prepared(plan_) && !plan_.statement->data.empty();
}

session_action session_core::send_data() {
    stage_ = stage::sending_data;
    auto action = do_next(session_action::kind::write_backend);
    action.bytes =
        std::span<const std::byte>(plan_.statement->data.addressed_to(statement_there()->backend_id)
        );
    return action;
}

/// The statement under way has been answered by the leased connection.
void session_core::learn_from_prepared() {
    if (plan_.at_cursor) return learn_from_cursor();
    if (plan_.command == command::stmt_reset && relay_.facts().error == 0)
        session_.statements.reset(*plan_.statement);
    if (!runs_prepared(plan_)) return;
    auto& statement = *plan_.statement;
    const auto& facts = relay_.facts();
    auto* const there = statement_there();
    const bool was_run = learn_what_became_of_data();
    if (!was_run || there == nullptr) return;
    statement.cursor_lost = false;
    if (statement.home == backend_.state && there->cursor_of == statement.id)
        session_.statements.end_cursor(statement);
    session_.statements.abandon_cursor(statement);
    const bool opens_cursor = execution_of(plan_).opens_cursor;
    const bool is_open =
        facts.error == 0 && opens_cursor && facts.status.has(status_flag::cursor_exists);
    if (facts.error == 0 && !opens_cursor && !there->had_cursor) there->ran_without = true;
    if (is_open) session_.statements.open_cursor(statement, *backend_.state, there->backend_id);
}

/// True: the statement has begun to run, whatever came of it. Data that it was refused for stays,
/// with what a server keeps of it, which is nobody else's business.
bool session_core::learn_what_became_of_data() {
    auto& statement = *plan_.statement;
    const auto& facts = relay_.facts();
    const bool was_malformed =
        facts.error == static_cast<std::uint16_t>(protocol::mysql::server_errc::malformed_packet);
    if (facts.long_data_refused) statement.data.condemn();
    const bool was_run = !was_malformed && !statement.data.is_condemned();
    if (was_run) {
        session_.statements.drop_data(statement);
    } else if (!statement.data.empty()) {
        if (statement.home == backend_.state) session_.statements.abandon_cursor(statement);
        backend_.state->drop_statement(*run_statement(plan_));
    }
    return was_run;
}

/// The end of a cursor is the end of its parameters, too.
void session_core::learn_from_cursor() {
    auto& statement = *plan_.statement;
    const auto& facts = relay_.facts();
    const bool is_reset = plan_.command == command::stmt_reset && facts.error == 0;
    const bool is_read = plan_.command == command::stmt_fetch && facts.error == 0 &&
                         facts.status.has(status_flag::last_row_sent);
    if (!is_reset && !is_read) return;
    session_.statements.end_cursor(statement);
    session_.statements.drop_data(statement);
}

/// A session that holds another connection than its cursor's, or than the one that lists its
/// conditions or knows what it has found, sets that aside for one command, or to fetch the number.
bool session_core::must_set_aside() const noexcept {
    if (backend_.state == nullptr) return false;
    const bool is_elsewhere =
        plan_.where.connection != nullptr && plan_.where.connection != backend_.state;
    return (asks_elsewhere() && is_elsewhere) || must_fetch_found_rows();
}

bool session_core::asks_elsewhere() const noexcept {
    return plan_.at_cursor || plan_.what == command_plan::kind::close_statement ||
           plan_.what == command_plan::kind::conditions;
}

session_action session_core::set_aside() {
    aside_ = backend_.state;
    aside_->set_aside = true;
    return release(session_action::kind::release_backend, after_release::acquire_again);
}

/// The command elsewhere is over, or what it asks for is known: the session goes on where it was.
session_action session_core::take_back() {
    stage_ = stage::acquiring;
    auto action = do_next(session_action::kind::acquire_backend);
    action.where.connection = aside_;
    is_taking_back_ = true;
    return action;
}

session_action session_core::on_taken_back(leased_backend backend) {
    is_taking_back_ = false;
    aside_ = nullptr;
    backend_ = backend;
    backend_.state->set_aside = false;
    backend_.state->user = &session_;
    return go_on();
}

session_action session_core::go_on() {
    return after_release_ == after_release::plan_with_fetched ? plan_with_fetched()
                                                              : next_command();
}

session_action session_core::on_not_taken_back() {
    is_taking_back_ = false;
    aside_ = nullptr;
    if (!is_lost_with_connection()) return go_on();
    return close({make_error_code(errc::connection_ended_by_server), failure_origin::backend});
}

/// What a FETCH or RESET elsewhere than on the held connection has changed.
void session_core::learn_from_visit() {
    learn_from_prepared();
    if (plan_.command == command::stmt_reset && relay_.facts().error == 0) {
        session_.on_local_ok(0);
        session_.last.own_warnings = 0;
    }
    if (plan_.command != command::stmt_fetch) return;
    session_.on_local_rows();
    const bool finds = world_.flavor == protocol::mysql::server_flavor::mysql;
    if (finds && relay_.facts().error == 0) session_.on_found_rows_here(relay_.rows());
}

}  // namespace weir::splitter
