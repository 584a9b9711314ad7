#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::splitter {

/// Follows a file that a client sends for LOAD DATA LOCAL INFILE: packets of data in any number,
/// then an empty one. Bytes pass in pieces of any size. Source: MySQL "LOCAL INFILE Data". Thread:
/// its session's worker.
class upload {
public:
    void start() noexcept { *this = {}; }

    struct progress {
        std::size_t forward =
            0;  ///< leading bytes to pass on; the rest must be presented again with more appended
        bool complete = false;  ///< the empty packet is among them
    };

    [[nodiscard]] progress advance(protocol::wire::bytes_view pending) noexcept;

    /// Number of the client's last frame: the server's answer goes on from there.
    [[nodiscard]] std::uint8_t last_sequence() const noexcept { return last_sequence_; }

private:
    std::uint8_t last_sequence_ = 0;
    std::size_t frame_left_ = 0;  ///< bytes of the open frame still to come
    bool continues_ = false;      ///< the next frame belongs to the packet before it
};

}  // namespace weir::splitter
