#include "replication_monitor/decision/mariadb_position.hpp"

#include <string>

namespace weir::replication_monitor {
namespace {

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Cuts the first element off a comma-separated list.
std::string_view take_element(std::string_view& list) {
    const auto end = list.find(',');
    const auto element = trim(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
    return element;
}

std::string_view domain_of(std::string_view gtid) {
    return gtid.substr(0, gtid.find('-'));
}

bool has_domain(std::string_view list, std::string_view domain) {
    while (!list.empty()) {
        if (domain_of(take_element(list)) == domain) return true;
    }
    return false;
}

/// The part of the binary log's position in domains that were never applied from a source.
std::string own_domains(const mariadb_position& position) {
    std::string own;
    auto rest = position.binlog;
    while (!rest.empty()) {
        const auto gtid = take_element(rest);
        if (gtid.empty() || has_domain(position.applied, domain_of(gtid))) continue;
        if (!own.empty()) own += ',';
        own += gtid;
    }
    return own;
}

}  // namespace

result<protocol::mysql::gtid_set> executed_set(
    const mariadb_position& position, applier_state state
) {
    using protocol::mysql::gtid_set;
    constexpr auto flavor = protocol::mysql::server_flavor::mariadb;
    auto applied = gtid_set::parse(position.applied, flavor);
    if (!applied) return applied;
    const bool applies = state == applier_state::running;
    const auto own = applies ? own_domains(position) : std::string{position.binlog};
    auto written = gtid_set::parse(own, flavor);
    if (!written) return written;
    applied->merge(*written);
    return applied;
}

}  // namespace weir::replication_monitor
