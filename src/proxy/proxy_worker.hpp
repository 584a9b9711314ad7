#pragma once

#include "lb/balancing/backend_load.hpp"
#include "lb/balancing/backend_selector.hpp"
#include "protocol/mysql/messages/greeting.hpp"
#include "protocol/wire/spare_buffers.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/relay/login_request.hpp"
#include "splitter/relay/route_explanation.hpp"
#include "splitter/routing/route.hpp"
#include "splitter/rules/rule_hits.hpp"
#include "src/net/listener.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/backend_login.hpp"
#include "src/proxy/backend_pool.hpp"
#include "src/proxy/client_session.hpp"
#include "src/proxy/login_turn.hpp"
#include "src/proxy/position_asker.hpp"
#include "src/proxy/position_history.hpp"
#include "src/proxy/proxy_context.hpp"
#include "src/proxy/read_mirror.hpp"
#include "src/proxy/worker_metrics.hpp"
#include "src/runtime/snapshot.hpp"
#include "src/runtime/worker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace weir::proxy {

/// A question to the primary for what it has executed.
struct position_question {
    replication_monitor::server_id asked;
    std::chrono::steady_clock::time_point at;  ///< when it was sent, or shortly before
    std::uint64_t number = 0;
    std::uint64_t confirmed_writes = 0;  ///< by then
};

/// What one worker's thread owns: listeners, sessions, its view of the servers and of how busy they
/// are. Thread: its own, but for `adopt_socket`, which is posted.
class proxy_worker final : public runtime::worker_content {
public:
    using server_id = replication_monitor::server_id;
    using time_point = std::chrono::steady_clock::time_point;

    /// `metrics` is the supervisor's and outlives the worker.
    proxy_worker(runtime::worker& thread, proxy_context& context, worker_metrics& metrics);
    ~proxy_worker() override;
    proxy_worker(const proxy_worker&) = delete;
    proxy_worker& operator=(const proxy_worker&) = delete;

    /// Listens on all TCP endpoints, and worker 0 on the Unix sockets. Why it cannot, in words.
    [[nodiscard]] std::optional<std::string> listen();

    void drain() override;
    void stop() override;

    /// New snapshots are published: sessions that wait for a server look again.
    void on_published();

    /// A connection that was at its server's limit has gone: those who wait for one look again.
    void on_place_freed();
    void adopt_socket(net::accepted_socket socket);

    // What sessions and logins ask of their worker.
    [[nodiscard]] boost::asio::io_context& io() noexcept { return thread_.context(); }

    [[nodiscard]] proxy_context& context() noexcept { return context_; }

    [[nodiscard]] worker_metrics& metrics() noexcept { return metrics_; }

    [[nodiscard]] const splitter::environment& world() const noexcept { return world_; }

    [[nodiscard]] const config::proxy_settings& settings() { return settings_.current(); }

    [[nodiscard]] std::shared_ptr<const config::proxy_settings> hold_settings() {
        return settings_.hold();
    }

    [[nodiscard]] std::shared_ptr<const replication_monitor::topology> hold_topology() {
        return topology_.hold();
    }

    [[nodiscard]] std::shared_ptr<const replication_monitor::account_list> hold_accounts() {
        return accounts_.hold();
    }

    [[nodiscard]] std::shared_ptr<const tls_contexts> hold_tls() { return tls_.hold(); }

    /// Blocks for whoever reads next.
    [[nodiscard]] protocol::wire::spare_buffers& spares() noexcept { return spares_; }

    [[nodiscard]] std::size_t buffer_size() {
        return static_cast<std::size_t>(settings().limits.buffer_size);
    }

    /// How much to read from a server at once: more while a large result comes.
    [[nodiscard]] std::size_t read_size(bool filled_before);

    [[nodiscard]] protocol::mysql::scramble_bytes make_scramble();

    /// A topology with a server to greet clients for; null if there is none before the deadline.
    [[nodiscard]] boost::asio::awaitable<std::shared_ptr<const replication_monitor::topology>>
    wait_for_a_server(net::time_point deadline);

    /// The server that is to judge a login: the primary, else any that answers; nothing: none is
    /// left.
    [[nodiscard]] std::optional<server_id> server_for_login(std::span<const server_id> tried);

    /// The server for a statement; none in it: none may take it now.
    [[nodiscard]] lb::selection select(
        const splitter::route& where, std::span<const server_id> tried, bool replicas_usable
    );
    /// What select() would do and why, for people. No turn is taken.
    [[nodiscard]] splitter::explained_servers explain(const splitter::route& where);

    /// The same of a statement that stays on a connection to `held`.
    [[nodiscard]] splitter::explained_servers explain_held(server_id held);
    [[nodiscard]] std::string name_of(server_id server);
    [[nodiscard]] bool is_primary(server_id server);
    /// The newest topology says so. A server that is not in it is on its way out, not unreachable.
    [[nodiscard]] bool is_unreachable(server_id server);
    [[nodiscard]] backend_connection_pointer make_connection(server_id server, backend_place place);

    /// Of a login that begins now.
    [[nodiscard]] std::uint64_t login_epoch() const noexcept {
        return context_.login_epoch.load(std::memory_order_acquire);
    }

    /// The idle connections.
    [[nodiscard]] backend_pool& pool() noexcept { return pool_; }

    [[nodiscard]] read_mirror& mirror() noexcept { return mirror_; }

    /// By its name in the configuration. Nothing: the monitor does not know it.
    [[nodiscard]] std::optional<server_id> find_server(std::string_view name);

    /// Whose connections a client may share.
    [[nodiscard]] connection_class_pointer class_of(const logged_in_client& client);

    /// The form of the connections that a client at this address may get by a change of user.
    [[nodiscard]] std::string form_of(
        const splitter::login_request& who, const net::peer_address& peer
    );

    /// Different for each session of this worker.
    [[nodiscard]] std::uint64_t next_session_number() noexcept { return ++session_numbers_; }

    /// A place for one more connection to the server; nothing: its limit is reached.
    [[nodiscard]] std::optional<backend_place> take_place(server_id server);

    /// The same at the limit: an idle connection there is closed for it. None here: the other
    /// workers are asked to close one of theirs, and whoever waits is served then.
    [[nodiscard]] std::optional<backend_place> make_place(server_id server);

    /// Another worker has use for a place at this server.
    void on_place_wanted(server_id server);

    /// Who has waited longest for a connection to such a server; who comes now is behind them.
    /// Null: nobody waits.
    [[nodiscard]] const client_session* first_waiting(splitter::server_role role);

    /// Closes a connection that is not leased, whoever used it last.
    void close_connection(backend_connection& connection, farewell how);

    /// A place whether or not the limit is reached.
    [[nodiscard]] backend_place take_extra_place(server_id server);

    /// An idle connection of this form that is to change its user, nobody's from now on; null: none
    /// that was unused since then, or whose session has gone.
    [[nodiscard]] backend_connection_pointer take_to_change(
        const std::string& form, server_id server, time_point unused_since
    );

    /// What a login goes on with at the server; waits its turn, in order of arrival, until the
    /// deadline. Nothing: in vain. Else on_login_over() is to follow.
    [[nodiscard]] boost::asio::awaitable<std::optional<way_to_server>> wait_for_way(
        server_id server, std::string form, net::time_point deadline
    );
    void on_login_over();
    [[nodiscard]] backend_login_request login_request_for(
        server_id server, const splitter::login_request& who, const splitter::credential& proof
    );

    // Positions of the primary.
    [[nodiscard]] std::optional<server_id> primary();

    /// The session's on_position() follows.
    void ask_position(client_session& session);

    /// A newer one would be of use soon.
    void want_position();
    [[nodiscard]] position_question begin_position_question(server_id primary, time_point now);

    /// False: the answer is of no use any more.
    [[nodiscard]] bool on_position_answered(
        const position_question& question, const protocol::mysql::gtid_set& executed
    );

    /// What servers had executed before.
    [[nodiscard]] const position_history& positions_past() const noexcept {
        return positions_past_;
    }

    // KILL.
    /// Looks for a session of any worker; then the asking session's on_victim_found. False: the id
    /// cannot be a session's.
    [[nodiscard]] bool look_for(std::uint32_t id, session_inquirer asks);

    /// Asks all workers for their sessions; then the asking session's on_sessions_told, once for
    /// each. How many were asked.
    [[nodiscard]] std::size_t ask_for_sessions(server_id server, session_inquirer asks);

    /// Ends a session of any worker soon, if it is there.
    void end_session(std::uint32_t id);
    /// It will not be ended after all.
    void spare_session(std::uint32_t id);

    // What they report.
    void on_connected(server_id server);
    void on_connect_failed(server_id server, error_code why);
    void on_connection_closed(server_id server);
    void on_backend_broken(const backend_connection& connection, error_code why);
    void on_commit_resolved(server_id server, const splitter::resolved_commit& found);
    void on_leased(server_id server);
    /// A replica was seen to have these.
    void on_caught_up(server_id server, const protocol::mysql::gtid_set& executed);
    void on_released(server_id server);
    void on_limit_reached(server_id server);
    void on_timed_out(const config::rule_settings& rule);
    void on_waiting(client_session& session, queue_place place);
    /// A leased connection is idle again: whoever waits for one looks, once the caller is done.
    void serve_soon();
    void on_session_closed(client_session& session);
    void on_session_gone() noexcept;

private:
    [[nodiscard]] lb::backend_load& load_of(server_id server);
    void refresh_world();
    void refresh_rules();
    void refresh_position();
    void wake_waiting();
    void serve_waiting();
    void serve_logins();
    [[nodiscard]] bool may_begin_login();
    [[nodiscard]] std::optional<way_to_server> find_way(server_id server, const std::string& form);
    [[nodiscard]] std::optional<std::string> address_to_tell(const net::peer_address& peer);
    void close_unused(time_point now);
    [[nodiscard]] std::deque<client_session::pointer>& queue_of(splitter::server_role role);
    [[nodiscard]] std::vector<client_session::pointer> all_sessions() const;
    [[nodiscard]] client_session::pointer find_session(std::uint32_t id) const;
    void arm_tick();
    void on_tick();
    void close_listeners();
    void end_if_empty();
    /// Some session has a statement on a server that is unreachable.
    [[nodiscard]] bool is_awaiting_the_unreachable();
    static void refuse(const net::accepted_socket& socket);
    [[nodiscard]] lb::selection choose(const splitter::route& where, lb::selection_request request);
    [[nodiscard]] lb::selection_request request_for(
        const splitter::route& where, std::span<const server_id> tried, bool replicas_usable
    );

    runtime::worker& thread_;
    proxy_context& context_;
    worker_metrics& metrics_;
    runtime::snapshot_reader<config::proxy_settings> settings_;
    runtime::snapshot_reader<splitter::rule_set> rules_;
    runtime::snapshot_reader<replication_monitor::topology> topology_;
    runtime::snapshot_reader<replication_monitor::account_list> accounts_;
    runtime::snapshot_reader<tls_contexts> tls_;
    worker_definitions definitions_;
    std::shared_ptr<splitter::rule_hits> rule_hits_;
    splitter::environment world_;
    std::optional<server_id> position_of_;  ///< whose the environment's position is
    position_asker positions_;
    position_history positions_past_;
    std::vector<lb::backend_load> loads_;
    std::uint64_t turn_ = 0;
    protocol::wire::spare_buffers spares_{{.count = 64, .block_size = 64U << 10U}};
    std::vector<std::unique_ptr<net::listener>> listeners_;
    // Sessions refer to these as long as they live.
    splitter::shared_statements statements_;
    splitter::statement_readings readings_;
    backend_pool pool_;
    read_mirror mirror_{*this};
    /// Held here too: one that waits for a server has no operation pending that would hold it.
    std::unordered_map<std::uint32_t, client_session::pointer> sessions_;  ///< by id
    std::uint32_t next_session_ = 1;
    std::uint64_t session_numbers_ = 0;
    std::deque<client_session::pointer> waiting_writes_;  ///< for a connection to the primary
    std::deque<client_session::pointer> waiting_reads_;   ///< or to any server
    std::deque<login_turn*> waiting_logins_;              ///< each in its coroutine
    std::size_t logins_under_way_ = 0;  ///< that have a connection, or a place for one
    bool logins_are_next_ = false;
    bool is_to_serve_ = false;
    boost::asio::steady_timer tick_;
    boost::asio::steady_timer
        published_;  ///< never expires: cancelled to wake who waits for a topology
    runtime::repeated_log connect_log_{std::chrono::milliseconds(5'000)};
    runtime::repeated_log broken_log_{std::chrono::milliseconds(5'000)};
    bool is_ending_ = false;
};

}  // namespace weir::proxy
