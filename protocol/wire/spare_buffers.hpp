#pragma once

#include "protocol/wire/receive_buffer.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace weir::protocol::wire {

/// Blocks that no connection needs now. An idle connection holds no block, so without these every
/// query would allocate and free two. Last in, first out: what the next reader gets is still in the
/// cache. Owner: a worker; thread: its own.
class spare_buffers {
public:
    struct limits {
        std::size_t count;       ///< more blocks than these are freed
        std::size_t block_size;  ///< larger ones too
    };

    explicit spare_buffers(limits kept) : kept_(kept) { spares_.reserve(kept.count); }

    /// Gives `to` a block, unless it has one or none is spare: then its prepare() allocates.
    void lend(receive_buffer& to) noexcept {
        if (to.capacity() != 0 || spares_.empty()) return;
        to = std::move(spares_.back());
        spares_.pop_back();
    }

    /// Takes the block of `from`, which must be empty().
    void take_back(receive_buffer& from) noexcept {
        const bool keeps = from.capacity() != 0 && from.capacity() <= kept_.block_size &&
                           spares_.size() < kept_.count;
        if (keeps) {
            spares_.push_back(std::move(from));
        } else {
            from.release();
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return spares_.size(); }

private:
    limits kept_;
    std::vector<receive_buffer> spares_;  // never grows: reserved
};

}  // namespace weir::protocol::wire
