#pragma once

#include "protocol/mysql/messages/session_track.hpp"
#include "protocol/mysql/response_tracker.hpp"
#include "protocol/mysql/response_translator.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/send_buffer.hpp"
#include "splitter/relay/command_plan.hpp"
#include "splitter/session/backend_state.hpp"
#include "splitter/session/session.hpp"
#include "splitter/sql/set_for_statement.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What a finished response has said about the session.
struct response_facts {
    protocol::mysql::status_set status;  ///< of the last OK or EOF; meaningless unless has_status
    bool has_status = false;
    bool reports_gtids =
        false;  ///< the last packet could have carried a GTID: none there means none written
    bool has_gtid = false;
    bool results_charset_changed = false;       ///< the same
    bool connection_charset_changed = false;    ///< and if its collation was not reported with it,
    bool connection_collation_changed = false;  ///< only the statement says which one it is
    bool tells_schema = false;                  ///< which one is the current one now
    bool tells_changes = false;         ///< an OK has, so that its server has told all that it had
    bool tells_given_back = false;      ///< the client has been told of session::given_back
    bool state_flagged = false;         ///< an EOF says so, which cannot say what
    bool state_changed = false;         ///< something has, user variables and the like included
    std::string connection_variable{};  ///< set, and cannot be set elsewhere; empty: none
    bool gave_rows = false;             ///< a result with rows, or with none of them, has ended
    bool ended_with_rows = false;    ///< the last packet ended rows; not meaningful after an error
    std::uint16_t error = 0;         ///< number of the ERR that ended it; 0: none
    std::string error_text{};        ///< of what is no statement: COM_INIT_DB
    bool long_data_refused = false;  ///< is what the ERR says: more than the server takes
    bool server_is_read_only = false;  ///< is what the ERR says: the server refuses all writes
    std::uint16_t warnings = 0;        ///< as the last OK or EOF says
    std::uint16_t columns = 0;         ///< as the answer to a prepare says
    std::uint64_t affected_rows = 0;   ///< as the last OK says
    std::uint64_t insert_id = 0;       ///< as any OK says
    /// By a MySQL UPDATE, as the text of the last OK says: not only those that it has changed.
    std::optional<std::uint64_t> matched_rows{};
};

/// Passes one response from a backend to the client: in the buffer it arrived in where possible,
/// rewritten where the client speaks less or another form. Learns on the way what the session has
/// become. Owned by a session_core.
class response_relay {
public:
    struct step {
        enum class kind : std::uint8_t {
            more_bytes,  ///< pass on `bytes`, then read on
            complete,    ///< pass on `bytes`, the response is over
            upload,      ///< pass on `bytes`, then the client sends a file
            withheld,    ///< nothing was passed on; an error that the client is not to see: `error`
            read_only_server,  ///< nothing was passed on; refused for a reason of the replica's
                               ///< own, in a transaction where the primary refuses it for its own
        };
        kind what = kind::more_bytes;
        protocol::wire::bytes_view
            bytes{};  ///< for the client; valid until the next call or until `received` moves
        std::size_t consumed = 0;  ///< pending bytes done with once `bytes` are written
        std::size_t request = 0;   ///< upload: the last bytes of `bytes` that ask for the file
        statement_answer error = statement_answer::none;  ///< withheld: what it means
    };

    /// Errors in place of an answer that the client is not to see: the statement is run again.
    struct withheld_errors {
        bool farewell = false;
        bool unheard = false;
        bool replicas_own = false;
    };

    void start(
        const command_plan& plan,
        const session& session,
        const backend_state& backend,
        withheld_errors withheld
    );

    /// `pending`: what arrived from the backend and was not consumed yet. `out` is scratch for
    /// rewritten packets. Errors: as response_tracker.
    [[nodiscard]] result<step> advance(
        std::span<std::byte> pending,
        session& session,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );

    /// The client has sent its file, up to a frame of this number; the answer goes on behind it.
    void on_file_sent(std::uint8_t client_sequence) noexcept;

    [[nodiscard]] const response_facts& facts() const noexcept { return facts_; }

    /// What the statement sets for itself, by a SET STATEMENT; null: it is none.
    [[nodiscard]] const set_for_statement* set_for_itself() const noexcept {
        return for_itself_.get();
    }

    [[nodiscard]] bool passed_any() const noexcept { return passed_any_; }

    [[nodiscard]] std::uint8_t last_sequence() const noexcept;
    [[nodiscard]] std::uint64_t rows() const noexcept;

    /// What a server answered to a prepare: its id and the number of parameters.
    [[nodiscard]] const backend_state::prepared& prepared() const noexcept { return prepared_; }

private:
    [[nodiscard]] result<step> advance_tracked(
        std::span<std::byte> pending,
        session& session,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );
    /// Gives the packet at the end of `forwarded` the form its client expects: in place, or behind
    /// what precedes it in `out`. `copied`: how many of the bytes are in `out` already.
    [[nodiscard]] error_code adapt(
        const protocol::mysql::response_event& event,
        std::span<std::byte> forwarded,
        protocol::mysql::capability_set server,
        std::size_t& copied,
        protocol::wire::send_buffer& out
    ) const;
    /// Says at the end of the columns and of the rows whether there are as many columns as the
    /// client had of its statement before.
    void tell_columns(const protocol::mysql::response_event& event, std::span<std::byte> forwarded)
        const;
    void remember_columns() noexcept;
    void tell_transaction(
        const protocol::mysql::response_event& event, std::span<std::byte> forwarded
    ) const;
    void hide_what_was_not_asked(const session_state::asked_tracking& asked);
    void look_at_given_back(
        const command_plan& plan, const session& session, const backend_state& backend
    );
    [[nodiscard]] bool sets_what_is_told(const command_plan& plan, const session& session) const;
    [[nodiscard]] bool is_given_back(
        const protocol::mysql::session_track_entry& entry,
        const session& session,
        const backend_state& backend
    );
    [[nodiscard]] bool has_set_for_itself(std::string_view variable) const;
    void count_warnings(std::span<std::byte> pending);
    void hide_state_flag(
        const protocol::mysql::response_event& event, std::span<std::byte> forwarded
    ) const;
    /// What becomes of an error that the client is not to see, and of which nothing has been passed
    /// on; more_bytes: it is to see it.
    [[nodiscard]] step hidden_error(
        protocol::mysql::packet_role role, const step& so_far, const backend_state& backend
    ) const;
    [[nodiscard]] statement_answer withheld_error(const backend_state& backend) const;
    [[nodiscard]] result<step> advance_translated(
        std::span<std::byte> pending,
        session& session,
        const backend_state& backend,
        protocol::wire::send_buffer& out
    );
    [[nodiscard]] error_code learn(
        protocol::mysql::packet_role role,
        protocol::wire::bytes_view payload,
        session& session,
        const backend_state& backend
    );
    [[nodiscard]] error_code learn_status(
        protocol::mysql::packet_role role,
        protocol::wire::bytes_view payload,
        session& session,
        const backend_state& backend
    );
    [[nodiscard]] error_code learn_session_state(
        protocol::wire::bytes_view changes, session& session, const backend_state& backend
    );
    void learn_entry(
        const protocol::mysql::session_track_entry& entry,
        session& session,
        const backend_state& backend
    );
    [[nodiscard]] error_code learn_prepared(
        protocol::wire::bytes_view payload, const backend_state& backend
    );
    [[nodiscard]] error_code learn_parameter(
        protocol::wire::bytes_view payload, const backend_state& backend
    );

    protocol::mysql::response_tracker tracker_;
    protocol::mysql::response_translator translator_;
    response_facts facts_;
    backend_state::prepared prepared_;
    protocol::mysql::capability_set client_;
    session_state::asked_tracking asked_;
    const protocol::mysql::tracker_filter* hidden_ =
        nullptr;  ///< what the client has not asked to be told
    /// What `hidden_` is where the statement sets variables without a scope.
    std::unique_ptr<protocol::mysql::tracker_filter> own_hidden_;
    const unscoped_variables* unscoped_ = nullptr;  ///< of the statement; null: none
    bool tells_state_flag_ = false;  ///< an EOF's flag is not only about what we have asked for
    std::uint32_t client_statement_ = 0;
    /// Whose columns are told; null: the flags about them are the server's.
    prepared_statement* statement_ = nullptr;
    std::uint64_t last_columns_ = 0;        ///< of `statement_`, before this response
    std::optional<std::uint16_t> counted_;  ///< warnings that the OK is to count, not the server's
    /// How the session's transaction stands; nothing: as the connection says.
    std::optional<protocol::mysql::status_set> transaction_;
    bool translates_ = false;
    withheld_errors withheld_;
    bool in_read_only_transaction_ = false;  ///< on a replica
    /// What a SET STATEMENT sets, which is back to what it was afterwards; null: it is none.
    std::unique_ptr<set_for_statement> for_itself_;
    /// Names that the server may tell of though the statement has not changed them; null: none.
    std::unique_ptr<std::vector<std::string>> given_back_;
    /// What the client is to be told of with the next report, as it is; null: nothing.
    std::unique_ptr<std::vector<protocol::mysql::tracker_filter::variable>> untold_;
    bool keeps_error_text_ = false;
    bool passed_any_ = false;
};

}  // namespace weir::splitter
