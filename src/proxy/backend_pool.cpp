#include "src/proxy/backend_pool.hpp"

#include "splitter/relay/backend_handshake.hpp"
#include "splitter/session/session_diff.hpp"
#include "src/proxy/client_session.hpp"

#include <algorithm>
#include <limits>

namespace weir::proxy {

namespace {

/// A session that has used a connection more recently is likely to want it again: taking it away
/// would only move both between connections.
constexpr std::chrono::milliseconds likely_wanted{10};

/// The same where something would have to be asked before the connection may be taken.
constexpr std::chrono::milliseconds likely_asked_for{1'000};

/// Further ones are not looked at: the first few are as good.
constexpr std::size_t candidates_max = 16;

bool may_take(const backend_connection& connection, urgency how, backend_pool::time_point now) {
    if (how == urgency::takes_any || connection.holder == nullptr) return true;
    const auto unused = now - connection.last_used;
    return unused >= (connection.state.left.is_asked_for() ? likely_asked_for : likely_wanted);
}

std::string key_of(const splitter::login_request& who, const std::string& form) {
    return form + ' ' + std::to_string(who.collation) + ' ' + who.user;
}

/// Its session has gone, or can get another one.
bool is_replaceable(const backend_connection& connection) {
    return connection.holder == nullptr || connection.holder->can_prove_itself();
}

/// A change of user leaves COM_SET_OPTION as it is.
bool has_options_of_login(const splitter::backend_state& state) {
    return state.multi_statements ==
           state.capabilities.has(protocol::mysql::capability::multi_statements);
}

/// How much is lost if the connection changes its user; 0: nothing.
std::size_t price_of_change(const backend_connection& connection) {
    constexpr std::size_t asking = 64;
    return (connection.state.left.is_asked_for() ? asking : 0) +
           connection.state.statements.size() + (connection.has_served ? 2 : 0) +
           (connection.holder == nullptr ? 0 : 1);
}

}  // namespace

connection_class::idle_list& connection_class::idle_at(server_id server) {
    const auto known =
        std::ranges::find_if(servers_, [&](const auto& one) { return one->server == server; });
    if (known != servers_.end()) return (*known)->idle;
    servers_.push_back(std::make_unique<of_server>());
    servers_.back()->server = server;
    return servers_.back()->idle;
}

std::string backend_pool::form_of(
    const splitter::login_request& who, const std::optional<std::string>& address
) {
    constexpr protocol::mysql::capability_set all(~std::uint64_t{0});
    const auto asked_for = splitter::capabilities_for(who.capabilities, all);
    return std::to_string(asked_for.value()) + ' ' + address.value_or("*");
}

connection_class_pointer backend_pool::class_of(
    const splitter::login_request& who, const std::optional<std::string>& address
) {
    std::erase_if(classes_, [](const auto& entry) { return entry.second.expired(); });
    std::string form = form_of(who, address);
    auto& entry = classes_[key_of(who, form)];
    auto known = entry.lock();
    if (known == nullptr) {
        known = std::make_shared<connection_class>(std::move(form));
        entry = known;
    }
    return known;
}

void backend_pool::give(backend_connection& connection) {
    connection.pool_class->idle_at(connection.server).push_back(connection);
    idle_.push_back(connection);
    intrusive_ptr_add_ref(&connection);  // the lists' own
}

void backend_pool::withdraw(backend_connection& connection) {
    if (!connection.class_idle_hook::is_linked()) return;
    connection.class_idle_hook::unlink();
    connection.worker_idle_hook::unlink();
    intrusive_ptr_release(&connection);
}

backend_connection* backend_pool::find(
    connection_class& of,
    server_id server,
    const splitter::session_state& wanted,
    std::uint64_t login_epoch,
    urgency how
) {
    const time_point now = std::chrono::steady_clock::now();
    backend_connection* best = nullptr;
    std::size_t best_distance = std::numeric_limits<std::size_t>::max();
    std::size_t looked_at = 0;
    for (auto& candidate : of.idle_at(server)) {
        if (++looked_at > candidates_max || best_distance == 0) break;
        if (candidate.login_epoch < login_epoch) continue;
        if (is_out_of_reach(wanted, candidate.state) || !may_take(candidate, how, now)) continue;
        constexpr std::size_t price_of_asking = 4;
        const std::size_t price = splitter::distance(wanted, candidate.state) +
                                  (candidate.state.left.is_asked_for() ? price_of_asking : 0);
        if (price >= best_distance) continue;
        best = &candidate;
        best_distance = price;
    }
    return best;
}

backend_connection* backend_pool::oldest(server_id server, time_point unused_since) {
    const auto may_go = [&](const backend_connection& one) {
        return one.server == server && one.last_used <= unused_since && is_replaceable(one);
    };
    // What one alone knows of its last session's statement would be lost with it.
    const auto knows_nothing = std::ranges::find_if(idle_, [&](const backend_connection& one) {
        return may_go(one) && !one.state.left.is_asked_for();
    });
    const auto found =
        knows_nothing != idle_.end() ? knows_nothing : std::ranges::find_if(idle_, may_go);
    return found == idle_.end() ? nullptr : &*found;
}

backend_connection* backend_pool::find_to_change(
    const std::string& form, server_id server, time_point unused_since
) {
    constexpr std::size_t looked_at_max = 256;
    backend_connection* best = nullptr;
    std::size_t best_price = std::numeric_limits<std::size_t>::max();
    std::size_t looked_at = 0;
    for (auto& candidate : idle_) {
        if (best_price == 0 || looked_at == looked_at_max) break;
        const bool is_free = candidate.holder == nullptr || candidate.last_used <= unused_since;
        const bool fits = candidate.server == server && is_free &&
                          candidate.pool_class->form() == form &&
                          has_options_of_login(candidate.state);
        if (!fits) continue;
        ++looked_at;
        const std::size_t price = price_of_change(candidate);
        if (price >= best_price || !is_replaceable(candidate)) continue;
        best = &candidate;
        best_price = price;
    }
    return best;
}

std::vector<backend_connection_pointer> backend_pool::unused(time_point since) {
    std::vector<backend_connection_pointer> found;
    for (auto& connection : idle_) {
        if (connection.last_used > since) break;
        found.emplace_back(&connection);
    }
    return found;
}

}  // namespace weir::proxy
