#include "protocol/proxy_protocol/header.hpp"

#include "tests/fuzz/protocol/fuzz_support.hpp"

namespace proxy_protocol = weir::protocol::proxy_protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = weir::fuzz::input(data, size);
    const auto first = proxy_protocol::decode(bytes);
    if (!first || !*first) return 0;
    weir::fuzz::require((*first)->size <= bytes.size());
    weir::protocol::wire::send_buffer out;
    proxy_protocol::encode((*first)->value, out);
    const auto second = proxy_protocol::decode(out.view());
    weir::fuzz::require(second && *second && (*second)->value == (*first)->value);
    return 0;
}
