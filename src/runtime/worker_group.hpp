#pragma once

#include "src/runtime/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace weir::runtime {

enum class worker_pinning : std::uint8_t { none, one_core_each };

/// The workers of a process, started and ended together. Thread: the one that supervises, except
/// for `post` calls on a worker.
class worker_group {
public:
    /// `count`: 1..255. The factory is called once in each worker's thread; it tells workers apart
    /// by `worker::index()`.
    worker_group(
        std::size_t count,
        worker_pinning pinning,
        const worker_content_factory& factory,
        logger& log
    );

    void start();
    void drain();
    void stop();
    /// Returns when every worker's thread has ended.
    void join();

    [[nodiscard]] std::size_t size() const noexcept { return workers_.size(); }

    [[nodiscard]] worker& at(std::size_t index) { return *workers_.at(index); }

    /// Runs a copy of `action` in every worker's thread.
    template <class Action>
    void post_to_all(const Action& action) {
        for (const auto& each : workers_)
            each->post(action);
    }

private:
    std::vector<std::unique_ptr<worker>> workers_;
};

}  // namespace weir::runtime
