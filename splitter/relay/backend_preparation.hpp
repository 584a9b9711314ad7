#pragma once

#include "protocol/mysql/response_tracker.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/small_result.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/session.hpp"
#include "splitter/session/session_diff.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What a command needs of a connection besides the session's state.
struct preparation_needs {
    shared_statement_pointer statement{};  ///< is to be known there; null: none
    statement_execution execution{};       ///< in which form
    bool own_conditions = false;           ///< the session's are to be told, and nothing else
    bool own_values = false;               ///< and nothing else: see session_fetching
    bool processlist = false;              ///< the server's is to be told
    bool origin = false;                   ///< a new one is to tell its server
    bool transaction = false;              ///< it is part of one that moves here
    bool insert_id = false;                ///< it may ask for LAST_INSERT_ID()
    bool user_variables = false;           ///< it may read these
    bool assigns_variables = false;        ///< it may change them
    bool hands_over_tracking = false;      ///< what is sent later would show
    bool tells_variables = false;          ///< session::untold_variables are asked
    bool may_run_before = false;           ///< a run without rows may go before it
    /// Its types are to be known there as the client sent them; null: as they go along.
    const prepared_statement* bound = nullptr;
    bool sets_role = false;                                ///< it is a SET ROLE
    bool may_ask_role = false;                             ///< it asks nothing of the one before
    const protocol::mysql::gtid_set* caught_up = nullptr;  ///< to be waited for; null: nothing is
    std::chrono::milliseconds causal_wait{0};

    /// What one server would have prepared the statement under last.
    [[nodiscard]] meaning meant() const;
};

/// Brings a leased connection to the state that the session's next command needs: another session's
/// remnant asked for, reset, tracking, schema, options, variables, the statement prepared. One
/// command at a time, each confirmed before the next: if one fails, the client's command must not
/// run there. Owned by a session_core.
class backend_preparation {
public:
    /// Appends the next command to `out`; false if the connection has all it needs. After true,
    /// feed on_bytes until it is done, then ask again.
    [[nodiscard]] bool next(
        session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );

    /// Appends the command that leaves the connection without a role, before it changes its user.
    /// Then on_bytes.
    void take_role_away(const backend_state& backend, protocol::wire::send_buffer& out);

    /// Appends the command that sets these user variables to what is their SQL. Then on_bytes.
    void set_variables(
        const std::vector<session_variable>& filled,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );

    struct progress {
        enum class kind : std::uint8_t {
            more_bytes,
            done,
            refused,
            behind,  ///< the replica does not have in time what it was asked to wait for
        };
        kind what = kind::more_bytes;
        std::size_t consumed = 0;            ///< bytes of `pending` that are done with
        protocol::wire::bytes_view error{};  ///< refused: the server's ERR payload; a view into
                                             ///< `pending`, or ours until the next step
    };

    /// The answer to the command that next() composed. Errors: as response_tracker.
    [[nodiscard]] result<progress> on_bytes(
        protocol::wire::bytes_view pending, session& session, backend_state& backend
    );

    /// The last step was a wait, and the server has what it was for.
    [[nodiscard]] bool has_caught_up() const noexcept { return step_ == step::catch_up; }

    /// The last step was to ask for user variables, and the session has them.
    [[nodiscard]] bool has_told_variables() const noexcept { return step_ == step::ask_variables; }

    /// The last step was to set some, all by itself.
    [[nodiscard]] bool has_set_variables() const noexcept { return step_ == step::set_variables; }

    /// The list of connections that was asked for; null: it was not.
    [[nodiscard]] bool has_list() const noexcept { return list_ != nullptr; }

    [[nodiscard]] std::vector<small_result::row> take_list();

private:
    enum class step : std::uint8_t {
        none,
        ask_conditions,
        ask_values,
        ask_processlist,
        ask_role,
        ask_variables,
        set_variables,
        catch_up,
        reset,
        tracking,
        origin,
        role,
        change,
        user_variables,
        types_of_variables,
        insert_id,
        begin_again,
        prepare,
        bind,
        reset_statement,
        types
    };

    [[nodiscard]] bool have_it_bound(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool set_up(
        backend_state& backend, const preparation_needs& needs, protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool ask_what_is_there(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool ask_for_remnant(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool ask_for_role(
        const session& session,
        const backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    void ask_for_variables(
        const session& session, const backend_state& backend, protocol::wire::send_buffer& out
    );
    void on_variables_told(session& session, backend_state& backend);
    void on_role_told(session& session, backend_state& backend);
    static void learn_session_role(
        std::optional<std::string> role, session& session, backend_state& backend
    );
    [[nodiscard]] bool bring_role(
        const session& session, const backend_state& backend, protocol::wire::send_buffer& out
    );
    void ask(step for_what, const backend_state& backend, protocol::wire::send_buffer& out);
    [[nodiscard]] bool wait_for_replica(
        const backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool prepare_as_meant(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool prepare_as_of(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool prepare_others(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool bring_types_of_variables(
        const session& session,
        const shared_statement_pointer& statement,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );
    void on_types_of_variables_brought(backend_state& backend) const;
    [[nodiscard]] bool bind_as_meant(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    void bind(
        const prepared_statement& bound,
        const backend_state::prepared& there,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );
    void on_bound(session& session, backend_state& backend);
    void on_statement_reset(backend_state& backend) const;
    [[nodiscard]] bool bring_state(
        session& session, backend_state& backend, protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool bring_change(
        const session_state& wanted, backend_state& backend, protocol::wire::send_buffer& out
    );
    void prepare(
        const preparation_needs& needs,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool bring_types(
        const session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    void on_types_brought(backend_state& backend) const;
    [[nodiscard]] bool bring_values(
        session& session,
        backend_state& backend,
        const preparation_needs& needs,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool bring_user_variables(
        const session& session, const backend_state& backend, protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool bring_insert_id(
        const session& session, const backend_state& backend, protocol::wire::send_buffer& out
    );
    [[nodiscard]] bool begin_again(
        const session& session, const backend_state& backend, protocol::wire::send_buffer& out
    );
    void on_begun_again(session& session) const;
    void send_query(
        step next_step,
        std::string_view text,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );

    void begin(step next_step, protocol::mysql::response_kind kind, const backend_state& backend);
    void append_command(
        protocol::mysql::command what,
        protocol::wire::bytes_view argument,
        protocol::wire::send_buffer& out
    ) const;
    /// One packet of the answer. Errors: as response_tracker.
    [[nodiscard]] error_code on_packet(
        const protocol::mysql::response_event& event, session& session, backend_state& backend
    );
    void on_done(session& session, backend_state& backend);
    [[nodiscard]] static bool clears_variables(
        const session& session, backend_state& backend, const preparation_needs& needs
    );
    [[nodiscard]] bool on_refused(session& session, backend_state& backend);
    [[nodiscard]] result<progress> on_told(
        protocol::wire::bytes_view pending, session& session, backend_state& backend
    );
    void tell_owner(backend_state& backend);
    void on_origin_told(backend_state& backend) const;
    /// Column of the first row of what was told; 0 if there is none.
    [[nodiscard]] std::uint64_t told_number(std::size_t column) const;
    void on_tracking_report(
        protocol::wire::bytes_view payload, session& session, backend_state& backend
    );

    step step_ = step::none;
    session_change change_;
    /// What the change is for; null: the session's present state.
    std::unique_ptr<const session_state> meant_;
    shared_statement_pointer preparing_;
    std::optional<meaning_variables> preparing_under_;  ///< parameter_binding::under
    std::unique_ptr<small_result> told_;  ///< while a connection is asked for a remnant
    std::unique_ptr<std::vector<small_result::row>> list_;
    std::vector<std::byte> refusal_;  ///< the server's error, where it gave no list
    bool with_attributes_ = false;    ///< COM_QUERY carries an attribute count on this connection
    bool refused_ = false;
    /// prepared_statement::id that the present step is for; 0: the one that is run.
    std::uint32_t other_ = 0;
    std::uint32_t others_upto_ = 0;     ///< the newest of those, before the present command
    backend_state::prepared prepared_;  ///< the statement of the present step, as it will be there
    protocol::mysql::response_tracker tracker_;
};

}  // namespace weir::splitter
