#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "splitter/relay/failure.hpp"
#include "splitter/relay/lost_commit.hpp"
#include "splitter/routing/route.hpp"
#include "splitter/sql/kill_statement.hpp"

#include <chrono>
#include <cstdint>

namespace weir::splitter {

/// What the shell must do next. It does this one thing, reports the outcome as an event, and gets
/// the next action.
struct session_action {
    enum class kind : std::uint8_t {
        read_client,      ///< then on_client_bytes
        write_client,     ///< all of `bytes`, then on_written
        read_backend,     ///< from the leased connection, then on_backend_bytes
        write_backend,    ///< all of `bytes`, then on_written
        pause,            ///< for the time of `pause`, then on_pause_over
        ask_position,     ///< of the primary, for its executed set: it becomes the environment's;
                          ///< then on_position
        acquire_backend,  ///< by `where`, then on_backend_leased or on_acquire_failed
        release_backend,  ///< the connection is in order; then on_released
        drop_backend,     ///< the connection is broken or in an unknown state: close it; then
                          ///< on_released
        resolve_commit,   ///< ask the server of the connection that was dropped last what became of
                          ///< `lost`; then on_commit_resolved
        explain_route,    ///< say where a statement of `where` would go, or where the held
                          ///< connection is; then on_route_explained
        list_sessions,    ///< of all workers; then on_sessions_listed
        kill_session,     ///< run `kill`, whose id is one of ours, on the server where that session
                          ///< is; then on_kill_answered, or on_no_such_session
        change_user,      ///< log in again with the command in the client's buffer; then
                          ///< on_user_changed or close
        tunnel,           ///< pass bytes both ways until one side closes; the session is over then
        close,  ///< close everything; `why` says whose doing it was, no code: the client quit
    };

    kind what = kind::close;
    protocol::wire::bytes_view bytes{};  ///< write_*: valid until the next event
    std::chrono::steady_clock::duration pause{};
    route where{};                      ///< acquire_backend, explain_route
    kill_statement kill{};              ///< kill_session
    const lost_commit* lost = nullptr;  ///< resolve_commit: valid until its end
    failure why{};                      ///< drop_backend, close
};

[[nodiscard]] inline session_action do_next(session_action::kind what) {
    session_action action;
    action.what = what;
    return action;
}

}  // namespace weir::splitter
