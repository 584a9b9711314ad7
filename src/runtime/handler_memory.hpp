#pragma once

#include "protocol/wire/ensure.hpp"

#include <boost/asio/bind_allocator.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace weir::runtime {

/// A fixed slot that one pending operation's handler is built in, so that an operation on the query
/// path allocates nothing. Asio's own recycling keeps two blocks per thread, while thousands of
/// waits are pending. A second operation at the same time, or a larger handler, gets heap memory
/// and is counted. Owner: the object whose operations use it; it must outlive them. Thread: its
/// worker.
class handler_memory {
public:
    static constexpr std::size_t capacity = 128;

    template <class T>
    class typed_allocator;
    using allocator_type = typed_allocator<void>;

    handler_memory() = default;
    handler_memory(const handler_memory&) = delete;
    handler_memory& operator=(const handler_memory&) = delete;

    ~handler_memory() { WEIR_ENSURE(!in_use_); }

    /// For boost::asio::bind_allocator.
    [[nodiscard]] allocator_type allocator() noexcept;

    /// `handler` with this slot as its memory.
    template <class Handler>
    [[nodiscard]] auto bind(Handler&& handler) noexcept;

    /// How often the slot was taken or too small.
    [[nodiscard]] std::uint64_t heap_uses() const noexcept { return heap_uses_; }

private:
    void* allocate(std::size_t size) {
        if (!in_use_ && size <= capacity) {
            in_use_ = true;
            return storage_;
        }
        ++heap_uses_;
        return ::operator new(size);
    }

    void deallocate(void* memory) noexcept {
        if (memory == storage_) {
            in_use_ = false;
        } else {
            ::operator delete(memory);
        }
    }

    alignas(std::max_align_t) std::byte storage_[capacity];
    std::uint64_t heap_uses_ = 0;
    bool in_use_ = false;
};

/// What Asio sees of a handler_memory: a standard allocator.
template <class T>
class handler_memory::typed_allocator {
public:
    using value_type = T;

    explicit typed_allocator(handler_memory& memory) noexcept : memory_(&memory) {}

    template <class Other>
    // NOLINTNEXTLINE(google-explicit-constructor): containers rebind an allocator by conversion.
    typed_allocator(const typed_allocator<Other>& other) noexcept : memory_(other.memory_) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        return static_cast<T*>(memory_->allocate(sizeof(T) * count));
    }

    void deallocate(T* memory, std::size_t) noexcept { memory_->deallocate(memory); }

    template <class Other>
    friend bool operator==(
        const typed_allocator& left, const typed_allocator<Other>& right
    ) noexcept {
        return left.is_of(right);
    }

private:
    template <class Other>
    friend class typed_allocator;

    template <class Other>
    [[nodiscard]] bool is_of(const typed_allocator<Other>& other) const noexcept {
        return memory_ == other.memory_;
    }

    handler_memory* memory_;
};

/// Allocates nothing itself; only rebound.
template <>
class handler_memory::typed_allocator<void> {
public:
    using value_type = void;

    explicit typed_allocator(handler_memory& memory) noexcept : memory_(&memory) {}

    template <class Other>
    // NOLINTNEXTLINE(google-explicit-constructor): containers rebind an allocator by conversion.
    typed_allocator(const typed_allocator<Other>& other) noexcept : memory_(other.memory_) {}

    friend bool operator==(const typed_allocator&, const typed_allocator&) noexcept = default;

private:
    template <class Other>
    friend class typed_allocator;

    handler_memory* memory_;
};

inline handler_memory::allocator_type handler_memory::allocator() noexcept {
    return allocator_type(*this);
}

template <class Handler>
auto handler_memory::bind(Handler&& handler) noexcept {
    return boost::asio::bind_allocator(allocator(), std::forward<Handler>(handler));
}

}  // namespace weir::runtime
