#include "tests/fuzz/splitter/session/session_shell.hpp"

#include "protocol/mysql/packet_header.hpp"
#include "splitter/relay/errc.hpp"

#include "tests/fuzz/splitter/session/trace.hpp"

#include <algorithm>
#include <string_view>

namespace weir::fuzz {

using protocol::mysql::command;
using protocol::mysql::packet_header;
using protocol::mysql::response_kind;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;
using protocol::wire::bytes_view;
using splitter::failure;
using splitter::failure_origin;
using splitter::session_action;

namespace {

constexpr status_set logged_in{status_flag::autocommit};

/// How often a statement may be tried: see session_core.
constexpr std::uint8_t attempts_max = 8;

failure broken(failure_origin who) {
    namespace codes = boost::system::errc;
    return {codes::make_error_code(codes::connection_reset), who};
}

command command_in(bytes_view packet) {
    return static_cast<command>(packet[packet_header::size]);
}

/// What answers the commands that a session gives on its own.
response_kind answer_to(command own) {
    if (own == command::stmt_prepare) return response_kind::prepare;
    if (own == command::stmt_close) return response_kind::no_answer;
    return response_kind::simple;
}

std::string_view name_of(session_action::kind what) {
    switch (what) {
        case session_action::kind::read_client: return "read_client";
        case session_action::kind::write_client: return "write_client";
        case session_action::kind::read_backend: return "read_backend";
        case session_action::kind::write_backend: return "write_backend";
        case session_action::kind::pause: return "pause";
        case session_action::kind::ask_position: return "ask_position";
        case session_action::kind::acquire_backend: return "acquire_backend";
        case session_action::kind::release_backend: return "release_backend";
        case session_action::kind::drop_backend: return "drop_backend";
        case session_action::kind::explain_route: return "explain_route";
        case session_action::kind::list_sessions: return "list_sessions";
        case session_action::kind::kill_session: return "kill_session";
        case session_action::kind::resolve_commit: return "resolve_commit";
        case session_action::kind::change_user: return "change_user";
        case session_action::kind::tunnel: return "tunnel";
        case session_action::kind::close: return "close";
    }
    return "invalid";
}

}  // namespace

session_shell::session_shell(script& input)
    : input_(input), client_(client_capabilities(input)), core_(world_.environment, 1) {
    world_.environment.statements = &statements_;
    world_.environment.readings = &readings_;
}

void session_shell::run() {
    connect(world_.primary);
    perform(core_.on_start({.capabilities = client_, .status = logged_in, .connection_id = 1}));
    while (!is_over_ && !input_.is_over()) {
        on_stop();
    }
    if (!is_over_) close({});
}

void session_shell::perform(session_action action) {
    // Every command in the buffer may take a few actions, and closing a statement some for each
    // connection.
    std::size_t actions_left = 100 + 20 * core_.client_buffer().pending().size();
    while (!is_over_) {
        require(actions_left-- > 0);
        const auto next = perform_one(action);
        if (!next) return;
        action = *next;
    }
}

session_shell::next_action session_shell::perform_one(const session_action& action) {
    stop_ = action;
    trace(name_of(action.what), action.bytes);
    if (core_.is_waiting_for_command()) {
        require(action.what == kind::read_client);
        check_answered();
        ledger_.on_waiting();
    } else {
        on_command_seen();
    }
    switch (action.what) {
        case kind::write_client: return write_client(action.bytes);
        case kind::write_backend: return write_backend(action.bytes);
        case kind::release_backend: return release();
        case kind::drop_backend: return drop();
        case kind::close: close(action.why); return std::nullopt;
        case kind::tunnel:
            require(leased_ != nullptr);
            close({});
            return std::nullopt;
        case kind::acquire_backend:
            require(leased_ == nullptr && action.where.attempt <= attempts_max);
            return std::nullopt;
        case kind::read_backend: require(leased_ != nullptr); break;
        case kind::read_client:
        case kind::pause:
        case kind::ask_position:
        case kind::change_user:
        case kind::explain_route:
        case kind::list_sessions:
        case kind::resolve_commit:
        case kind::kill_session: break;
    }
    check_buffers();
    return std::nullopt;
}

/// A write may fail, or take so long that other things happen before its end.
bool session_shell::may_write() {
    const std::uint8_t chance = input_.number();
    if (chance == 0xFE) change_world();
    if (chance == 0xFF) disturbed_ = true;
    return chance != 0xFF;
}

session_action session_shell::write_client(bytes_view bytes) {
    if (!may_write()) return core_.on_failure(broken(failure_origin::client));
    require(bytes.size() <= 0x10000 + 4 * (leased_ ? leased_->received.pending().size() : 0));
    client_answer_.on_bytes(bytes);
    const auto& asked = core_.facts().state.asked();
    const bool may_be_told = asked.variables || asked.state_changes || asked.gtids;
    require(may_be_told || !client_answer_.shows_hidden());
    return core_.on_written();
}

session_action session_shell::write_backend(bytes_view bytes) {
    require(leased_ != nullptr && !bytes.empty());
    if (!may_write()) return core_.on_failure(broken(failure_origin::backend));
    if (server_answer_.asks_for_file()) {
        on_file_part(bytes);
    } else {
        on_command_sent(bytes);
    }
    return core_.on_written();
}

session_action session_shell::release() {
    require(leased_ != nullptr);
    // Whatever lies there would be taken for the answer to another command.
    require(leased_->received.empty());
    leased_->on_its_way.clear();
    leased_ = nullptr;
    return core_.on_released();
}

session_action session_shell::drop() {
    require(leased_ != nullptr);
    fuzzed_connection& dropped = *leased_;
    leased_ = nullptr;
    forget(dropped);
    return core_.on_released();
}

void session_shell::close(const failure& why) {
    const bool refuses_file = why.code == make_error_code(splitter::errc::local_infile_refused);
    require(disturbed_ || !why.code || refuses_file);
    is_over_ = true;
    leased_ = nullptr;
    while (!connections_.empty()) {
        forget(*connections_.back());
    }
}

/// What the actions before were about is over once another command has begun.
void session_shell::on_command_seen() {
    if (!ledger_.is_new(core_)) return;
    check_answered();
    client_answer_.start(core_.plan().response, client_);
    server_answer_.start(response_kind::no_answer, client_);
    was_sent_ = false;
}

void session_shell::on_command_sent(bytes_view bytes) {
    const bool in_place = bytes.data() + packet_header::size == core_.command_payload().data();
    is_own_command_ = !in_place && command_in(bytes) != command::stmt_execute;
    awaited_ = is_own_command_ ? answer_to(command_in(bytes)) : core_.plan().response;
    answer_number_ = 1;
    // What is there already cannot be an answer to this.
    require(leased_->received.empty());
    leased_->on_its_way.clear();
    if (is_own_command_) return;
    ledger_.on_sent_whole(core_);
    was_sent_ = true;
    server_answer_.start(awaited_, leased_->state.capabilities);
}

void session_shell::on_file_part(bytes_view bytes) {
    file_.insert(file_.end(), bytes.begin(), bytes.end());
}

/// The client has the whole of an answer and nothing more, if the server gave one or none was
/// asked.
void session_shell::check_answered() const {
    if (was_sent_ && !server_answer_.is_whole()) return;
    require(client_answer_.is_whole());
}

/// Only packets that are not all there wait in a buffer.
void session_shell::check_buffers() {
    const auto is_partial = [](bytes_view pending) {
        if (pending.size() < packet_header::size) return true;
        const auto header = packet_header::load(pending);
        return pending.size() < packet_header::size + header.payload_length;
    };
    if (core_.is_waiting_for_command()) {
        const bytes_view pending = core_.client_buffer().pending();
        require(is_partial(pending) && pending.size() < core_.client_bytes_wanted());
    }
    if (stop_.what == kind::read_backend) require(is_partial(leased_->received.pending()));
}

}  // namespace weir::fuzz
