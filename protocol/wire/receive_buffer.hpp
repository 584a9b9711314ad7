#pragma once

#include "protocol/wire/bytes_view.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace weir::protocol::wire {

/// One contiguous block: consumed | pending | free. Allocates on first use and never shrinks while
/// it is held, so that a session that is idle calls release() and holds nothing. Views and spans
/// are valid until the next prepare(), release() or move. Owned by one session or backend
/// connection; thread: its worker's.
class receive_buffer {
public:
    receive_buffer() noexcept = default;
    receive_buffer(receive_buffer&& other) noexcept;
    receive_buffer& operator=(receive_buffer&& other) noexcept;
    receive_buffer(const receive_buffer&) = delete;
    receive_buffer& operator=(const receive_buffer&) = delete;
    ~receive_buffer() = default;

    /// All of the free area, made at least `at_least` bytes long by moving pending bytes to the
    /// front or by growing. Limits are the caller's: ask for no more than a packet may have.
    [[nodiscard]] std::span<std::byte> prepare(std::size_t at_least);

    /// The first `count` bytes of the free area were filled. `count` must not be above what
    /// prepare() returned.
    void commit(std::size_t count);

    [[nodiscard]] bytes_view pending() const noexcept;
    [[nodiscard]] std::span<std::byte> pending_mutable() noexcept;

    /// The first `count` pending bytes are done with. `count` must not be above pending().size().
    void consume(std::size_t count);

    [[nodiscard]] bool empty() const noexcept { return first_ == last_; }

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

    /// Frees the block; requires empty().
    void release() noexcept;

private:
    std::unique_ptr<std::byte[]> block_;  // an array without the zeroing that a vector does
    std::size_t capacity_ = 0;
    std::size_t first_ = 0;  ///< offset of the first pending byte
    std::size_t last_ = 0;   ///< offset behind the last pending byte
};

}  // namespace weir::protocol::wire
