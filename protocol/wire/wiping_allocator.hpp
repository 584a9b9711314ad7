#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

namespace weir::protocol::wire {

/// Overwrites memory before it gives it back to `Upstream`, also what a growing container leaves
/// behind. For what may hold a password.
template <class Value, class Upstream = std::allocator<Value>>
class wiping_allocator {
public:
    using value_type = Value;

    template <class Other>
    struct rebind {
        using other = wiping_allocator<
            Other,
            typename std::allocator_traits<Upstream>::template rebind_alloc<Other>>;
    };

    wiping_allocator() noexcept = default;

    template <class Other, class OtherUpstream>
    explicit wiping_allocator(const wiping_allocator<Other, OtherUpstream>& /*other*/) noexcept {}

    [[nodiscard]] Value* allocate(std::size_t count) { return Upstream().allocate(count); }

    void deallocate(Value* memory, std::size_t count) noexcept {
        ::explicit_bzero(memory, count * sizeof(Value));
        Upstream().deallocate(memory, count);
    }

    friend bool operator==(const wiping_allocator&, const wiping_allocator&) noexcept {
        return true;
    }
};

using wiped_bytes = std::vector<std::byte, wiping_allocator<std::byte>>;

}  // namespace weir::protocol::wire
