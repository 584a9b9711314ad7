#pragma once

#include "protocol/mysql/capabilities.hpp"
#include "protocol/mysql/gtid_set.hpp"
#include "protocol/mysql/server_errc.hpp"
#include "protocol/mysql/status_flags.hpp"
#include "protocol/wire/send_buffer.hpp"

#include <cstdint>
#include <string>

namespace weir::splitter {

/// An error that we answer ourselves.
struct local_error {
    protocol::mysql::server_errc code = protocol::mysql::server_errc::unknown_error;
    std::string message;
};

/// A message as the flavor ends its sentences: MySQL by a full stop, MariaDB by nothing.
[[nodiscard]] std::string ended(protocol::mysql::server_flavor flavor, std::string message);

/// As packets count them: 65,535 at most.
[[nodiscard]] std::uint16_t counted(std::uint32_t warnings) noexcept;

/// Appends an ERR packet with this sequence number.
void append_error(
    protocol::wire::send_buffer& out, std::uint8_t sequence, const local_error& error
);

/// Appends an OK packet without effects, as the answer to a ping is. Counts at most 65,535
/// `warnings`.
void append_ok(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    protocol::mysql::status_set status,
    protocol::mysql::capability_set client,
    std::uint32_t warnings = 0
);

/// Appends what ends a COM_SET_OPTION in place of an OK: an EOF, or the OK that stands for it.
void append_end(
    protocol::wire::send_buffer& out,
    std::uint8_t sequence,
    protocol::mysql::status_set status,
    protocol::mysql::capability_set client,
    std::uint32_t warnings
);

}  // namespace weir::splitter
