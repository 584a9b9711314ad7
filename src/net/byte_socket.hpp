#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/wire/result.hpp"
#include "src/net/readiness.hpp"
#include "src/net/unique_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::net {

/// A non-blocking stream socket that remembers, from the results of its reads and writes, how a
/// wait may be done (see readiness.hpp). Owner: stream. Thread: its worker.
class byte_socket {
public:
    /// Takes over an open, non-blocking socket; the previous one is closed.
    void adopt(unique_descriptor native, config::endpoint::kind kind) noexcept;
    void close() noexcept;

    [[nodiscard]] int native() const noexcept { return native_.get(); }

    [[nodiscard]] bool is_open() const noexcept { return native_.is_open(); }

    /// Bytes read, at least 1 unless `error` is set: would_block, eof or the kernel's. `into` is
    /// not empty.
    std::size_t read_some(std::span<std::byte> into, error_code& error) noexcept;
    /// Bytes written; 0 only if `error` is set or `from` is empty. Never raises SIGPIPE.
    std::size_t write_some(std::span<const std::byte> from, error_code& error) noexcept;

    [[nodiscard]] wait_knowledge read_knowledge() const noexcept;
    [[nodiscard]] wait_knowledge write_knowledge() const noexcept;

    /// True if the peer may have stopped sending, and only that, without an event to come: see
    /// byte_socket.cpp.
    [[nodiscard]] bool may_have_missed_end() const noexcept {
        return left_ == left_to_read::nothing_unless_half_closed;
    }

private:
    /// What the last read, and a write since, taught about what is left to read.
    enum class left_to_read : std::uint8_t {
        unknown,
        nothing_unless_closed,       ///< no byte; an end or a reset that came with the last bytes
                                     ///< would not show
        nothing_unless_half_closed,  ///< no byte and no reset; a peer that has closed will reset
        nothing,                     ///< any news will be a new event
    };

    unique_descriptor native_;
    left_to_read left_ = left_to_read::unknown;
    bool short_read_is_last_ = false;  ///< TCP
    bool send_blocked_ = false;        ///< the last write took less than it was given
};

}  // namespace weir::net
