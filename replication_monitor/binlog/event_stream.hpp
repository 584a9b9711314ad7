#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"
#include "replication_monitor/binlog/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::replication_monitor::binlog {

/// Cuts a server's answer to a dump command into events. Of an event only its first part is kept:
/// rows of any size pass through little memory. No I/O; fed by who reads the socket.
class event_stream {
public:
    /// So many bytes of an event are kept, at most.
    explicit event_stream(std::size_t kept_max = std::size_t{1} << 20U) : kept_max_(kept_max) {}

    struct step {
        enum class kind : std::uint8_t {
            more_bytes,
            event,   ///< in `found`, valid until the next call
            end,     ///< the end of the log
            refused  ///< the server's error, in `error`, valid until the next call
        };
        kind what = kind::more_bytes;
        std::size_t consumed = 0;  ///< bytes of `pending` that are done with
        event found{};
        protocol::wire::bytes_view error{};
    };

    /// Errors: malformed_packet, and those of decode_event.
    [[nodiscard]] result<step> advance(protocol::wire::bytes_view pending);

private:
    [[nodiscard]] result<step> finish_packet(step so_far);
    [[nodiscard]] result<step> finish_event(step so_far);

    std::size_t kept_max_;
    std::vector<std::byte> kept_;  ///< of the packet under way
    std::uint64_t length_ = 0;     ///< of it, as far as it has come
    std::size_t frame_left_ = 0;
    bool in_frame_ = false;
    bool frame_is_last_ = true;
    bool is_complete_ = false;  ///< `kept_` is a packet that was handed out
    checksum ends_in_ = checksum::none;
};

}  // namespace weir::replication_monitor::binlog
