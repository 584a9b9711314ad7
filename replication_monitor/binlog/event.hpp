#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::replication_monitor::binlog {

/// Kinds of events that have a meaning here; servers write others, too.
/// Source: MySQL "Replication Protocol, Binlog Event", enum mysql::binlog::event::Log_event_type.
enum class event_type : std::uint8_t {
    query = 2,  ///< BEGIN of a transaction, or a statement that is one by itself
    stop = 3,
    rotate = 4,
    format_description = 15,
    xid = 16,
    heartbeat = 27,
    gtid = 33,
    anonymous_gtid = 34,
    previous_gtids = 35,
    transaction_payload = 40,  ///< a transaction, compressed: its BEGIN is in there
    heartbeat_v2 = 41,
    gtid_tagged = 42,
};

/// What every event begins with.
struct event_header {
    static constexpr std::size_t size = 19;
    static constexpr std::uint16_t artificial = 0x20;  ///< made for who reads, not in any file

    std::uint32_t timestamp = 0;  ///< seconds since 1970 by the server's clock; 0: artificial
    event_type type{};
    std::uint32_t server_id = 0;   ///< of the server that first wrote it
    std::uint32_t length = 0;      ///< of the event, checksum included
    std::uint32_t next_event = 0;  ///< its position in the file
    std::uint16_t flags = 0;

    friend bool operator==(const event_header&, const event_header&) = default;
};

/// An event; the body is a view of what was decoded, without its checksum. If only a part of a long
/// event is there, the body is the first part.
struct event {
    event_header header;
    protocol::wire::bytes_view body;
};

/// How events end: in a CRC32 or in nothing. A format description says it of those behind it.
enum class checksum : std::uint8_t { none, crc32 };

/// Errors: truncated; value_out_of_range for a length that cannot be.
[[nodiscard]] result<event> decode_event(protocol::wire::bytes_view bytes, checksum ends_in);

/// Begins a file, and what is sent of it.
struct format_description {
    std::uint16_t version = 0;
    std::uint32_t created = 0;  ///< 0 but in the first file since the server's start
    checksum ends_in = checksum::none;

    /// `body`: whole, with all that stands behind it, as this event tells itself how it ends.
    [[nodiscard]] static result<format_description> decode(protocol::wire::bytes_view body);
};

/// The number of the transaction that follows.
struct gtid_event {
    std::array<std::byte, 16> source{};
    std::uint64_t number = 0;

    [[nodiscard]] static result<gtid_event> decode(protocol::wire::bytes_view body);

    /// "uuid:number".
    [[nodiscard]] std::string text() const;

    friend bool operator==(const gtid_event&, const gtid_event&) = default;
};

/// Only what stands at its fixed place.
struct query_event {
    /// Of the connection that wrote it; what @@pseudo_thread_id said there.
    std::uint32_t thread_id = 0;

    [[nodiscard]] static result<query_event> decode(protocol::wire::bytes_view body);
};

/// The file that follows. A server that rotates writes one, and who reads is told one of its own at
/// the start of each file.
struct rotate_event {
    std::uint64_t position = 0;
    std::string_view file;

    [[nodiscard]] static result<rotate_event> decode(protocol::wire::bytes_view body);
};

/// All transactions in earlier files.
[[nodiscard]] result<protocol::mysql::gtid_set> decode_previous_gtids(
    protocol::wire::bytes_view body
);

}  // namespace weir::replication_monitor::binlog
