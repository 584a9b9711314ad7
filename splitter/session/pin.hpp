#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::splitter {

/// What lives on one connection only, so that a session has to stay there while it is there.
enum class pin_cause : std::uint8_t {
    temporary_table,
    user_variable,  ///< with a value that only its connection knows
    named_lock,     ///< GET_LOCK
    table_lock,     ///< LOCK TABLES, FLUSH TABLES WITH READ LOCK and the like
    backup_lock,    ///< LOCK INSTANCE FOR BACKUP, BACKUP STAGE, BACKUP LOCK
    handler,
    sql_prepare,          ///< PREPARE in SQL
    xa,                   ///< until it is prepared, committed or rolled back
    connection_variable,  ///< timestamp, insert_id, sql_log_bin, ...
    session_status,       ///< FLUSH STATUS: the counters of SHOW SESSION STATUS begin at 0
    role,
    character_set,       ///< SET CHARACTER SET, whose collation is not told
    replication_client,  ///< COM_REGISTER_SLAVE
    untracked_state,     ///< set on a server that does not tell what is set
    routine,             ///< what a stored routine or a trigger has left there
    not_understood,      ///< a text that may do any of these
};

inline constexpr std::size_t pin_causes = static_cast<std::size_t>(pin_cause::not_understood) + 1;

/// "temporary table", ... for people.
[[nodiscard]] std::string_view name_of(pin_cause cause) noexcept;

/// Why a session stays on its connection. Each cause ends by itself: the session is free when none
/// is left. Plain value.
class pins {
public:
    struct held {
        pin_cause cause = pin_cause::not_understood;
        std::string name;         ///< of the table, the lock, ..., lower case; empty: it has none
        std::uint32_t times = 1;  ///< must be given up so often
        std::string statement;    ///< that did it, cut to `statement_max`
    };

    static constexpr std::size_t statement_max = 200;

    [[nodiscard]] bool is_set() const noexcept { return !held_.empty(); }

    [[nodiscard]] bool has(pin_cause cause) const noexcept;

    /// What was there first; meaningless while nothing is.
    [[nodiscard]] pin_cause reason() const noexcept { return held_.front().cause; }

    [[nodiscard]] const std::vector<held>& all() const noexcept { return held_; }

    void add(pin_cause cause, std::string_view name = {}, std::string_view statement = {});

    /// The same, if nothing of that name is held.
    void add_once(pin_cause cause, std::string_view name = {}, std::string_view statement = {});

    void remove(pin_cause cause, std::string_view name = {});
    void remove_all(pin_cause cause);

    void clear() noexcept { held_.clear(); }

private:
    [[nodiscard]] std::vector<held>::iterator find(pin_cause cause, std::string_view name);

    std::vector<held> held_;
};

}  // namespace weir::splitter
