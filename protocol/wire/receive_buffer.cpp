#include "protocol/wire/receive_buffer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir::protocol::wire {

receive_buffer::receive_buffer(receive_buffer&& other) noexcept
    : block_(std::move(other.block_)),
      capacity_(std::exchange(other.capacity_, 0)),
      first_(std::exchange(other.first_, 0)),
      last_(std::exchange(other.last_, 0)) {}

receive_buffer& receive_buffer::operator=(receive_buffer&& other) noexcept {
    if (this == &other) return *this;
    block_ = std::move(other.block_);
    capacity_ = std::exchange(other.capacity_, 0);
    first_ = std::exchange(other.first_, 0);
    last_ = std::exchange(other.last_, 0);
    return *this;
}

std::span<std::byte> receive_buffer::prepare(std::size_t at_least) {
    if (capacity_ - last_ < at_least) {
        const std::size_t pending_size = last_ - first_;
        if (capacity_ - pending_size >= at_least) {
            std::copy_n(block_.get() + first_, pending_size, block_.get());
        } else {
            // Doubling keeps the copying of a packet that grows piece by piece linear.
            const std::size_t wanted = pending_size + at_least;
            const std::size_t grown = capacity_ == 0 ? wanted : std::max(wanted, capacity_ * 2);
            // make_unique would zero what recv() overwrites at once.
            std::unique_ptr<std::byte[]> block(new std::byte[grown]);
            if (pending_size != 0) std::copy_n(block_.get() + first_, pending_size, block.get());
            block_ = std::move(block);
            capacity_ = grown;
        }
        first_ = 0;
        last_ = pending_size;
    }
    return {block_.get() + last_, capacity_ - last_};
}

void receive_buffer::commit(std::size_t count) {
    assert(count <= capacity_ - last_);
    last_ += count;
}

bytes_view receive_buffer::pending() const noexcept {
    return std::span<const std::byte>(block_.get() + first_, last_ - first_);
}

std::span<std::byte> receive_buffer::pending_mutable() noexcept {
    return {block_.get() + first_, last_ - first_};
}

void receive_buffer::consume(std::size_t count) {
    assert(count <= last_ - first_);
    first_ += count;
    if (first_ == last_) first_ = last_ = 0;  // the whole block is free again, without a copy
}

void receive_buffer::release() noexcept {
    assert(empty());
    block_.reset();
    capacity_ = first_ = last_ = 0;
}

}  // namespace weir::protocol::wire
