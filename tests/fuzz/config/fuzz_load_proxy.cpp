#include "config/loader/load_proxy.hpp"
#include "config/loader/settings_diff.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

/// Any text either loads or gives errors that have a place and a message; what loads differs from
/// itself in nothing.
// libFuzzer fixes this name and these parameters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir::config;
    const std::string text{data, data + size};
    const auto outcome = load_proxy_text(text, "fuzz.yaml", [](const std::string&) {
        return std::optional<std::string>{"secret"};
    });
    for (const load_error& error : outcome.errors) {
        const bool has_place = error.file == "fuzz.yaml" && error.line > 0 && error.column > 0;
        if (!has_place || error.message.empty()) std::abort();
        if (error.to_string().find_first_of(std::string_view{"\n\r\x1b\0", 4}) != std::string::npos)
            std::abort();
    }
    if (outcome.ok() && (outcome.settings.listen.empty() || outcome.settings.servers.empty()))
        std::abort();
    if (outcome.ok() && !diff(outcome.settings, outcome.settings).empty()) std::abort();
    return 0;
}
