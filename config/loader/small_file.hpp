#pragma once

#include "config/loader/parsed.hpp"

#include <cstddef>
#include <string>

namespace weir::config {

/// The bytes of a regular file of at most `largest` bytes. Problems read `cannot be read: No such
/// file or directory`. Pipes and devices are refused: reading one could wait for ever.
[[nodiscard]] parsed<std::string> read_small_file(const std::string& path, std::size_t largest);

/// Why this process cannot read the regular file `path`; empty: it can.
[[nodiscard]] std::string unreadable_reason(const std::string& path);

}  // namespace weir::config
