#include "protocol/wire/send_buffer.hpp"

#include <cassert>

namespace weir::protocol::wire {
namespace {

constexpr std::size_t kept_capacity_max = 16U << 10U;

}  // namespace

void send_buffer::append(bytes_view bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::span<std::byte> send_buffer::extend(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return std::span(bytes_).last(count);
}

void send_buffer::truncate(std::size_t count) {
    assert(count <= bytes_.size());
    bytes_.resize(count);
}

void send_buffer::clear() noexcept {
    bytes_.clear();
    if (bytes_.capacity() > kept_capacity_max) release();
}

void send_buffer::release() noexcept {
    wiped_bytes().swap(bytes_);
}

}  // namespace weir::protocol::wire
