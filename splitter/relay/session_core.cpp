#include "splitter/relay/session_core.hpp"

#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/messages/query.hpp"
#include "protocol/mysql/packet_writer.hpp"
#include "protocol/wire/ensure.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/relay/prepared_plan.hpp"

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::server_errc;
using protocol::wire::bytes_view;

namespace {

error_code out_of_step() {
    return make_error_code(protocol::mysql::errc::unexpected_packet);
}

}  // namespace

session_core::session_core(const environment& world, std::uint64_t number)
    : world_(world), session_(number), reader_(world.limits.packet_size) {}

session_action session_core::on_start(const session_login& login) {
    begin_life(login);
    session_.state.set_multi_statements(
        login.capabilities.has(protocol::mysql::capability::multi_statements)
    );
    return next_command();
}

void session_core::begin_life(const session_login& login) {
    session_.capabilities = login.capabilities;
    session_.connection_id = login.connection_id;
    session_.collation = login.collation;
    session_.user = login.user;
    session_.client = login.client;
    if (!login.character_set.empty())
        session_.state.on_initial_variable("character_set_client", login.character_set);
    session_.transaction.on_login(login.status);
    session_.state.set_schema(login.schema);
    if (world_.asks_positions) session_.written.begin();
}

session_action session_core::on_user_changed(const session_login& login) {
    WEIR_ENSURE(stage_ == stage::changing_user);
    end_command();
    backend_ =
        {};  // a pinned session came here with the connection that it held; that one is closed
    record_.reset();
    // The option outlives the user, as it outlives COM_RESET_CONNECTION.
    const bool multi_statements = session_.state.multi_statements();
    session_.start_over();
    begin_life(login);
    session_.state.set_multi_statements(multi_statements);
    return next_command();
}

session_action session_core::on_client_bytes(time_point now) {
    now_ = now;
    if (stage_ == stage::uploading) return on_upload_bytes();
    WEIR_ENSURE(stage_ == stage::waiting);
    return next_command();
}

session_action session_core::next_command() {
    stage_ = stage::waiting;
    reader_.expect_sequence(0);
    session_.held = backend_.state;
    const auto packet = reader_.next(received_.pending());
    if (!packet) {
        const bool too_large = packet.error() == protocol::mysql::errc::packet_too_large;
        const auto code =
            too_large ? server_errc::packet_too_large : server_errc::packets_out_of_order;
        answer_sequence_ = protocol::mysql::next_sequence(reader_.newest_sequence());
        received_.consume(received_.pending().size());
        after_release_ = after_release::error_then_close;
        return answer_error(
            {code,
             too_large ? "Got a packet bigger than 'max_allowed_packet' bytes"
                       : "Got packets out of order"}
        );
    }
    if (!*packet) return do_next(session_action::kind::read_client);
    command_size_ = (*packet)->wire.size();
    answer_sequence_ = protocol::mysql::next_sequence((*packet)->last_sequence);
    payload_ = (*packet)->payload;
    resolve_positions();
    session_.held = backend_.state;
    plan_ = plan_command(payload_, session_, world_);
    return begin_command();
}

session_action session_core::begin_command() {
    after_release_ = after_release::next_command;
    answer_complete_ = false;
    begin_trace();
    count_rules();
    if (plan_.asks_about_rows) session_.on_rows_asked();
    switch (plan_.what) {
        case command_plan::kind::relay: return begin_relaying();
        case command_plan::kind::tunnel: return acquire();
        case command_plan::kind::ok:
            // Only a held connection can have an opinion of its own on being alive.
            if (plan_.command == command::ping && backend_.state != nullptr) {
                plan_.response = response_kind::simple;
                return acquire();
            }
            return resets_where_held() ? reset_where_held() : answer_ok();
        case command_plan::kind::set_option: return set_option();
        case command_plan::kind::nothing: return finish_command();
        case command_plan::kind::keep_data: return keep_data();
        case command_plan::kind::refuse: return answer_error(plan_.error);
        case command_plan::kind::conditions:
            return plan_.where.connection != nullptr ? acquire() : answer_conditions();
        case command_plan::kind::own: return answer_own();
        case command_plan::kind::close_statement: return close_statement();
        case command_plan::kind::reset_session:
            return must_fetch_found_rows() ? fetch_found_rows() : reset_session();
        case command_plan::kind::kill: {
            stage_ = stage::killing;
            auto action = do_next(session_action::kind::kill_session);
            action.kill = plan_.killed;
            return action;
        }
        case command_plan::kind::change_user:
            if (must_fetch_found_rows()) return fetch_found_rows();
            stage_ = stage::changing_user;
            return do_next(session_action::kind::change_user);
        case command_plan::kind::quit: return close({});
    }
    WEIR_ENSURE(false);
}

session_action session_core::on_kill_answered(const std::optional<local_error>& error) {
    WEIR_ENSURE(stage_ == stage::killing);
    return error ? answer_error(*error) : answer_ok();
}

session_action session_core::on_no_such_session() {
    WEIR_ENSURE(stage_ == stage::killing);
    plan_.what = command_plan::kind::relay;
    return acquire();
}

session_action session_core::send_command() {
    apply_before(plan_.pin_effects, plan_.text, session_.pinned);
    out_.clear();
    const auto in_place = replay_ != nullptr ? std::span<std::byte>(replay_->packet)
                                             : received_.pending_mutable().first(command_size_);
    begin_record();
    if (plan_.at_cursor && plan_.statement->home != backend_.state)
        return answer_error(lost_cursor());
    if (plan_.statement != nullptr && plan_.command != command::stmt_prepare) {
        if (fit_statement(in_place)) {
            return answer_error(
                {server_errc::malformed_packet, "Malformed communication packet (EXECUTE)"}
            );
        }
    }
    if (plan_.rewritten != nullptr) write_rewritten();
    return has_data_to_send() ? send_data() : write_command();
}

/// It fits the connection by now.
session_action session_core::write_command() {
    const auto in_place = replay_ != nullptr ? std::span<std::byte>(replay_->packet)
                                             : received_.pending_mutable().first(command_size_);
    stage_ = stage::sending;
    relay_.start(plan_, session_, *backend_.state, withheld_errors());
    auto action = do_next(session_action::kind::write_backend);
    action.bytes = out_.empty() ? bytes_view(in_place) : out_.view();
    return action;
}

/// The command under way with another text, and its attributes if it has any.
void session_core::write_rewritten() {
    protocol::mysql::packet_writer packet(out_, 0);
    auto writer = packet.begin();
    const auto sent = protocol::mysql::query::decode(payload_, session_.capabilities);
    if (plan_.command == command::query && sent) {
        const protocol::mysql::query query{sent->attributes_raw, *plan_.rewritten};
        query.encode(writer, session_.capabilities);
    } else {
        writer.u8(static_cast<std::uint8_t>(plan_.command));
        writer.text(*plan_.rewritten);
    }
    packet.end();
}

session_action session_core::on_command_sent() {
    if (plan_.what == command_plan::kind::tunnel) {
        received_.consume(command_size_);
        stage_ = stage::over;
        return do_next(session_action::kind::tunnel);
    }
    stage_ = stage::answering;
    return do_next(session_action::kind::read_backend);
}

session_action session_core::on_backend_bytes() {
    if (stage_ == stage::preparing_answer) return on_preparation_bytes();
    WEIR_ENSURE(stage_ == stage::answering);
    return replay_ != nullptr ? on_replayed_bytes() : on_answer_bytes();
}

session_action session_core::on_answer_bytes() {
    using kind = response_relay::step::kind;
    const auto next =
        relay_.advance(backend_.received->pending_mutable(), session_, *backend_.state, out_);
    if (!next) return on_failure({next.error(), failure_origin::backend});
    if (next->what == kind::withheld) {
        backend_.received->consume(next->consumed);
        return on_withheld(next->error);
    }
    if (next->what == kind::read_only_server) {
        backend_.received->consume(next->consumed);
        return answer_error(
            {server_errc::read_only_transaction,
             ended(world_.flavor, "Cannot execute statement in a READ ONLY transaction")}
        );
    }
    taken_ = next->consumed;
    answer_complete_ = next->what == kind::complete;
    upload_follows_ = next->what == kind::upload;
    if (upload_follows_ && !session_.capabilities.has(protocol::mysql::capability::local_files)) {
        return refuse_upload(next->bytes.first(next->bytes.size() - next->request));
    }
    // Before the client has it: what it does next, or tells others to do, finds it known.
    if (answer_complete_ && aside_ == nullptr) learn_from_answer();
    if (next->bytes.empty()) return on_answer_passed();
    if (record_ != nullptr && record_->under_way) record_->sum.append(next->bytes);
    auto action = do_next(session_action::kind::write_client);
    action.bytes = next->bytes;
    return action;
}

/// What has come of the answer is done with: the client has what is for it.
session_action session_core::on_answer_passed() {
    backend_.received->consume(taken_);
    if (answer_complete_) return finish_command();
    if (!upload_follows_) return do_next(session_action::kind::read_backend);
    received_.consume(command_size_);
    command_size_ = 0;
    // The file takes the command's place in the buffer.
    payload_ = {};
    if (plan_.statement == nullptr) plan_.text = {};
    upload_.start();
    stage_ = stage::uploading;
    return on_upload_bytes();
}

/// The client has not enabled it, and its server knows that: one that asks all the same is not to
/// be trusted further. `before`: of the answer, what precedes the request; the error stands in the
/// place of the request and has its number.
session_action session_core::refuse_upload(bytes_view before) {
    before_error_.assign(before.begin(), before.end());
    answer_sequence_ = relay_.last_sequence();
    return fail_command(
        {server_errc::local_infile_disabled,
         "Loading local data is disabled; this must be enabled on both the client and server "
         "sides"},
        after_release::error_then_close,
        {make_error_code(errc::local_infile_refused), failure_origin::backend}
    );
}

session_action session_core::on_written() {
    switch (stage_) {
        case stage::preparing_send:
            stage_ = stage::preparing_answer;
            return do_next(session_action::kind::read_backend);
        case stage::sending_data: return write_command();
        case stage::sending: return on_command_sent();
        case stage::answering: return on_answer_passed();
        case stage::upload_sending:
            received_.consume(taken_);
            if (!upload_follows_) relay_.on_file_sent(upload_.last_sequence());
            stage_ = upload_follows_ ? stage::uploading : stage::answering;
            return do_next(
                upload_follows_ ? session_action::kind::read_client
                                : session_action::kind::read_backend
            );
        case stage::closing_statements:
            backend_.state->unwanted_statements.clear();
            if (plan_.what == command_plan::kind::close_statement) return finish_command();
            return prepare_backend();
        case stage::answering_locally:
            if (after_release_ == after_release::error_then_close) return close(close_reason_);
            return finish_command();
        case stage::waiting:
        case stage::pausing:
        case stage::asking:
        case stage::acquiring:
        case stage::preparing_answer:
        case stage::uploading:
        case stage::explaining:
        case stage::listing:
        case stage::killing:
        case stage::resolving:
        case stage::releasing:
        case stage::changing_user:
        case stage::over: break;
    }
    WEIR_ENSURE(false);
}

session_action session_core::finish_command() {
    const bool is_visit = aside_ != nullptr;
    if (backend_.state != nullptr && answer_complete_) {
        if (is_visit) {
            learn_from_visit();
        } else {
            end_record();
        }
    }
    const bool closes =
        plan_.traits.end_and_release && relay_.facts().error == 0 && answer_complete_;
    end_command();
    if (closes) return close({});
    if (backend_.state == nullptr) return is_visit ? take_back() : next_command();
    if (!backend_.received->empty()) return leave_out_of_step();
    if (must_hold() && !is_visit) return next_command();
    return release(session_action::kind::release_backend, after_release::next_command);
}

/// More has come than an answer: it would be taken for the answer to another command.
session_action session_core::leave_out_of_step() {
    const failure why{out_of_step(), failure_origin::backend};
    if (is_lost_with_connection()) return close(why);
    return release(session_action::kind::drop_backend, after_release::next_command, why);
}

void session_core::end_command() {
    last_command_ = plan_.command;
    ++commands_ended_;
    received_.consume(command_size_);
    command_size_ = 0;
    payload_ = {};
    plan_ = {};
    end_move();
    fetches_ = fetched::nothing;
    answer_complete_ = false;
    reader_.release();
    out_.clear();
}

session_action session_core::release(session_action::kind how, after_release next, failure why) {
    stage_ = stage::releasing;
    after_release_ = next;
    session_.begun.repeated = 0;
    backend_.state->user = nullptr;
    backend_ = {};
    auto action = do_next(how);
    action.why = why;
    return action;
}

session_action session_core::on_released() {
    WEIR_ENSURE(stage_ == stage::releasing);
    switch (after_release_) {
        case after_release::next_command: return aside_ != nullptr ? take_back() : next_command();
        case after_release::acquire_again:
            after_release_ = after_release::next_command;
            return acquire();
        case after_release::plan_again: return plan_again();
        case after_release::plan_with_fetched:
            return aside_ != nullptr ? take_back() : plan_with_fetched();
        case after_release::replay: return start_replaying();
        case after_release::resolve: return ask_for_outcome();
        case after_release::take_in_file: return take_in_file();
        case after_release::error_then_next:
        case after_release::error_then_close: return answer_error(pending_error_);
    }
    WEIR_ENSURE(false);
}

session_action session_core::close(failure why) {
    ended_quietly_ = is_backend_quiet();
    stage_ = stage::over;
    auto action = do_next(session_action::kind::close);
    action.why = why;
    return action;
}

void session_core::on_connection_closed(backend_state& connection) {
    session_.statements.on_cursors_lost(connection);
    if (connection.left.owner == &session_) session_.on_connection_lost(connection);
    if (backend_.state != &connection) return;
    connection.user = nullptr;
    backend_ = {};
}

bool session_core::is_quiet() const noexcept {
    return stage_ == stage::waiting && received_.empty() && !is_lost_with_connection() &&
           !session_.statements.has_cursors();
}

bool session_core::is_backend_quiet() const noexcept {
    switch (stage_) {
        case stage::waiting:
        case stage::pausing:
        case stage::asking:
        case stage::acquiring:
        case stage::answering_locally:
        case stage::explaining:
        case stage::listing:
        case stage::resolving:
        case stage::releasing:
        case stage::changing_user: return true;
        case stage::preparing_send:
        case stage::preparing_answer:
        case stage::sending_data:
        case stage::sending:
        case stage::answering:
        case stage::uploading:
        case stage::upload_sending:
        case stage::closing_statements:
        case stage::killing: return false;
        case stage::over: return ended_quietly_;
    }
    WEIR_ENSURE(false);
}

bool session_core::must_hold() const noexcept {
    return is_lost_with_connection() || may_hold_untold();
}

/// With autocommit off there is no transaction between two of them, but where it cannot be brought
/// to another connection, or more may be there than flags tell.
bool session_core::may_hold_untold() const noexcept {
    if (session_.transaction.autocommit) return false;
    return session_.transaction.untold || backend_.state == nullptr ||
           !backend_.state->tracks_variables;
}

bool session_core::is_lost_with_connection() const noexcept {
    if (aside_ != nullptr) return false;
    return session_.pinned.is_set() || session_.transaction.open || session_.one_shot_transaction ||
           session_.untold_variables != nullptr;
}

}  // namespace weir::splitter
