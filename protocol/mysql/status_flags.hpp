#pragma once

#include <cstdint>
#include <initializer_list>

namespace weir::protocol::mysql {

/// SERVER_STATUS_*: the session's state as OK and EOF packets report it.
/// Source: MySQL "SERVER_STATUS_flags_enum"; MariaDB knowledge base "OK_Packet".
enum class status_flag : std::uint16_t {
    in_transaction = 1U << 0U,
    autocommit = 1U << 1U,
    more_results_exists = 1U << 3U,
    no_good_index_used = 1U << 4U,
    no_index_used = 1U << 5U,
    cursor_exists = 1U << 6U,
    last_row_sent = 1U << 7U,
    database_dropped = 1U << 8U,
    no_backslash_escapes = 1U << 9U,
    metadata_changed = 1U << 10U,
    query_was_slow = 1U << 11U,
    ps_out_params = 1U << 12U,
    in_transaction_read_only = 1U << 13U,
    session_state_changed = 1U << 14U,
    ansi_quotes = 1U << 15U,  ///< MariaDB only
};

/// A set of status flags. A plain value.
class status_set {
public:
    constexpr status_set() noexcept = default;

    constexpr explicit status_set(std::uint16_t value) noexcept : value_(value) {}

    constexpr status_set(std::initializer_list<status_flag> flags) noexcept {
        for (const status_flag flag : flags) {
            *this = with(flag);
        }
    }

    [[nodiscard]] constexpr bool has(status_flag flag) const noexcept {
        return (value_ & static_cast<std::uint16_t>(flag)) != 0;
    }

    [[nodiscard]] constexpr status_set with(status_flag flag) const noexcept {
        return status_set(static_cast<std::uint16_t>(value_ | static_cast<std::uint16_t>(flag)));
    }

    [[nodiscard]] constexpr status_set without(status_flag flag) const noexcept {
        return status_set(static_cast<std::uint16_t>(value_ & ~static_cast<std::uint16_t>(flag)));
    }

    /// These flags, but that the session's transaction stands as `other` says.
    [[nodiscard]] constexpr status_set with_transaction_of(status_set other) const noexcept {
        constexpr auto mask = static_cast<std::uint16_t>(
            static_cast<std::uint16_t>(status_flag::in_transaction) |
            static_cast<std::uint16_t>(status_flag::autocommit) |
            static_cast<std::uint16_t>(status_flag::in_transaction_read_only)
        );
        return status_set(static_cast<std::uint16_t>((value_ & ~mask) | (other.value_ & mask)));
    }

    [[nodiscard]] constexpr std::uint16_t value() const noexcept { return value_; }

    friend constexpr bool operator==(status_set, status_set) noexcept = default;

private:
    std::uint16_t value_ = 0;
};

}  // namespace weir::protocol::mysql
