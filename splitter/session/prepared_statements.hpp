#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "splitter/session/long_data.hpp"
#include "splitter/session/parameter_types.hpp"
#include "splitter/session/shared_statements.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/session_scope.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::splitter {

struct backend_state;

/// One statement that the client has prepared. Its id is ours; each backend connection knows it by
/// another one.
struct prepared_statement {
    std::uint32_t id = 0;
    statement_use shared;  ///< its text is as it is sent to servers
    std::string asked;     ///< as the client prepared it, where that is something else; else empty
    /// What it sets in `asked` without a scope; null: nothing.
    std::unique_ptr<const unscoped_variables> unscoped{};
    statement_traits traits;
    lexer_options reading;                  ///< how the text was read
    bool is_plainly_written = false;        ///< command_plan's
    std::string schema;                     ///< of its names that are written without one
    std::uint64_t definitions_version = 0;  ///< known_definitions that the traits rest on
    std::uint64_t digest = 0;               ///< of the text; 0: none is wanted
    std::uint16_t parameters = 0;
    /// As the client had them last, by its prepare or a run; 0: it had none.
    std::uint64_t columns = 0;
    bool tells_columns = false;  ///< a run says by a flag that there are other columns now
    std::vector<std::byte>
        types;  ///< as last bound by the client, two bytes a parameter; empty: not yet
    std::vector<session_variable> types_under{};  ///< set of variables_of_parameters at that time
    parameter_binding binding;
    long_data data;                 ///< for its next run
    backend_state* home = nullptr;  ///< where its cursor is open; null: it has none
    bool is_own = false;            ///< weir answers it itself
    bool cursor_lost = false;       ///< with its connection
    bool data_refused = false;      ///< more came than is kept: it is not run before a reset

    [[nodiscard]] const std::string& text() const noexcept { return shared.get()->text(); }
};

/// The statements of one session by the ids that its client sees. Addresses stay until `close`.
/// Thread: its worker.
class prepared_statements {
public:
    /// The id that MariaDB's clients send for "the statement prepared last".
    static constexpr std::uint32_t last_prepared = 0xFFFFFFFF;

    prepared_statement& add(statement_use shared, const statement_traits& traits);

    /// Null for an unknown id. `last_prepared` finds the newest one that was prepared with success.
    [[nodiscard]] prepared_statement* find(std::uint32_t id);

    void close(std::uint32_t id);

    using closed = std::map<std::uint32_t, prepared_statement>;

    /// The same, but that the statement lives on in `kept`: it may have to be run once more.
    void close(std::uint32_t id, closed& kept);

    void clear();

    /// A connection is gone or reset, and with it the cursors that were open there.
    void on_cursors_lost(const backend_state& connection);

    /// A cursor of `statement` is open at `home`, which knows the statement by this id. It had
    /// none.
    void open_cursor(prepared_statement& statement, backend_state& home, std::uint32_t backend_id);

    /// The server has closed it.
    void end_cursor(prepared_statement& statement);

    /// Nobody reads it any more: its connection closes it before it is used next.
    void abandon_cursor(prepared_statement& statement);

    [[nodiscard]] bool has_cursors() const noexcept { return cursors_ > 0; }

    /// Those with an open cursor.
    [[nodiscard]] std::vector<const prepared_statement*> with_cursor() const;

    /// In the order in which they were prepared.
    [[nodiscard]] std::vector<const prepared_statement*> all() const;

    /// COM_STMT_SEND_LONG_DATA, with its headers. All statements together keep `limit` bytes.
    void keep_data(
        prepared_statement& statement, protocol::wire::bytes_view packet, std::size_t limit
    );

    /// It has been run, or reset.
    void drop_data(prepared_statement& statement);

    /// COM_STMT_RESET: its data is gone, and what was to be said of its lost cursor.
    void reset(prepared_statement& statement);

    [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

private:
    std::map<std::uint32_t, prepared_statement> statements_;
    std::uint32_t next_id_ = 1;
    std::uint32_t newest_ = 0;
    std::size_t cursors_ = 0;
    std::size_t data_size_ = 0;  ///< of what all of them keep, in bytes

    void leave_home(prepared_statement& statement);
    prepared_statement* give_up(std::uint32_t id);
};

}  // namespace weir::splitter
