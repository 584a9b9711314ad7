#pragma once

#include "protocol/mysql/packet_reader.hpp"
#include "protocol/wire/receive_buffer.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/backend_preparation.hpp"
#include "splitter/relay/command_plan.hpp"
#include "splitter/relay/environment.hpp"
#include "splitter/relay/errc.hpp"
#include "splitter/relay/failure.hpp"
#include "splitter/relay/local_result.hpp"
#include "splitter/relay/lost_commit.hpp"
#include "splitter/relay/response_relay.hpp"
#include "splitter/relay/retry_table.hpp"
#include "splitter/relay/route_explanation.hpp"
#include "splitter/relay/session_action.hpp"
#include "splitter/relay/upload.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/listed_session.hpp"
#include "splitter/session/session.hpp"
#include "splitter/session/transaction_log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// A backend connection while a session uses it. The pointers are the connection's and outlive the
/// lease.
struct leased_backend {
    backend_state* state = nullptr;
    protocol::wire::receive_buffer* received = nullptr;
    /// The server is a replica that is not known to have what the command must see: it is asked to
    /// wait for that.
    bool is_behind = false;
};

/// What was agreed at a login, or at a change of users.
struct session_login {
    protocol::mysql::capability_set capabilities;  ///< as negotiated with the client
    protocol::mysql::status_set status;            ///< as the client was told
    std::string_view schema{};
    std::uint32_t connection_id = 0;  ///< as the client was told
    std::uint16_t collation = 0;
    std::string_view character_set{};  ///< of the collation; empty: not known
    std::string_view user{};           ///< for rules
    client_address client{};           ///< the same
};

/// Why no backend connection could be had: what the client is told if nothing else helps.
struct acquire_failure {
    local_error error;
    bool server_refused = false;  ///< a server answered, and that is its error
};

/// The command phase of one session as a state machine without I/O: events in, one action out. The
/// same events give the same actions on any machine. The shell owns sockets and buffers of
/// backends; the client's buffer is in here. Owned by a session; thread: its worker.
class session_core {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `world` is the worker's and outlives the session, whose `number` is unique in it.
    session_core(const environment& world, std::uint64_t number);

    /// The login is done.
    session_action on_start(const session_login& login);

    /// More bytes are in client_buffer().
    session_action on_client_bytes(time_point now);
    /// The time of a pause is over.
    session_action on_pause_over(time_point now);
    /// The primary was asked for its position after the command had come, and the environment has
    /// the answer; or it cannot be had.
    session_action on_position(bool is_known);
    session_action on_backend_leased(leased_backend backend);
    session_action on_acquire_failed(const acquire_failure& why);

    /// KILL has been run: nothing, or the error that it ended with.
    session_action on_kill_answered(const std::optional<local_error>& error);

    /// What has been found out about the commit of `resolve_commit`.
    session_action on_commit_resolved(const resolved_commit& found);

    /// Where the statement of an EXPLAIN ROUTE would go.
    session_action on_route_explained(const explained_servers& servers);

    /// The sessions of all workers, as a list of the leased connection's server shows them.
    session_action on_sessions_listed(std::span<const listed_session> sessions);

    /// The id of a KILL is none of ours: the server's own, then.
    session_action on_no_such_session();

    /// More bytes are in the leased connection's buffer.
    session_action on_backend_bytes();
    session_action on_written();
    session_action on_released();

    /// Reading from or writing to one side failed. A failed backend is to be dropped, as the action
    /// will say.
    session_action on_failure(const failure& why);

    /// A command waits for a replica and may as well run elsewhere: it is a read, or was not sent,
    /// and nothing of an answer was passed on. A replica that has gone quiet is failed by
    /// on_failure.
    [[nodiscard]] bool may_leave_replica() const noexcept;

    /// COM_CHANGE_USER is through: a new life begins, as the new user or, refused, as the former
    /// one. All former backend connections are gone.
    session_action on_user_changed(const session_login& login);

    /// A connection that this session uses, or used last, is gone or will be another session's.
    void on_connection_closed(backend_state& connection);

    [[nodiscard]] protocol::wire::receive_buffer& client_buffer() noexcept { return received_; }

    /// The command under way, without its headers. Valid until the client's buffer moves.
    [[nodiscard]] protocol::wire::bytes_view command_payload() const noexcept { return payload_; }

    /// Bytes that must be pending in client_buffer() before the next command can be looked at.
    [[nodiscard]] std::size_t client_bytes_wanted() const noexcept {
        return reader_.bytes_wanted();
    }

    /// The command under way needs what another session is just asking a connection for: acquiring
    /// one has to wait until that is over.
    [[nodiscard]] bool waits_for_remnant() const noexcept;

    /// Between commands, in no transaction and not pinned: a good moment to end the session.
    [[nodiscard]] bool is_quiet() const noexcept;

    /// No command of ours or of the client is under way on the leased connection, or was when the
    /// session ended: the server would read COM_QUIT.
    [[nodiscard]] bool is_backend_quiet() const noexcept;

    /// Waiting for the client's next command.
    [[nodiscard]] bool is_waiting_for_command() const noexcept { return stage_ == stage::waiting; }

    /// The client has sent more behind the command under way.
    [[nodiscard]] bool has_further_input() const noexcept {
        return received_.pending().size() > command_size_;
    }

    [[nodiscard]] session& facts() noexcept { return session_; }

    /// The command that was answered last.
    [[nodiscard]] protocol::mysql::command last_command() const noexcept { return last_command_; }

    /// The client's command is on its way to the leased connection, which has all that it needs.
    [[nodiscard]] bool is_sending() const noexcept { return stage_ == stage::sending; }

    /// How many have ended, answered or not.
    [[nodiscard]] std::uint64_t commands_ended() const noexcept { return commands_ended_; }

    /// Commands that may have changed what a login finds, so far.
    [[nodiscard]] std::uint64_t login_changes() const noexcept { return login_changes_; }

    [[nodiscard]] bool is_pinned() const noexcept { return session_.pinned.is_set(); }

    /// Of the client's command, also while others are run again before it.
    [[nodiscard]] const command_plan& plan() const noexcept {
        return replay_ != nullptr ? replay_->interrupted : plan_;
    }

    [[nodiscard]] const response_facts& answer() const noexcept { return relay_.facts(); }

    [[nodiscard]] std::uint64_t rows_of_answer() const noexcept { return relay_.rows(); }

private:
    enum class stage : std::uint8_t {
        waiting,  ///< for the client's next command
        pausing,  ///< before a connection is acquired: a rule holds the statement back
        asking,   ///< for the primary's position, before that
        acquiring,
        preparing_send,    ///< our own command goes to the backend
        preparing_answer,  ///< and is answered
        sending_data,      ///< long data of the client's command, before it
        sending,           ///< the client's command goes to the backend
        answering,         ///< its answer goes to the client
        uploading,         ///< LOCAL INFILE: the client sends a file
        upload_sending,
        closing_statements,  ///< COM_STMT_CLOSE goes to the backend
        answering_locally,
        listing,     ///< the shell is asked which sessions there are
        explaining,  ///< the shell is asked which servers there are
        killing,     ///< another session, or its statement
        resolving,   ///< a lost commit: the shell asks its server
        releasing,
        changing_user,
        over,
    };

    /// What follows once a connection is given back.
    enum class after_release : std::uint8_t {
        next_command,
        acquire_again,
        plan_again,         ///< what the plan counted on is gone
        plan_with_fetched,  ///< what it lacked is known
        replay,             ///< the transaction, on another connection
        resolve,            ///< what became of the commit
        take_in_file,       ///< which the client is sending, and nobody wants any more
        error_then_next,
        error_then_close
    };

    /// What only one connection can tell.
    enum class fetched : std::uint8_t { nothing, insert_id, found_rows, all_of_replica };

    void begin_life(const session_login& login);
    session_action next_command();
    session_action begin_command();
    session_action plan_again();
    session_action begin_relaying();
    session_action acquire();
    [[nodiscard]] bool must_fetch_insert_id() const noexcept;
    [[nodiscard]] bool leads_into_transaction() const noexcept;
    [[nodiscard]] bool must_fetch_found_rows() const noexcept;
    session_action fetch_from(backend_state& knowing, fetched what);

    [[nodiscard]] bool is_fetching() const noexcept { return fetches_ != fetched::nothing; }

    session_action on_fetched();
    session_action plan_with_fetched();
    session_action ask_position();
    session_action show_gtid();
    session_action refuse_gtid();
    void resolve_positions();
    session_action leave_replica();
    session_action move_transaction();
    [[nodiscard]] bool begins_reading_committed() const;
    [[nodiscard]] bool must_read_again() const;
    session_action move_again(failure why);
    session_action refuse_to_move();
    [[nodiscard]] bool must_leave_replica() const noexcept;
    [[nodiscard]] bool is_left_on_replica() const noexcept;
    void learn_begin();
    void begin_only_what_is_set();
    void end_move();
    void learn_how_it_began();
    session_action prepare_backend();
    void add_needs_of_prepared(preparation_needs& needs);
    session_action send_command();
    session_action on_preparation_bytes();
    session_action on_preparation_refused(protocol::wire::bytes_view error_payload);
    session_action on_answer_bytes();
    session_action on_answer_passed();
    session_action refuse_upload(protocol::wire::bytes_view before);
    session_action on_withheld(statement_answer error);
    session_action on_lost(statement_answer answer, failure why);
    session_action run_elsewhere(failure why);
    [[nodiscard]] bool is_resolvable() const;
    session_action begin_resolving(failure why);
    session_action ask_for_outcome();
    session_action tell_outcome(const resolved_commit& found, retry_outcome outcome);
    void end_lost_transaction();
    session_action run_on_primary();

    void begin_record();
    [[nodiscard]] std::vector<std::byte> sent_packet();
    [[nodiscard]] bool reads_snapshot() const noexcept;
    [[nodiscard]] bool may_record_read() const noexcept;
    [[nodiscard]] bool may_record() const noexcept;
    void end_record();
    void lose_record(transaction_log::missing what);
    [[nodiscard]] bool is_replayable() const noexcept;
    session_action begin_replay(failure why);
    void prepare_replay();
    session_action start_replaying();
    session_action replay_next();
    void bind_again();
    session_action on_replayed_bytes();
    session_action resume_interrupted();
    void end_replay();
    [[nodiscard]] prepared_statement* find_to_replay(std::uint32_t id);
    session_action give_up_replay(errc why);
    void write_rewritten();
    session_action write_command();
    session_action keep_data();
    [[nodiscard]] backend_state::prepared* statement_there();
    void note_run(backend_state::prepared& there) const;
    [[nodiscard]] bool has_data_to_send() const;
    session_action send_data();
    [[nodiscard]] bool gives_up_connections() const noexcept;
    session_action fetch_found_rows();
    [[nodiscard]] bool must_set_aside() const noexcept;
    [[nodiscard]] bool asks_elsewhere() const noexcept;
    session_action set_aside();
    session_action go_on();
    session_action take_back();
    session_action on_taken_back(leased_backend backend);
    session_action on_not_taken_back();
    [[nodiscard]] error_code fit_statement(std::span<std::byte> in_place);
    session_action on_command_sent();
    session_action finish_command();
    session_action leave_out_of_step();
    session_action on_upload_bytes();
    session_action lose_upload(failure why);
    session_action take_in_file();
    session_action close_statement();
    session_action send_closings();
    session_action reset_session();
    [[nodiscard]] bool resets_where_held() const noexcept;
    session_action reset_where_held();
    session_action answer_ok();
    session_action set_option();
    [[nodiscard]] std::uint32_t warnings_of_last() const noexcept;
    session_action answer_rows(const local_result& result);
    session_action write_rows(const local_result& result);
    [[nodiscard]] result_settings result_settings_now() const;
    session_action answer_conditions();
    session_action answer_diagnostics();
    session_action answer_diagnostics_with(std::uint16_t warnings);
    session_action set_where_held(const std::vector<session_variable>& filled);
    [[nodiscard]] std::optional<std::vector<session_variable>> fill_variables(
        const diagnostics_question& question
    ) const;
    void learn_prepared_in_sql();
    session_action answer_own();
    session_action answer_own_prepare();
    session_action explain_route();
    session_action list_sessions();
    void begin_trace();
    void count_rules();
    [[nodiscard]] protocol::mysql::status_set status_now() const;
    session_action answer_error(const local_error& error);
    session_action write_answer();
    session_action release(session_action::kind how, after_release next, failure why = {});
    session_action close(failure why);
    session_action fail_command(const local_error& error, after_release next, failure why);

    void learn_from_answer();
    void learn_status();
    void learn_one_shot();
    [[nodiscard]] bool has_begun_something() const;
    void learn_from_statement();
    void learn_from_query();
    void learn_used_schema();
    void learn_collation();
    void learn_from_prepared();
    [[nodiscard]] bool learn_what_became_of_data();
    void learn_from_cursor();
    void learn_from_visit();
    void learn_writes();
    void learn_newest_write();
    void learn_reads();
    void learn_last_statement();
    void learn_conditions(std::uint32_t own, bool adds_error);
    [[nodiscard]] bool is_only_condition_elsewhere() const noexcept;
    void learn_row_count();
    [[nodiscard]] bool opens_cursor() const noexcept;
    [[nodiscard]] std::optional<std::string> text_of_execute() const;
    [[nodiscard]] bool executes_rows() const;
    void learn_found_rows();
    void learn_what_mysql_found();
    void learn_what_mysql_found_by_text();
    void learn_what_mariadb_found();
    [[nodiscard]] bool mariadb_finds_others() const;
    [[nodiscard]] bool has_selected_for_itself() const;
    [[nodiscard]] bool finds_as_before() const;
    [[nodiscard]] bool has_failed_running() const noexcept;
    [[nodiscard]] bool has_failed_unread() const noexcept;
    [[nodiscard]] bool may_have_found_rows() const;
    void learn_untold(bool was_open);
    void learn_untold_by_error();
    void learn_pins();
    void learn_given_back();
    void learn_tracking(const std::vector<pin_effect>& effects);
    void learn_role();
    void learn_diagnostics();
    [[nodiscard]] bool must_tell_variables() const noexcept;
    void lose_role();
    void reset_pins();
    void learn_user_variables();
    void learn_made_variables();
    void learn_from_failed_set();
    [[nodiscard]] bool has_moved_insert_id() const noexcept;
    [[nodiscard]] bool has_cleared_conditions() const;
    [[nodiscard]] bool has_cleared_with_several() const;

    [[nodiscard]] bool conditions_are_here() const noexcept {
        return session_.last.conditions_at == backend_.state;
    }

    void on_reset_connection();
    void forget_statement_of_failed_prepare();
    void end_command();
    [[nodiscard]] bool must_hold() const noexcept;
    [[nodiscard]] bool may_hold_untold() const noexcept;
    [[nodiscard]] statement_sent what_was_sent() const noexcept;
    [[nodiscard]] connection_tie what_is_lost() const noexcept;
    [[nodiscard]] statement_effect effect_now() const noexcept;
    [[nodiscard]] retry_outcome outcome_of(statement_answer answer) const noexcept;
    [[nodiscard]] response_relay::withheld_errors withheld_errors() const noexcept;
    [[nodiscard]] bool is_lost_with_connection() const noexcept;

    /// What the open transaction has done so far.
    struct transaction_record {
        explicit transaction_record(transaction_log begun) : log(std::move(begun)) {}

        transaction_log log;
        std::optional<logged_command> under_way;
        bool keeps_whole = false;            ///< it could be run again behind those before it
        running_sum sum;                     ///< of the answer to it
        prepared_statements::closed closed;  ///< since they were run
    };

    /// The open transaction is being run again.
    struct transaction_replay {
        command_plan interrupted;  ///< comes once the transaction stands as it stood
        protocol::wire::bytes_view payload{};
        std::vector<std::byte> types;   ///< of its parameters, as bound before it
        std::size_t next = 0;           ///< of the log's commands
        std::vector<std::byte> packet;  ///< of that one
        bool moves = false;             ///< from a replica to the primary: only what it has read

        /// How the client has a statement that is run as it was then.
        struct form {
            std::vector<std::byte> types;
            std::uint64_t columns = 0;
            parameter_binding binding;
        };

        std::map<std::uint32_t, form> former;  ///< by the client's ids
    };

    const environment& world_;
    session session_;
    protocol::wire::receive_buffer received_;  ///< from the client
    protocol::wire::send_buffer out_;          ///< what we compose, for either side
    protocol::mysql::packet_reader reader_;
    command_plan plan_;
    backend_preparation preparation_;
    response_relay relay_;
    upload upload_;
    time_point now_{};          ///< of the client's last bytes
    leased_backend backend_{};  ///< null state: nothing is leased
    /// The held connection, while a command runs where a cursor is; null: none is set aside.
    backend_state* aside_ = nullptr;
    protocol::wire::bytes_view
        payload_{};                 ///< of the command; valid until the client's buffer moves
    std::size_t command_size_ = 0;  ///< bytes of the command in `received_`, headers included
    std::size_t taken_ = 0;  ///< bytes of the source buffer that the current write will have taken
    std::uint8_t answer_sequence_ = 1;  ///< number of the first frame of an answer of our own
    bool answer_complete_ = false;
    local_error pending_error_;
    std::vector<std::byte> before_error_;  ///< the start of an answer that ends with pending_error_
    failure close_reason_{};
    std::unique_ptr<transaction_record> record_;
    std::unique_ptr<transaction_replay> replay_;
    std::unique_ptr<lost_commit> lost_;               ///< while its outcome is being found out
    std::unique_ptr<route_explanation> explanation_;  ///< of an EXPLAIN ROUTE under way
    std::uint64_t commands_ended_ = 0;
    std::uint64_t login_changes_ = 0;
    protocol::mysql::command last_command_ = protocol::mysql::command::sleep;
    stage stage_ = stage::waiting;
    after_release after_release_ = after_release::next_command;
    bool upload_follows_ = false;
    fetched fetches_ = fetched::nothing;  ///< before the command
    bool is_taking_back_ = false;         ///< acquires `aside_` again
    bool ended_quietly_ = false;          ///< is_backend_quiet() as of the session's end
};

}  // namespace weir::splitter
