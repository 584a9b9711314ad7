// The part of session_shell where something comes from outside: what clients and servers send, and
// what happens to connections.

#include "protocol/mysql/packet_header.hpp"
#include "splitter/relay/backend_handshake.hpp"

#include "tests/fuzz/splitter/session/client_commands.hpp"
#include "tests/fuzz/splitter/session/server_answers.hpp"
#include "tests/fuzz/splitter/session/session_shell.hpp"
#include "tests/fuzz/splitter/session/trace.hpp"
#include "tests/support/packets.hpp"

#include <algorithm>

namespace weir::fuzz {

using protocol::mysql::packet_header;
using protocol::mysql::server_errc;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;
using splitter::failure_origin;
using test::operator+;  // not found by its arguments, which are of the standard library

namespace {

/// Number of the last frame of whole frames; 0 if there is none.
std::uint8_t last_number_in(const test::byte_vector& frames) {
    std::uint8_t last = 0;
    std::size_t at = 0;
    while (frames.size() - at >= packet_header::size) {
        const auto header = packet_header::load(test::view(frames).subspan(at));
        last = header.sequence;
        at +=
            packet_header::size +
            std::min<std::size_t>(header.payload_length, frames.size() - at - packet_header::size);
    }
    return last;
}

}  // namespace

void session_shell::on_stop() {
    switch (stop_.what) {
        case kind::read_client: return on_read_client();
        case kind::read_backend: return on_read_backend();
        case kind::pause: return perform(core_.on_pause_over(world_.now));
        case kind::ask_position: return perform(core_.on_position(input_.decide()));
        case kind::acquire_backend: return on_acquire();
        case kind::change_user: return on_change_user();
        case kind::list_sessions: return perform(core_.on_sessions_listed({}));
        case kind::explain_route: return perform(core_.on_route_explained({}));
        case kind::kill_session: return on_kill();
        case kind::resolve_commit: return on_resolve();
        case kind::write_client:
        case kind::write_backend:
        case kind::release_backend:
        case kind::drop_backend:
        case kind::tunnel:
        case kind::close: break;
    }
    require(false);
}

void session_shell::on_read_client() {
    constexpr std::size_t ways = 16;
    switch (input_.below(ways)) {
        case 12:  // what comes together
            for (std::size_t left = input_.below(4); left > 0; --left) {
                from_client_ = from_client_ + next_command(input_, client_);
            }
            return receive_from_client();
        case 13:
            disturbed_ = true;
            from_client_ = from_client_ + test::copy_of(input_.bytes());
            return receive_from_client();
        case 14: return change_world();
        case 15:
            if (core_.is_quiet()) return close({});  // a drain
            return fail(failure_origin::client);
        default: return receive_from_client();
    }
}

void session_shell::receive_from_client() {
    if (from_client_.empty()) {
        from_client_ = core_.is_waiting_for_command() ? next_command(input_, client_) : file_part();
    }
    const auto piece = take_piece(input_, from_client_);
    trace("  the client sends", test::view(piece));
    put(core_.client_buffer(), test::view(piece));
    perform(core_.on_client_bytes(world_.now));
}

/// A frame of the file, or the one that ends it.
test::byte_vector session_shell::file_part() {
    const auto number = protocol::mysql::next_sequence(
        file_.empty() ? client_answer_.last_number() : last_number_in(file_)
    );
    return test::frames_of({input_.decide() ? test::bytes("1,2") : test::byte_vector{}}, number);
}

void session_shell::on_read_backend() {
    if (server_answer_.asks_for_file() && !file_.empty()) {
        // The file has been sent: the server goes on behind the client's last frame.
        answer_number_ = protocol::mysql::next_sequence(last_number_in(file_));
        server_answer_.on_file_sent(answer_number_);
        client_answer_.on_file_sent(answer_number_);
        awaited_ = protocol::mysql::response_kind::simple;
        file_.clear();
    }
    constexpr std::size_t ways = 16;
    switch (input_.below(ways)) {
        case 13:
            disturbed_ = true;
            leased_->on_its_way = leased_->on_its_way + test::copy_of(input_.bytes());
            if (leased_->on_its_way.empty()) return;
            return receive_from_backend();
        case 14: return change_world();
        case 15: return fail(failure_origin::backend);
        default: break;
    }
    if (leased_->on_its_way.empty()) {
        leased_->on_its_way =
            next_answer(input_, awaited_, leased_->state.capabilities, answer_number_);
    }
    receive_from_backend();
}

void session_shell::receive_from_backend() {
    const auto piece = take_piece(input_, leased_->on_its_way);
    trace("  the server sends", test::view(piece));
    put(leased_->received, test::view(piece));
    if (!is_own_command_) {
        server_answer_.on_bytes(test::view(piece));
        if (!server_answer_.is_sound()) disturbed_ = true;
    }
    perform(core_.on_backend_bytes());
}

void session_shell::on_acquire() {
    constexpr std::size_t ways = 8;
    switch (input_.below(ways)) {
        case 6: return change_world();
        case 7:
            disturbed_ = true;
            return perform(core_.on_acquire_failed({{server_errc::unknown_error, "no server"}}));
        default: break;
    }
    const auto& where = stop_.where;
    if (where.connection != nullptr) {
        const auto found = std::ranges::find_if(connections_, [&](const auto& one) {
            return &one->state == where.connection;
        });
        if (found != connections_.end()) return lease(**found);
        disturbed_ = true;
        return perform(core_.on_acquire_failed({{server_errc::network_read_error, "gone"}}));
    }
    const bool is_for_primary = where.role == splitter::server_role::primary;
    const std::size_t server =
        is_for_primary ? world_.primary : input_.below(fuzzed_world::servers);
    auto* const idle = find_on(server);
    lease(idle != nullptr ? *idle : connect(server));
}

void session_shell::lease(fuzzed_connection& connection) {
    connection.state.primary = connection.server == world_.primary;
    leased_ = &connection;
    perform(core_.on_backend_leased({&connection.state, &connection.received}));
}

void session_shell::on_change_user() {
    leased_ = nullptr;
    while (!connections_.empty()) {
        forget(*connections_.back());
    }
    if (input_.number() % 8 == 7) return close({});
    client_ = client_capabilities(input_);
    // The login has answered the command.
    client_answer_.start(protocol::mysql::response_kind::no_answer, client_);
    was_sent_ = false;
    connect(world_.primary);
    perform(core_.on_user_changed(
        {.capabilities = client_,
         .status = status_set{status_flag::autocommit},
         .schema = "d",
         .connection_id = 1,
         .character_set = "utf8mb4"}
    ));
}

/// The session to kill is ours or not, and a server that was asked agreed or not.
void session_shell::on_kill() {
    switch (input_.below(3)) {
        case 0: return perform(core_.on_no_such_session());
        case 1: return perform(core_.on_kill_answered(std::nullopt));
        default:
            return perform(core_.on_kill_answered(splitter::local_error{
                protocol::mysql::server_errc::unknown_error, "not yours"}));
    }
}

/// Only a commit that is known not to have happened may be sent once more.
void session_shell::on_resolve() {
    require(leased_ == nullptr && stop_.lost != nullptr);
    using outcome = splitter::resolved_commit::kind;
    switch (input_.below(3)) {
        case 0: return perform(core_.on_commit_resolved({}));
        case 1:
            return perform(core_.on_commit_resolved(
                {outcome::committed, "3e11fa47-71ca-11e1-9e33-c80aa9429562:7"}
            ));
        default:
            ledger_.on_rolled_back();
            return perform(core_.on_commit_resolved({outcome::rolled_back, {}}));
    }
}

void session_shell::fail(failure_origin who) {
    disturbed_ = true;
    trace(who == failure_origin::client ? "  the client fails" : "  the server fails");
    namespace codes = boost::system::errc;
    perform(core_.on_failure({codes::make_error_code(codes::connection_reset), who}));
}

/// Besides, an idle connection may be closed.
void session_shell::change_world() {
    world_.change(input_);
    auto* const idle = find_on(input_.below(fuzzed_world::servers));
    if (idle == nullptr || idle == leased_ || input_.decide()) return;
    disturbed_ = true;
    forget(*idle);
}

fuzzed_connection& session_shell::connect(std::size_t server) {
    auto made = std::make_unique<fuzzed_connection>();
    made->server = server;
    auto& state = made->state;
    state.capabilities = splitter::capabilities_for(client_, server_capabilities(input_));
    state.version_number = world_.environment.version_number;
    state.flavor = world_.environment.flavor;
    state.primary = server == world_.primary;
    state.origin_asked = true;
    state.origin = splitter::server_origin{"3e11fa47-71ca-11e1-9e33-c80aa9429562", {}};
    state.multi_statements = state.capabilities.has(protocol::mysql::capability::multi_statements);
    connections_.push_back(std::move(made));
    return *connections_.back();
}

void session_shell::forget(fuzzed_connection& connection) {
    core_.on_connection_closed(connection.state);
    std::erase_if(connections_, [&](const auto& one) { return one.get() == &connection; });
}

fuzzed_connection* session_shell::find_on(std::size_t server) {
    const auto found =
        std::ranges::find_if(connections_, [&](const auto& one) { return one->server == server; });
    return found == connections_.end() ? nullptr : found->get();
}

}  // namespace weir::fuzz
