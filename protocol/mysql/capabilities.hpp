#pragma once

#include <cstdint>
#include <initializer_list>

namespace weir::protocol::mysql {

/// CLIENT_* flags: what one side of a connection can do. Bits 0 to 31 are MySQL's (of MySQL 9.7);
/// bits 32 and up are MariaDB's extended capabilities, which travel in bytes that MySQL leaves
/// zero. Source: MySQL "Capabilities Flags"; MariaDB knowledge base "Connection", "Capabilities".
enum class capability : std::uint64_t {
    /// CLIENT_LONG_PASSWORD. MariaDB calls the bit CLIENT_MYSQL and leaves it out of its greeting:
    /// its absence there
    /// says that extended capabilities follow.
    long_password = 1ULL << 0,
    found_rows = 1ULL << 1,
    long_flag = 1ULL << 2,
    connect_with_db = 1ULL << 3,
    no_schema = 1ULL << 4,
    compress = 1ULL << 5,
    odbc = 1ULL << 6,
    local_files = 1ULL << 7,
    ignore_space = 1ULL << 8,
    protocol_41 = 1ULL << 9,
    interactive = 1ULL << 10,
    ssl = 1ULL << 11,
    ignore_sigpipe = 1ULL << 12,
    transactions = 1ULL << 13,
    reserved = 1ULL << 14,
    secure_connection = 1ULL << 15,  ///< CLIENT_RESERVED2: a response of 20 bytes, not the old hash
    multi_statements = 1ULL << 16,
    multi_results = 1ULL << 17,
    ps_multi_results = 1ULL << 18,
    plugin_auth = 1ULL << 19,
    connect_attrs = 1ULL << 20,
    plugin_auth_lenenc_data = 1ULL << 21,
    can_handle_expired_passwords = 1ULL << 22,
    session_track = 1ULL << 23,
    deprecate_eof = 1ULL << 24,
    optional_resultset_metadata = 1ULL << 25,
    zstd_compression = 1ULL << 26,
    query_attributes = 1ULL << 27,
    multi_factor_authentication = 1ULL << 28,
    capability_extension = 1ULL << 29,
    ssl_verify_server_cert = 1ULL << 30,
    remember_options = 1ULL << 31,

    progress = 1ULL << 32,
    com_multi = 1ULL << 33,
    stmt_bulk_operations = 1ULL << 34,
    extended_metadata = 1ULL << 35,
    cache_metadata = 1ULL << 36,
    bulk_unit_results = 1ULL << 37,
};

/// A set of capabilities. A plain value.
class capability_set {
public:
    constexpr capability_set() noexcept = default;

    constexpr explicit capability_set(std::uint64_t value) noexcept : value_(value) {}

    constexpr capability_set(std::initializer_list<capability> flags) noexcept {
        for (const capability flag : flags) {
            value_ |= static_cast<std::uint64_t>(flag);
        }
    }

    [[nodiscard]] constexpr bool has(capability flag) const noexcept {
        return (value_ & static_cast<std::uint64_t>(flag)) != 0;
    }

    [[nodiscard]] constexpr capability_set with(capability flag) const noexcept {
        return capability_set(value_ | static_cast<std::uint64_t>(flag));
    }

    [[nodiscard]] constexpr capability_set without(capability flag) const noexcept {
        return capability_set(value_ & ~static_cast<std::uint64_t>(flag));
    }

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

    /// The lower 32 bits: MySQL's.
    [[nodiscard]] constexpr std::uint32_t base() const noexcept {
        return static_cast<std::uint32_t>(value_ & 0xFFFFFFFFU);
    }

    /// The upper 32 bits: MariaDB's.
    [[nodiscard]] constexpr std::uint32_t extended() const noexcept {
        return static_cast<std::uint32_t>(value_ >> 32U);
    }

    friend constexpr capability_set operator&(capability_set left, capability_set right) noexcept {
        return capability_set(left.value_ & right.value_);
    }

    friend constexpr capability_set operator|(capability_set left, capability_set right) noexcept {
        return capability_set(left.value_ | right.value_);
    }

    friend constexpr bool operator==(capability_set, capability_set) noexcept = default;

private:
    std::uint64_t value_ = 0;
};

}  // namespace weir::protocol::mysql
