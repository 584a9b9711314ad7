#include "src/proxy/backend_budget.hpp"

#include "protocol/wire/ensure.hpp"

#include <utility>

namespace weir::proxy {

using replication_monitor::server_id;

splitter::local_error too_many_backends() {
    return {
        protocol::mysql::server_errc::too_many_connections,
        "Too many connections to the server (limits.backends_per_server)"};
}

backend_place::backend_place(backend_place&& other) noexcept
    : budget_(std::exchange(other.budget_, nullptr)), server_(other.server_) {}

backend_place& backend_place::operator=(backend_place&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    budget_ = std::exchange(other.budget_, nullptr);
    server_ = other.server_;
    return *this;
}

void backend_place::give_back() noexcept {
    if (auto* const budget = std::exchange(budget_, nullptr)) budget->give_back(server_);
}

std::optional<backend_place> backend_budget::try_take(
    server_id server, std::uint32_t limit
) noexcept {
    per_server& counted = at(server);
    if (try_count(counted, limit)) return backend_place(*this, server);
    // First the wish, then another look: a place given back in between is either seen here or
    // announced to us. Both sides use one total order of operations for that.
    counted.is_wanted.store(true);
    if (try_count(counted, limit)) return backend_place(*this, server);
    return std::nullopt;
}

bool backend_budget::try_count(per_server& server, std::uint32_t limit) noexcept {
    std::uint32_t taken = server.taken.load();
    while (limit == 0 || taken < limit) {
        if (server.taken.compare_exchange_weak(taken, taken + 1)) return true;
    }
    return false;
}

std::uint32_t backend_budget::taken(server_id server) const noexcept {
    return server.value < servers_max ? servers_[server.value].taken.load() : 0;
}

void backend_budget::give_back(server_id server) noexcept {
    per_server& counted = at(server);
    WEIR_ENSURE(counted.taken.fetch_sub(1) > 0);
    if (counted.is_wanted.load() && counted.is_wanted.exchange(false) && on_freed) on_freed();
}

backend_budget::per_server& backend_budget::at(server_id server) noexcept {
    WEIR_ENSURE(server.value < servers_max);
    return servers_[server.value];
}

}  // namespace weir::proxy
