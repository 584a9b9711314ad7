#pragma once

#include "replication_monitor/model/server_id.hpp"
#include "splitter/relay/login_request.hpp"
#include "splitter/session/session_state.hpp"
#include "src/net/peer_address.hpp"
#include "src/proxy/backend_connection.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::proxy {

/// Those whose connections are as good as each other's: the same account, the same form of the
/// protocol, and, where servers are told it, the same address. Shared by its sessions and
/// connections; thread: its worker.
class connection_class {
public:
    using server_id = replication_monitor::server_id;
    using idle_list = boost::intrusive::list<
        backend_connection,
        boost::intrusive::base_hook<class_idle_hook>,
        boost::intrusive::constant_time_size<false>>;

    explicit connection_class(std::string form) : form_(std::move(form)) {}

    /// The idle connections to a server, the one given back last at the end.
    [[nodiscard]] idle_list& idle_at(server_id server);

    /// A change of user makes connections of one form each other's: the same form of the protocol,
    /// and the same address where servers are told it.
    [[nodiscard]] const std::string& form() const noexcept { return form_; }

private:
    struct of_server {
        server_id server;
        idle_list idle;
    };

    std::string form_;
    std::vector<std::unique_ptr<of_server>> servers_;
};

using connection_class_pointer = std::shared_ptr<connection_class>;

/// A connection that was used more recently belongs to a busy session: closing it for another would
/// only have it made again, in turns without end.
inline constexpr std::chrono::milliseconds spare_after{10};

/// How badly a connection is wanted.
enum class urgency : std::uint8_t {
    spares_others,  ///< one that its last session is not likely to use again soon, else a new one
    takes_any,      ///< no new one can be made
};

/// The idle connections of one worker, for whoever of their class comes next. A session that comes
/// back finds its own if nobody has needed it. Owned by the worker; thread: its worker's.
class backend_pool {
public:
    using server_id = replication_monitor::server_id;
    using time_point = std::chrono::steady_clock::time_point;

    /// The form of a login's connections. `address`: as class_of.
    [[nodiscard]] static std::string form_of(
        const splitter::login_request& who, const std::optional<std::string>& address
    );

    /// The class of a login's connections. `address`: the client's, where servers are told it.
    [[nodiscard]] connection_class_pointer class_of(
        const splitter::login_request& who, const std::optional<std::string>& address
    );

    /// The connection is free for others.
    void give(backend_connection& connection);

    /// It is not any more.
    static void withdraw(backend_connection& connection);

    /// The idle connection that suits a session best, of those that were unused for longest; null:
    /// none. One on which another session has left something comes last. None that was logged in
    /// before `login_epoch`.
    [[nodiscard]] static backend_connection* find(
        connection_class& of,
        server_id server,
        const splitter::session_state& wanted,
        std::uint64_t login_epoch,
        urgency how
    );

    /// The idle connection of this form that is missed least if it changes its user, of those whose
    /// session has gone or has not used it since; null: none. What was prepared and set there is
    /// lost.
    [[nodiscard]] backend_connection* find_to_change(
        const std::string& form, server_id server, time_point unused_since
    );

    /// The connection to a server that was unused for longest, of whatever class, to be closed in
    /// favour of another one; null: none is idle, or none for as long as `unused_since` asks. Not
    /// one that its session could not replace.
    [[nodiscard]] backend_connection* oldest(server_id server, time_point unused_since);

    /// All that were not used since then.
    [[nodiscard]] std::vector<backend_connection_pointer> unused(time_point since);

private:
    std::map<std::string, std::weak_ptr<connection_class>> classes_;
    /// Of all classes, in the order in which they were given back.
    boost::intrusive::list<
        backend_connection,
        boost::intrusive::base_hook<worker_idle_hook>,
        boost::intrusive::constant_time_size<false>>
        idle_;
};

}  // namespace weir::proxy
