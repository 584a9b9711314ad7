#pragma once

#include "splitter/session/shared_statements.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/statement_traits.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
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
    statement_traits traits;
    lexer_options reading;                  ///< how the text was read
    std::string schema;                     ///< of its names that are written without one
    std::uint64_t definitions_version = 0;  ///< known_definitions that the traits rest on
    std::uint64_t digest = 0;               ///< of the text; 0: none is wanted
    std::uint16_t parameters = 0;
    std::vector<std::byte>
        types;  ///< as last bound by the client, two bytes a parameter; empty: not yet
    const backend_state* home =
        nullptr;             ///< holds long data or an open cursor; null: any connection will do
    bool is_own = false;     ///< weir answers it itself
    bool home_lost = false;  ///< that connection has broken: what it held is gone

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
    void clear();

    /// A connection is gone, and with it what statements had there.
    void on_connection_closed(const backend_state& connection);

    /// Long data or an open cursor of `statement` is on this connection; null: nothing is.
    void settle(prepared_statement& statement, const backend_state* home);

    /// Long data or an open cursor of one of them is on some connection.
    [[nodiscard]] bool has_home() const noexcept { return homes_ > 0; }

    [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

private:
    std::map<std::uint32_t, prepared_statement> statements_;
    std::uint32_t next_id_ = 1;
    std::uint32_t newest_ = 0;
    std::size_t homes_ = 0;
};

}  // namespace weir::splitter
