#include "config/loader/addresses.hpp"
#include "config/loader/load_error.hpp"
#include "config/loader/suggestion.hpp"
#include "config/loader/units.hpp"
#include "config/schema/endpoint_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

/// What a value parser accepts is written and read back as the same value.
// libFuzzer fixes this name and these parameters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir::config;
    const std::string text{data, data + size};

    if (const auto time = parse_duration(text); time.ok()) {
        require(parse_duration(format_duration(time.value)).value == time.value);
    }
    if (const auto bytes = parse_size(text); bytes.ok()) {
        require(parse_size(format_size(bytes.value)).value == bytes.value);
    }
    if (const auto address = parse_endpoint(text, {.default_port = 3306}); address.ok()) {
        const auto again = parse_endpoint(to_string(address.value), {});
        require(again.ok() && again.value == address.value);
    }
    if (const auto network = parse_network(text); network.ok()) {
        require(parse_network(network.value).value == network.value);
    }
    require(in_quotes(text).size() >= 2);
    require(edit_distance(text.substr(0, 64), "address") <= 64 + 7);
    return 0;
}
