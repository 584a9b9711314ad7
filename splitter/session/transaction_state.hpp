#pragma once

#include "protocol/mysql/status_flags.hpp"

namespace weir::splitter {

/// Where a session's transaction stands, as the server's status flags of its last answer say. Never
/// guessed from SQL: implicit commits, AND CHAIN and completion_type all show in the flags. Plain
/// value.
struct transaction_state {
    bool open = false;       ///< SERVER_STATUS_IN_TRANS
    bool read_only = false;  ///< SERVER_STATUS_IN_TRANS_READONLY
    bool autocommit = true;  ///< SERVER_STATUS_AUTOCOMMIT of the primary's connection
    bool untold = false;  ///< autocommit is off, and a savepoint or a lock on a table may be there
                          ///< that no flag tells of

    /// A read-only one could not go on at the primary: the next one begins there.
    bool begins_on_primary = false;

    bool began_with_autocommit = true;  ///< what its servers give to a new session

    void on_login(protocol::mysql::status_set status) noexcept {
        on_status(status);
        began_with_autocommit = autocommit;
    }

    /// Its connection is gone.
    void on_lost() noexcept {
        open = false;
        read_only = false;
    }

    /// COM_RESET_CONNECTION, while there is no transaction.
    void start_over() noexcept {
        autocommit = began_with_autocommit;
        untold = false;
        begins_on_primary = false;
    }

    /// Takes over the flags of a finished response.
    void on_status(protocol::mysql::status_set status) noexcept {
        open = status.has(protocol::mysql::status_flag::in_transaction);
        read_only = status.has(protocol::mysql::status_flag::in_transaction_read_only);
        autocommit = status.has(protocol::mysql::status_flag::autocommit);
    }

    /// As on_status takes it.
    [[nodiscard]] protocol::mysql::status_set status() const noexcept {
        using protocol::mysql::status_flag;
        protocol::mysql::status_set flags;
        if (open) flags = flags.with(status_flag::in_transaction);
        if (read_only) flags = flags.with(status_flag::in_transaction_read_only);
        return autocommit ? flags.with(status_flag::autocommit) : flags;
    }

    friend bool operator==(const transaction_state&, const transaction_state&) = default;
};

}  // namespace weir::splitter
