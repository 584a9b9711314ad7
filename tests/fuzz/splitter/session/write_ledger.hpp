#pragma once

#include "splitter/relay/session_core.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

#include <cstddef>
#include <utility>

namespace weir::fuzz {

/// Knows which command of the client is under way, and that one which may write is not sent twice.
class write_ledger {
public:
    /// The client is asked for its next command: what then lies in its buffer is another one.
    void on_waiting() noexcept { ++waits_; }

    /// True if another command than at the last call is under way.
    [[nodiscard]] bool is_new(const splitter::session_core& core) {
        if (core.command_payload().data() == nullptr) return false;  // none is
        const identity now{waits_, core.command_payload().data()};
        if (std::exchange(current_, now) == now) return false;
        was_sent_ = false;
        return true;
    }

    /// The command under way has gone to a server, all of it.
    void on_sent_whole(const splitter::session_core& core) {
        if (!core.plan().may_write) return;
        require(!was_sent_);
        was_sent_ = true;
    }

    /// Nothing of it is left.
    void on_rolled_back() noexcept { was_sent_ = false; }

private:
    /// Commands that came together lie at different places.
    using identity = std::pair<std::size_t, const std::byte*>;

    std::size_t waits_ = 0;
    identity current_{};
    bool was_sent_ = false;
};

}  // namespace weir::fuzz
