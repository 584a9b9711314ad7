#pragma once

#include "replication_monitor/model/server_id.hpp"
#include "splitter/relay/local_answer.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace weir::proxy {

class backend_budget;

/// What clients are told when no place was free for as long as they may wait.
[[nodiscard]] splitter::local_error too_many_backends();

/// The right to one connection to a server. Given back when it goes. Thread: its connection's.
class backend_place {
public:
    backend_place() noexcept = default;
    backend_place(backend_place&& other) noexcept;
    backend_place& operator=(backend_place&& other) noexcept;
    backend_place(const backend_place&) = delete;
    backend_place& operator=(const backend_place&) = delete;

    ~backend_place() { give_back(); }

    /// Idempotent.
    void give_back() noexcept;

private:
    friend class backend_budget;

    backend_place(backend_budget& budget, replication_monitor::server_id server) noexcept
        : budget_(&budget), server_(server) {}

    backend_budget* budget_ = nullptr;  ///< null: nothing to give back
    replication_monitor::server_id server_;
};

/// How many connections the process has to each server, against limits.backends_per_server. One per
/// process; touched when a connection is made or closed, never by a statement. Threads: any.
class backend_budget {
public:
    static constexpr std::size_t servers_max = 256;

    /// A place at the server; nothing: `limit` are taken. Then `on_freed` will be called once one
    /// is given back. A limit of 0 is none; places are counted all the same, so that a limit that
    /// comes later finds the right number.
    [[nodiscard]] std::optional<backend_place> try_take(
        replication_monitor::server_id server, std::uint32_t limit
    ) noexcept;

    [[nodiscard]] std::uint32_t taken(replication_monitor::server_id server) const noexcept;

    /// A place that somebody asked for in vain is free again. Called in the thread that gave it
    /// back, in the middle of its work: it is to post, not to act. Set before places are taken.
    std::function<void()> on_freed;

private:
    friend class backend_place;

    struct per_server {
        std::atomic<std::uint32_t> taken{0};
        std::atomic<bool> is_wanted{false};  ///< somebody was refused since the last announcement
    };

    [[nodiscard]] static bool try_count(per_server& server, std::uint32_t limit) noexcept;
    [[nodiscard]] per_server& at(replication_monitor::server_id server) noexcept;
    void give_back(replication_monitor::server_id server) noexcept;

    std::array<per_server, servers_max> servers_;
};

}  // namespace weir::proxy
