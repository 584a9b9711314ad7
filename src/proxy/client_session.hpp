#pragma once

#include "lb/balancing/backend_selector.hpp"
#include "splitter/relay/session_core.hpp"
#include "src/net/listener.hpp"
#include "src/net/stream.hpp"
#include "src/proxy/backend_connection.hpp"
#include "src/proxy/backend_pool.hpp"
#include "src/proxy/client_compression.hpp"
#include "src/proxy/client_login.hpp"
#include "src/proxy/commit_inquiry.hpp"
#include "src/proxy/login_turn.hpp"
#include "src/proxy/pin_meter.hpp"
#include "src/proxy/read_mirror.hpp"
#include "src/proxy/session_listing.hpp"
#include "src/proxy/session_whereabouts.hpp"
#include "src/proxy/worker_metrics.hpp"
#include "src/runtime/handler_memory.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace weir::proxy {

class proxy_worker;

/// Where among those who wait for a connection.
enum class queue_place : std::uint8_t { first, last };

/// The shell of one client's session: performs what its session_core says with sockets, and nothing
/// else. Held by its worker and by each pending operation; it dies when the last of them has gone.
/// Thread: its worker.
class client_session
    : public boost::intrusive_ref_counter<client_session, boost::thread_unsafe_counter> {
public:
    using pointer = boost::intrusive_ptr<client_session>;
    using time_point = std::chrono::steady_clock::time_point;

    client_session(proxy_worker& worker, std::uint32_t id);
    client_session(const client_session&) = delete;
    client_session& operator=(const client_session&) = delete;
    ~client_session();

    /// Logs the client in and serves it until it goes.
    void start(net::accepted_socket socket);

    /// Ends the session as soon as no statement, transaction or pin is under way.
    void drain();

    /// Ends it now. Idempotent.
    void close();

    /// About once a second: closes what has been idle for too long.
    void on_tick(time_point now);

    /// A statement that waits for a server or a connection looks again. True: it waits no more.
    bool look_again(queue_place if_in_vain);

    /// A new topology is there: a statement that waits for the answer of a replica that is lost
    /// runs elsewhere if it may.
    void leave_lost_replica();

    /// Another session, or nobody, has this idle connection from now on.
    void on_connection_taken(const backend_connection& connection);

    /// How a list of the connections of this server shows the session. Nothing: it has not begun
    /// or is over.
    [[nodiscard]] std::optional<splitter::listed_session> listed_at(
        replication_monitor::server_id server
    );

    /// One worker's sessions, for this one's SHOW PROCESSLIST.
    void on_sessions_told(std::uint32_t turn, std::vector<splitter::listed_session> told);

    /// For a KILL from elsewhere. Nothing: the session has not begun or is over. The connection
    /// that is told becomes nobody else's until expect_end().
    [[nodiscard]] std::optional<session_whereabouts> whereabouts();

    /// A KILL of the session is on its way: a broken connection is its doing, and nothing is run
    /// elsewhere. False: it was refused.
    void expect_end(bool expected);

    /// What has been found out about the session that this one's KILL names.
    void on_victim_found(std::uint32_t turn, const std::optional<session_whereabouts>& victim);

    [[nodiscard]] std::uint32_t id() const noexcept { return id_; }

    [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

    /// Further connections can be made in the client's name.
    [[nodiscard]] bool can_prove_itself();

    /// The primary's position is known as of now, or cannot be had.
    void on_position(bool is_known);

    /// Waits for a server that takes writes, or else for any.
    [[nodiscard]] splitter::server_role waits_for_role() const noexcept { return where_.role; }

    [[nodiscard]] bool is_waiting_for_server() const noexcept { return is_waiting_for_server_; }

    /// It waits because limits.backends_per_server is reached.
    [[nodiscard]] bool is_at_limit() const noexcept { return is_at_limit_; }

    [[nodiscard]] bool is_pinned() const noexcept { return core_ != nullptr && core_->is_pinned(); }

private:
    using next_action =
        std::optional<splitter::session_action>;  ///< nothing: an operation is pending

    [[nodiscard]] static boost::asio::awaitable<void> log_in(pointer self);
    [[nodiscard]] static boost::asio::awaitable<void> change_user(pointer self);
    [[nodiscard]] static boost::asio::awaitable<void> open_connection(
        pointer self, replication_monitor::server_id server, way_to_server way
    );
    [[nodiscard]] static boost::asio::awaitable<backend_connection_pointer> connection_for_kill(
        pointer self, replication_monitor::server_id server
    );
    [[nodiscard]] static boost::asio::awaitable<backend_connection_pointer> connection_beside(
        pointer self, replication_monitor::server_id server
    );
    [[nodiscard]] static boost::asio::awaitable<void> run_timeout(pointer self);
    [[nodiscard]] static boost::asio::awaitable<void> run_kill(
        pointer self, backend_address victim
    );
    [[nodiscard]] static boost::asio::awaitable<void> run_inquiry(
        pointer self, splitter::lost_commit lost
    );
    [[nodiscard]] static boost::asio::awaitable<void> pump(
        pointer self, net::stream& from, net::stream& to
    );

    void adopt(logged_in_client client);
    [[nodiscard]] splitter::session_login login_facts() const;
    [[nodiscard]] bool stays_with_former_user(const client_login& login);
    void perform(splitter::session_action action);
    [[nodiscard]] next_action perform_one(const splitter::session_action& action);
    [[nodiscard]] next_action read_client();
    [[nodiscard]] next_action read_backend();
    [[nodiscard]] next_action write_client(protocol::wire::bytes_view bytes);
    [[nodiscard]] next_action write_backend(protocol::wire::bytes_view bytes);
    [[nodiscard]] next_action pause(std::chrono::steady_clock::duration time);
    [[nodiscard]] next_action acquire(const splitter::route& where);
    [[nodiscard]] next_action find_connection();
    [[nodiscard]] next_action choose_server();
    [[nodiscard]] std::optional<replication_monitor::server_id> select_server();
    [[nodiscard]] next_action lease(backend_connection& connection);
    [[nodiscard]] next_action wait_for_server();
    void count_waiting(bool waits);
    [[nodiscard]] next_action release();
    [[nodiscard]] next_action drop();
    [[nodiscard]] next_action tunnel();
    [[nodiscard]] next_action explain_route(const splitter::route& where);
    void note_in_trace();
    [[nodiscard]] next_action list_sessions();
    void finish_listing();
    void begin_mirroring();
    void keep_for_mirror(protocol::wire::bytes_view bytes);
    void finish_mirroring();
    void begin_timeout();
    void arm_timeout(std::chrono::milliseconds time);
    [[nodiscard]] bool is_under_timeout(std::uint64_t statement) const;
    void on_timeout();
    void end_kill_of_timeout();
    [[nodiscard]] bool is_held_back(protocol::wire::bytes_view bytes);
    [[nodiscard]] next_action resolve_commit(const splitter::lost_commit& lost);
    [[nodiscard]] next_action kill_session(const splitter::kill_statement& kill);

    enum class side : std::uint8_t { none, client, backend };
    void wait_for_client();
    void wait_for_backend();
    [[nodiscard]] next_action try_read_backend();
    [[nodiscard]] bool receive_from_client(error_code& error);
    std::size_t read_some_into(
        protocol::wire::receive_buffer& buffer, std::size_t wanted, error_code& error
    );
    [[nodiscard]] next_action flush_client();
    void on_client_readable(error_code error);
    void on_client_writable(error_code error);
    void on_backend_readable(error_code error);
    void on_backend_writable(error_code error);
    void on_connection_opened(
        const backend_connection_pointer& connection, const backend_login_outcome& outcome
    );

    [[nodiscard]] backend_connection* find_idle(replication_monitor::server_id server);
    [[nodiscard]] backend_connection* find_connection_to(
        replication_monitor::server_id server, bool is_provable
    );
    [[nodiscard]] next_action give_up_unproven();
    [[nodiscard]] backend_connection* find_own(const splitter::backend_state* state);
    [[nodiscard]] backend_connection* find_in_pool(
        replication_monitor::server_id server, urgency how
    );
    [[nodiscard]] bool may_use(backend_connection& connection);
    [[nodiscard]] next_action connect_to(replication_monitor::server_id server, way_to_server way);
    [[nodiscard]] std::optional<way_to_server> find_way_to(replication_monitor::server_id server);
    [[nodiscard]] next_action choose_server_in_turn();
    void take_over(backend_connection& connection);
    void give_back(backend_connection& connection);
    void give_back_kept();
    void let_go();
    void give_up_login();
    void keep(const backend_connection_pointer& connection, bool is_new);
    enum class ending : std::uint8_t { in_order, broken };
    void forget(backend_connection& connection, ending how);
    void on_kill_unanswered(backend_connection& connection);
    void settle_kill(bool took_effect);
    void finish_kill(const std::optional<splitter::local_error>& error);
    void end_lease();
    void note_caught_up();
    void begin_statement();
    void count_digest();
    void finish_statement();
    void finish_former_statement();
    void measure_pins(const splitter::pins& held, time_point now);
    void tell_others();
    void on_limit_reached(replication_monitor::server_id server);
    [[nodiscard]] bool is_left_by_client(time_point now) const;
    void look_for_missed_end(time_point now);
    [[nodiscard]] std::chrono::milliseconds time_to_be_idle() const;
    void end_idle();

    proxy_worker& worker_;
    const std::uint32_t id_;
    net::stream stream_;
    runtime::handler_memory read_memory_;
    runtime::handler_memory write_memory_;
    std::unique_ptr<splitter::session_core> core_;  ///< from the login's end on
    logged_in_client client_;
    std::unique_ptr<client_compression> compression_;   ///< null: not agreed
    std::unique_ptr<boost::asio::steady_timer> pause_;  ///< null: no statement is held back
    connection_class_pointer class_;
    /// Used by this session and by nobody since: its own while it comes back in time.
    std::vector<backend_connection_pointer> connections_;
    backend_connection_pointer current_;  ///< leased
    backend_connection_pointer
        kill_target_;  ///< named to a KILL under way: nobody else's meanwhile
    protocol::wire::bytes_view unwritten_{};
    splitter::route where_{};  ///< of the statement that waits for a connection
    std::vector<replication_monitor::server_id> tried_;  ///< servers that failed it
    lb::selection_reason selection_reason_{};            ///< of the server chosen last
    commit_inquiry* inquiry_ = nullptr;                  ///< under way; lives in its coroutine
    lost_connection dropped_{};     ///< the last one that broke under a statement
    served_by last_server_{};       ///< of the statement under way or the last one
    time_point wait_until_{};       ///< for a server; the epoch: not waiting
    time_point statement_began_{};  ///< the epoch: none under way

    struct digested_statement {
        digest_table::ticket entry;
        bool was_pinned = false;
    };

    std::optional<digested_statement> digested_;  ///< under way, and counted by its digest

    /// A statement that a rule gives only so much time.
    struct statement_timeout {
        statement_timeout(boost::asio::io_context& io, std::uint64_t of)
            : timer(io), statement(of) {}

        boost::asio::steady_timer timer;
        std::uint64_t statement;  ///< by the number of those that ended before it
        bool is_killing = false;
        protocol::wire::bytes_view held_back{};  ///< of its answer, until the KILL is answered
    };

    std::unique_ptr<statement_timeout> timeout_;  ///< null: none under way

    /// A statement that another server gets too, once the client has its answer.
    struct statement_mirror {
        mirrored_read read;
        bool compares = false;
        std::vector<std::byte> answer;  ///< as the client got it, while it is compared
    };

    std::unique_ptr<statement_mirror> mirrored_;  ///< null: none under way
    std::unique_ptr<session_listing> listing_;    ///< null: none under way
    std::uint32_t listing_turn_ = 0;
    pin_meter pins_;
    std::uint64_t bytes_to_client_ = 0;  ///< since it began, before compression
    time_point last_active_{};
    std::uint64_t login_changes_ = 0;    ///< of the core's: those that the epoch has
    std::uint64_t counted_ = 0;          ///< of the core's commands: those that the metrics have
    std::uint64_t reported_writes_ = 0;  ///< of the session's: those that the process has counted
    splitter::kill_statement kill_{};    ///< under way, or the last one
    std::uint32_t kill_turn_ = 0;
    side waits_for_ = side::none;  ///< whose next bytes
    bool is_waiting_for_server_ = false;
    bool counts_as_waiting_ = false;
    bool is_behind_ = false;  ///< the chosen replica may lack what the statement must see
    bool waited_ = false;     ///< for the leased replica to have it
    bool is_served_ = false;  ///< its turn has come among those who wait
    queue_place place_ = queue_place::last;  ///< among those, if it has to wait
    bool is_looking_for_victim_ = false;
    bool expects_end_ = false;
    bool is_at_limit_ = false;  ///< limits.backends_per_server kept the statement from a server
    bool is_draining_ = false;
    bool has_kept_ = false;  ///< connections that others cannot have though they are not leased
    bool is_closed_ = false;
    bool has_user_ = false;  ///< counted among its user's sessions
};

}  // namespace weir::proxy
