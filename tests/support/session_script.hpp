#pragma once

#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/messages/stmt_prepare_ok.hpp"
#include "splitter/relay/session_core.hpp"

#include "tests/support/client_commands.hpp"
#include "tests/support/mysql_gtids.hpp"
#include "tests/support/packets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A session_core played by hand: what the client and the servers say is the test's, what the shell
/// would do is done here and written down.
namespace weir::test {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;

inline constexpr capability_set session_capabilities{
    capability::protocol_41,
    capability::deprecate_eof,
    capability::session_track,
    capability::long_password,
};
inline constexpr capability_set with_eofs = session_capabilities.without(capability::deprecate_eof);
inline constexpr status_set idle{status_flag::autocommit};
inline constexpr status_set in_transaction = idle.with(status_flag::in_transaction);
inline constexpr status_set in_reading_transaction =
    in_transaction.with(status_flag::in_transaction_read_only);

/// A change of session state as a server reports it.
struct tracked {
    protocol::mysql::session_track_type type;
    std::string name;  ///< system_variables only
    std::string value;
};

[[nodiscard]] inline tracked variable(std::string name, std::string value) {
    return {
        protocol::mysql::session_track_type::system_variables, std::move(name), std::move(value)};
}

[[nodiscard]] inline byte_vector session_state_of(const std::vector<tracked>& changes) {
    return payload_from([&](auto& writer) {
        for (const tracked& change : changes) {
            protocol::mysql::session_track_entry entry{change.type, change.name, change.value, {}};
            const byte_vector data = payload_from([&](auto& inner) {
                const bool is_gtid = change.type == protocol::mysql::session_track_type::gtids;
                if (is_gtid) inner.u8(0);  // the encoding of what follows: text
                inner.lenenc_text(change.value);
            });
            entry.data = view(data);
            append_session_track(writer, entry);
        }
    });
}

/// One OK, with the changes it reports, as an answer.
[[nodiscard]] inline byte_vector ok_answer(
    status_set status = idle, const std::vector<tracked>& changes = {}
) {
    const byte_vector state = session_state_of(changes);
    protocol::mysql::ok message;
    message.status = changes.empty() ? status : status.with(status_flag::session_state_changed);
    message.session_state = view(state);
    return frames_of({payload_of(message, session_capabilities)});
}

[[nodiscard]] inline byte_vector error_answer(std::uint16_t code, std::string_view text = "no") {
    const protocol::mysql::err message{code, "HY000", text};
    return frames_of({payload_of(message, session_capabilities)});
}

/// One column, one row, EOF deprecated.
[[nodiscard]] inline byte_vector rows_answer(
    std::string_view value = "value", status_set status = idle
) {
    return frames_of(
        {bytes({1}), definition_payload(), text_row_payload(value), ok_payload(status, 0xFE)}
    );
}

/// One row of several columns, EOF deprecated.
[[nodiscard]] inline byte_vector row_answer(std::initializer_list<std::string_view> values) {
    std::vector<byte_vector> packets{bytes({static_cast<unsigned>(values.size())})};
    packets.insert(packets.end(), values.size(), definition_payload());
    byte_vector row;
    for (const std::string_view value : values)
        row = row + text_row_payload(value);
    packets.push_back(row);
    packets.push_back(ok_payload(idle, 0xFE));
    return frames_of(packets);
}

[[nodiscard]] inline byte_vector prepared_answer(std::uint32_t id, std::uint16_t parameters = 1) {
    std::vector<byte_vector> packets{
        payload_of(protocol::mysql::stmt_prepare_ok{id, 0, parameters, 0, true}, {})};
    for (int i = 0; i < parameters; ++i) {
        packets.push_back(definition_payload("?"));
    }
    return frames_of(packets);
}

/// A backend connection with both of its directions.
struct scripted_backend {
    splitter::backend_state state;
    protocol::wire::receive_buffer received;
    std::vector<byte_vector> sent;  ///< everything the session wrote to it, write by write

    [[nodiscard]] byte_vector last_sent() const {
        return sent.empty() ? byte_vector{} : sent.back();
    }
};

/// Follows a session's actions as a shell does. It stops where something must come from outside: at
/// a read, at an acquisition, at the end.
class session_script {
public:
    using kind = splitter::session_action::kind;
    enum class role : std::uint8_t { primary, replica };

    explicit session_script(
        capability_set client = session_capabilities,
        const splitter::environment& world = {},
        std::uint64_t number = 1
    )
        : world_(world), core_(world_, number) {
        world_.statements = &statements_;
        world_.readings = &readings_;
        // Servers with GTIDs, unless a test's world says otherwise.
        if (world_.primary_executed.empty()) world_.primary_executed = mysql_gtids("1-5");
        follow(core_.on_start({.capabilities = client, .status = idle}));
    }

    /// A connection of this session that is logged in and has been told all that is the same for
    /// every session. `fresh_connection` makes one that has not.
    scripted_backend& connection(role what) {
        auto& made = fresh_connection(what);
        made.state.tracking_asked = true;
        made.state.tracks_variables = true;
        made.state.tracks_gtids = true;
        return made;
    }

    scripted_backend& fresh_connection(role what) {
        auto& made = backends_.emplace_back();
        made.state.capabilities = session_capabilities;
        made.state.version_number = 90700;
        made.state.primary = what == role::primary;
        return made;
    }

    void client_sends(const byte_vector& sent) {
        put(core_.client_buffer(), sent);
        if (stop_.what == kind::read_client) follow(core_.on_client_bytes(now_));
    }

    void lease(scripted_backend& backend) {
        ASSERT_EQ(stop_.what, kind::acquire_backend) << trace();
        ASSERT_EQ(leased_, nullptr) << "a second lease: " << trace();
        leased_ = &backend;
        follow(core_.on_backend_leased({&backend.state, &backend.received}));
    }

    /// The same, of a replica that is not known to have what the command must see.
    void lease_behind(scripted_backend& backend) {
        ASSERT_EQ(stop_.what, kind::acquire_backend) << trace();
        leased_ = &backend;
        follow(core_.on_backend_leased({&backend.state, &backend.received, true}));
    }

    /// The answer to the primary's being asked; nothing: there is none.
    void position_is(std::optional<protocol::mysql::gtid_set> executed) {
        ASSERT_EQ(stop_.what, kind::ask_position) << trace();
        if (executed) {
            world_.primary_executed = *executed;
            world_.primary_asked_at = now_ + std::chrono::microseconds(1);
            world_.position_answered = ++world_.positions_asked;
        }
        follow(core_.on_position(executed.has_value()));
    }

    void end_pause() {
        ASSERT_EQ(stop_.what, kind::pause) << trace();
        now_ += std::chrono::duration_cast<std::chrono::milliseconds>(stop_.pause);
        follow(core_.on_pause_over(now_));
    }

    void refuse_lease(protocol::mysql::server_errc code) {
        ASSERT_EQ(stop_.what, kind::acquire_backend) << trace();
        follow(core_.on_acquire_failed({{code, "no server"}, false}));
    }

    /// What became of a KILL: nothing, or its error.
    void kill_answers(const std::optional<splitter::local_error>& error) {
        ASSERT_EQ(stop_.what, kind::kill_session) << trace();
        follow(core_.on_kill_answered(error));
    }

    void explain(const splitter::explained_servers& servers) {
        ASSERT_EQ(stop_.what, kind::explain_route) << trace();
        follow(core_.on_route_explained(servers));
    }

    void list(const std::vector<splitter::listed_session>& sessions) {
        ASSERT_EQ(stop_.what, kind::list_sessions) << trace();
        follow(core_.on_sessions_listed(sessions));
    }

    void resolve(const splitter::resolved_commit& found) {
        ASSERT_EQ(stop_.what, kind::resolve_commit) << trace();
        follow(core_.on_commit_resolved(found));
    }

    void kill_finds_nobody() {
        ASSERT_EQ(stop_.what, kind::kill_session) << trace();
        follow(core_.on_no_such_session());
    }

    void backend_sends(const byte_vector& sent) {
        ASSERT_EQ(stop_.what, kind::read_backend) << trace();
        put(leased_->received, sent);
        follow(core_.on_backend_bytes());
    }

    void backend_fails() {
        ASSERT_NE(leased_, nullptr) << trace();
        follow(core_.on_failure(connection_reset()));
    }

    /// The leased connection goes while the client is waited for.
    void lose_connection() {
        ASSERT_NE(leased_, nullptr) << trace();
        core_.on_connection_closed(std::exchange(leased_, nullptr)->state);
    }

    /// The next write to a backend fails instead of being sent.
    void fail_next_write() { write_fails_ = true; }

    /// The client's command, run on `backend` if none is held, and its answer.
    void run(const byte_vector& sent, scripted_backend& backend, const byte_vector& answer) {
        client_sends(sent);
        if (stop_.what == kind::acquire_backend) lease(backend);
        ASSERT_EQ(leased_, &backend) << trace();
        backend_sends(answer);
    }

    /// Everything the client was sent since the last call.
    [[nodiscard]] byte_vector take_client_bytes() { return std::exchange(client_, {}); }

    /// The actions since the last call, "acquire:replica write_backend read_backend".
    [[nodiscard]] std::string take_trace() { return std::exchange(trace_, {}); }

    [[nodiscard]] const std::string& trace() const noexcept { return trace_; }

    /// Where the script stands.
    [[nodiscard]] const splitter::session_action& stop() const noexcept { return stop_; }

    [[nodiscard]] splitter::session_core& core() noexcept { return core_; }

    [[nodiscard]] scripted_backend* leased() noexcept { return leased_; }

    [[nodiscard]] splitter::environment& world() noexcept { return world_; }

    void advance_clock(std::chrono::milliseconds by) { now_ += by; }

    [[nodiscard]] splitter::session_core::time_point now() const noexcept { return now_; }

private:
    static splitter::failure connection_reset() {
        namespace codes = boost::system::errc;
        return {codes::make_error_code(codes::connection_reset), splitter::failure_origin::backend};
    }

    static void put(protocol::wire::receive_buffer& buffer, const byte_vector& sent) {
        const auto free = buffer.prepare(sent.size());
        std::ranges::copy(sent, free.begin());
        buffer.commit(sent.size());
    }

    void write_down(const splitter::session_action& action) {
        if (!trace_.empty()) trace_ += ' ';
        trace_ += name_of(action);
    }

    static std::string name_of(const splitter::session_action& action) {
        switch (action.what) {
            case kind::read_client: return "read_client";
            case kind::write_client: return "write_client";
            case kind::read_backend: return "read_backend";
            case kind::write_backend: return "write_backend";
            case kind::pause:
                return "pause:" +
                       std::to_string(
                           std::chrono::duration_cast<std::chrono::milliseconds>(action.pause)
                               .count()
                       );
            case kind::ask_position: return "ask_position";
            case kind::acquire_backend:
                if (action.where.connection != nullptr) return "acquire:home";
                return action.where.role == splitter::server_role::primary ? "acquire:primary"
                                                                           : "acquire:replica";
            case kind::release_backend: return "release";
            case kind::drop_backend: return "drop";
            case kind::explain_route: return "explain";
            case kind::list_sessions: return "list";
            case kind::resolve_commit: return "resolve";
            case kind::kill_session: return "kill:" + std::to_string(action.kill.id);
            case kind::change_user: return "change_user";
            case kind::tunnel: return "tunnel";
            case kind::close: return "close";
        }
        return "?";
    }

    void follow(splitter::session_action action) {
        for (;;) {
            write_down(action);
            switch (action.what) {
                case kind::write_client:
                    client_ = client_ + copy_of(action.bytes);
                    action = core_.on_written();
                    continue;
                case kind::write_backend:
                    ASSERT_NE(leased_, nullptr) << trace_;
                    if (std::exchange(write_fails_, false)) {
                        action = core_.on_failure(connection_reset());
                        continue;
                    }
                    leased_->sent.push_back(copy_of(action.bytes));
                    action = core_.on_written();
                    continue;
                case kind::release_backend:
                    leased_ = nullptr;
                    action = core_.on_released();
                    continue;
                case kind::drop_backend:
                    ASSERT_NE(leased_, nullptr) << trace_;
                    core_.on_connection_closed(leased_->state);
                    leased_ = nullptr;
                    action = core_.on_released();
                    continue;
                case kind::read_client:
                case kind::read_backend:
                case kind::pause:
                case kind::ask_position:
                case kind::acquire_backend:
                case kind::explain_route:
                case kind::list_sessions:
                case kind::kill_session:
                case kind::resolve_commit:
                case kind::change_user:
                case kind::tunnel:
                case kind::close: stop_ = action; return;
            }
        }
    }

    splitter::shared_statements statements_;
    splitter::statement_readings readings_{64};
    std::deque<scripted_backend> backends_;  // a deque: connections do not move
    splitter::environment world_;
    splitter::session_core core_;
    scripted_backend* leased_ = nullptr;
    splitter::session_action stop_;
    byte_vector client_;
    std::string trace_;
    splitter::session_core::time_point now_{};
    bool write_fails_ = false;
};

/// The number of the ERR packet that is all of `sent`; 0 if it is something else.
[[nodiscard]] inline std::uint16_t error_in(const byte_vector& sent) {
    if (sent.size() < 5) return 0;
    const auto message = protocol::mysql::err::decode(view(sent).subspan(4));
    return message ? message->code : std::uint16_t{0};
}

}  // namespace weir::test
