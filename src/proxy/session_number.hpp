#pragma once

#include <cstdint>
#include <optional>

namespace weir::proxy {

/// The connection ids that clients are told in the greeting, and name in a KILL. An id tells the
/// worker whose session it is. Ids are far above those that servers give out (they count from 1),
/// so that a KILL of a number from SHOW PROCESSLIST means nobody here, and below 2^31, because some
/// client libraries keep them signed.
struct session_number {
    static constexpr unsigned worker_shift = 23;
    static constexpr std::uint32_t counter_mask = (1U << worker_shift) - 1;
    static constexpr std::uint32_t workers_max = 255;

    /// `counter` may be any number; its low 23 bits count.
    [[nodiscard]] static constexpr std::uint32_t make(
        std::uint8_t worker, std::uint32_t counter
    ) noexcept {
        return ((workers_max - worker) << worker_shift) | (counter & counter_mask);
    }

    /// The index of the worker that may have given out this id; nothing: none can have.
    [[nodiscard]] static constexpr std::optional<std::uint8_t> worker_of(std::uint32_t id
    ) noexcept {
        const std::uint32_t high = id >> worker_shift;
        if (high == 0 || high > workers_max) return std::nullopt;
        return static_cast<std::uint8_t>(workers_max - high);
    }
};

}  // namespace weir::proxy
