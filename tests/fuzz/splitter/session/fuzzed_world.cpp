#include "tests/fuzz/splitter/session/fuzzed_world.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::fuzz {

using protocol::mysql::capability;
using protocol::mysql::capability_set;
using protocol::mysql::server_flavor;

namespace {

constexpr capability_set everyone{
    capability::protocol_41,
    capability::transactions,
    capability::secure_connection,
    capability::multi_results};

capability_set mixture(script& input) {
    constexpr std::array optional{
        capability::deprecate_eof,
        capability::session_track,
        capability::optional_resultset_metadata,
        capability::local_files,
        capability::query_attributes,
        capability::multi_statements,
        capability::cache_metadata,
        capability::extended_metadata,
    };
    const unsigned bits = input.number();
    capability_set mixed = everyone;
    for (std::size_t at = 0; at < optional.size(); ++at) {
        if (((bits >> at) & 1U) != 0) mixed = mixed.with(optional[at]);
    }
    return mixed;
}

}  // namespace

void fuzzed_world::change(script& input) {
    constexpr std::array<std::string_view, 3> executed{
        "",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5",
        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-50"};
    now += std::chrono::milliseconds(input.number());
    constexpr std::size_t ways = 4;
    switch (input.below(ways)) {
        case 0: primary = input.below(servers); break;
        case 1:
            if (const auto set =
                    protocol::mysql::gtid_set::parse(input.one_of(executed), server_flavor::mysql))
                environment.primary_executed = *set;
            environment.primary_asked_at = now;
            environment.asks_positions = input.decide();
            environment.resolves_commits = environment.asks_positions;
            environment.position_answered = environment.positions_asked;
            break;
        case 2:
            environment.flavor = input.decide() ? server_flavor::mariadb : server_flavor::mysql;
            environment.version_number = input.decide() ? 101108 : 90700;
            break;
        default:
            environment.limits.prepared_statements = static_cast<std::uint32_t>(input.below(4));
            environment.routing.consistency = static_cast<config::consistency>(input.below(3));
            break;
    }
}

capability_set client_capabilities(script& input) {
    return mixture(input);
}

capability_set server_capabilities(script& input) {
    return mixture(input);
}

void put(protocol::wire::receive_buffer& buffer, protocol::wire::bytes_view bytes) {
    const auto free = buffer.prepare(bytes.size());
    std::ranges::copy(bytes.span(), free.begin());
    buffer.commit(bytes.size());
}

test::byte_vector take_piece(script& input, test::byte_vector& on_its_way) {
    const std::size_t wanted = input.number();
    const std::size_t size = wanted == 0 ? on_its_way.size() : std::min(wanted, on_its_way.size());
    const auto end = on_its_way.begin() + static_cast<std::ptrdiff_t>(size);
    test::byte_vector piece(on_its_way.begin(), end);
    on_its_way.erase(on_its_way.begin(), end);
    return piece;
}

}  // namespace weir::fuzz
