#include "src/runtime/worker_group.hpp"

#include "protocol/wire/ensure.hpp"

#include <sched.h>

namespace weir::runtime {

namespace {

/// The cores that this process may use, in order: a container or a service manager may have taken
/// some away.
std::vector<unsigned> usable_cores() {
    std::vector<unsigned> cores;
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return cores;
    for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &allowed)) cores.push_back(core);
    }
    return cores;
}

}  // namespace

worker_group::worker_group(
    std::size_t count, worker_pinning pinning, const worker_content_factory& factory, logger& log
) {
    WEIR_ENSURE(count >= 1 && count <= 255);
    const auto cores =
        pinning == worker_pinning::one_core_each ? usable_cores() : std::vector<unsigned>();
    for (std::size_t i = 0; i < count; ++i) {
        worker_settings settings;
        settings.index = static_cast<std::uint8_t>(i);
        if (!cores.empty()) settings.core = cores[i % cores.size()];
        workers_.push_back(std::make_unique<worker>(settings, factory, log));
    }
}

void worker_group::start() {
    for (const auto& each : workers_)
        each->start();
}

void worker_group::drain() {
    for (const auto& each : workers_)
        each->drain();
}

void worker_group::stop() {
    for (const auto& each : workers_)
        each->stop();
}

void worker_group::join() {
    for (const auto& each : workers_)
        each->join();
}

}  // namespace weir::runtime
