#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace weir::proxy {

/// How many sessions the process has, against its limits. Touched when one begins or ends, never by
/// a statement. Threads: any.
class session_limits {
public:
    /// False: `limit` sessions are there already. True is to be followed by leave().
    [[nodiscard]] bool try_enter(std::uint32_t limit) noexcept {
        if (sessions_.fetch_add(1, std::memory_order_relaxed) < limit) return true;
        leave();
        return false;
    }

    void leave() noexcept { sessions_.fetch_sub(1, std::memory_order_relaxed); }

    /// The same for one user's sessions; a limit of 0 is none.
    [[nodiscard]] bool try_enter_user(const std::string& user, std::uint32_t limit) {
        const std::scoped_lock lock(mutex_);
        auto& count = by_user_[user];
        if (limit != 0 && count >= limit) return false;
        ++count;
        return true;
    }

    void leave_user(const std::string& user) {
        const std::scoped_lock lock(mutex_);
        const auto known = by_user_.find(user);
        if (known != by_user_.end() && --known->second == 0) by_user_.erase(known);
    }

    [[nodiscard]] std::uint32_t sessions() const noexcept {
        return sessions_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint32_t> sessions_{0};
    std::mutex mutex_;
    std::map<std::string, std::uint32_t> by_user_;
};

}  // namespace weir::proxy
