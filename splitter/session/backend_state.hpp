#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/gtid_set.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::splitter {

/// What one backend connection really has: the counterpart of session_state. Owned by the
/// connection.
struct backend_state {
    /// A statement of the session as this connection knows it.
    struct prepared {
        std::uint32_t client_id = 0;
        std::uint32_t backend_id = 0;
        std::uint32_t types_version = 0;  ///< version of the parameter types it was told; 0: none
        std::uint16_t parameters = 0;
    };

    protocol::mysql::capability_set capabilities;  ///< as negotiated with the server
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    std::uint32_t version_number = 0;  ///< 101108, 90700
    std::uint32_t thread_id = 0;       ///< the server's id of the connection
    bool primary = false;              ///< role of its server when leased
    bool reset_needed = false;    ///< has what the session has dropped: COM_RESET_CONNECTION first
    bool tracking_asked = false;  ///< the tracking set-up has been run
    bool tracks_variables = false;  ///< reports every session variable that changes
    bool tracks_gtids = false;      ///< reports the GTID of every write
    bool has_written = false;       ///< the session has run a write here: LAST_INSERT_ID() and the
                                    ///< like are this connection's
    std::string schema;
    std::uint64_t applied_version = 0;  ///< of session_state; 0: fresh from login
    bool multi_statements = false;
    std::vector<prepared> statements;

    [[nodiscard]] bool knows_statement(std::uint32_t client_id) const {
        return std::ranges::find(statements, client_id, &prepared::client_id) != statements.end();
    }

    void forget_statement(std::uint32_t client_id) {
        std::erase_if(statements, [&](const prepared& one) { return one.client_id == client_id; });
    }

    [[nodiscard]] prepared* find_statement(std::uint32_t client_id) {
        for (auto& statement : statements) {
            if (statement.client_id == client_id) return &statement;
        }
        return nullptr;
    }
};

}  // namespace weir::splitter
