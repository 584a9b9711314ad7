#pragma once

#include <string_view>

namespace weir::splitter {

/// Why a session stays on one backend connection until it ends. The first reason is kept: later
/// ones change nothing.
class pin {
public:
    [[nodiscard]] bool is_set() const noexcept { return !reason_.empty(); }

    /// Static text for people, "user variable"; empty while not pinned.
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    /// `reason` has static storage.
    void set(std::string_view reason) noexcept {
        if (reason_.empty()) reason_ = reason;
    }

    void clear() noexcept { reason_ = {}; }

private:
    std::string_view reason_{};
};

}  // namespace weir::splitter
