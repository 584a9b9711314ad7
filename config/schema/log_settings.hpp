#pragma once

#include <cstdint>
#include <string>

namespace weir::config {

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

struct log_settings {
    log_level level = log_level::info;
    log_format format = log_format::text;
    std::string file;  ///< empty: standard error
    friend bool operator==(const log_settings&, const log_settings&) = default;
};

}  // namespace weir::config
