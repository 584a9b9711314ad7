#pragma once

#include <unistd.h>

#include <utility>

namespace weir::net {

/// Owns a file descriptor of the kernel and closes it. Threads: none of its own; may be moved to
/// another thread.
class unique_descriptor {
public:
    unique_descriptor() noexcept = default;

    explicit unique_descriptor(int native) noexcept : native_(native) {}

    unique_descriptor(unique_descriptor&& other) noexcept : native_(other.release()) {}

    unique_descriptor& operator=(unique_descriptor&& other) noexcept {
        unique_descriptor taken(std::move(other));
        std::swap(native_, taken.native_);
        return *this;
    }

    unique_descriptor(const unique_descriptor&) = delete;
    unique_descriptor& operator=(const unique_descriptor&) = delete;

    ~unique_descriptor() { reset(); }

    /// -1: none.
    [[nodiscard]] int get() const noexcept { return native_; }

    [[nodiscard]] bool is_open() const noexcept { return native_ >= 0; }

    [[nodiscard]] int release() noexcept { return std::exchange(native_, -1); }

    void reset() noexcept {
        // Linux frees the number even if close() reports EINTR: a second close could hit somebody
        // else's descriptor.
        if (native_ >= 0) ::close(std::exchange(native_, -1));
    }

private:
    int native_ = -1;
};

}  // namespace weir::net
