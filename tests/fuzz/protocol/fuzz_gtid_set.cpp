#include "protocol/mysql/gtid_set.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

using weir::protocol::mysql::gtid_set;
using weir::protocol::mysql::server_flavor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = weir::protocol::wire::as_text(weir::fuzz::input(data, size));
    for (const auto flavor : {server_flavor::mysql, server_flavor::mariadb}) {
        const auto first = gtid_set::parse(text, flavor);
        if (!first) continue;
        const auto second = gtid_set::parse(first->to_string(), flavor);
        weir::fuzz::require(second && *second == *first);
        weir::fuzz::require(first->contains(*first));
        gtid_set merged = *first;
        merged.merge(*first);
        weir::fuzz::require(merged == *first);
    }
    return 0;
}
