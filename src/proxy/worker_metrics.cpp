#include "src/proxy/worker_metrics.hpp"

#include "protocol/wire/ensure.hpp"

namespace weir::proxy {

using protocol::mysql::command;

command_class class_of(command command) noexcept {
    if (command == command::query) return command_class::query;
    if (command == command::stmt_prepare) return command_class::prepare;
    if (command == command::stmt_execute || command == command::stmt_bulk_execute)
        return command_class::execute;
    return command_class::other;
}

server_metrics& worker_metrics::at(replication_monitor::server_id server) {
    WEIR_ENSURE(server.value < servers_max);
    auto& slot = servers_[server.value];
    if (auto* const known = slot.load(std::memory_order_relaxed)) return *known;
    // Readers in other threads see the pointer only once what it points to is whole.
    auto fresh = std::make_unique<server_metrics>();
    slot.store(fresh.get(), std::memory_order_release);
    return *fresh.release();
}

const server_metrics* worker_metrics::find(replication_monitor::server_id server) const noexcept {
    return server.value < servers_max ? servers_[server.value].load(std::memory_order_acquire)
                                      : nullptr;
}

worker_metrics::~worker_metrics() {
    for (auto& slot : servers_) {
        delete slot.load(std::memory_order_relaxed);  // an atomic owner: unique_ptr cannot be one
    }
}

}  // namespace weir::proxy
