#pragma once

#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/wiping_allocator.hpp"

#include <cstddef>
#include <span>

namespace weir::protocol::wire {

/// Bytes we compose ourselves, flushed in one write. Owned by the session that writes them; logins
/// put passwords in it, so that memory is wiped when it goes. Views are valid until the next
/// append, extend, clear or release.
class send_buffer {
public:
    void append(bytes_view bytes);

    /// Adds `count` zero bytes and returns them for writing.
    [[nodiscard]] std::span<std::byte> extend(std::size_t count);

    [[nodiscard]] bytes_view view() const noexcept { return std::span<const std::byte>(bytes_); }

    [[nodiscard]] std::span<std::byte> mutable_view() noexcept { return bytes_; }

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

    /// Shortens to `count` bytes, which must not be above size().
    void truncate(std::size_t count);

    /// Empties; keeps the memory if it is small (at most 16 KiB), frees it otherwise.
    void clear() noexcept;

    /// Empties and frees the memory: an idle session holds no buffer.
    void release() noexcept;

    [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.capacity(); }

private:
    wiped_bytes bytes_;
};

}  // namespace weir::protocol::wire
