#pragma once

#include "replication_monitor/decision/probe_result.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace weir::replication_monitor {

/// One column of one row: its name, and its value unless that is NULL. Views into a result.
struct named_value {
    std::string_view name;
    std::optional<std::string_view> value;
};

/// A row of SHOW REPLICA STATUS, SHOW SLAVE STATUS or SHOW ALL SLAVES STATUS, in any version's
/// spelling
/// ("Source_Host", "Master_Host"; "Channel_Name", "Connection_name"). Columns that are missing or
/// malformed keep their defaults; a lag that is not a number is not known. Nothing if the row names
/// no source, as those of group replication's channels do not. Pure function.
[[nodiscard]] std::optional<replication_channel> read_channel(std::span<const named_value> row);

/// "0" and "OFF" are false, all else is true: newer servers have several kinds of read-only.
[[nodiscard]] bool read_switch(std::string_view text) noexcept;

}  // namespace weir::replication_monitor
