#pragma once

#include "replication_monitor/model/definition_list.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace weir::replication_monitor {

/// One attempt to read a server's stored routines and views.
struct definitions_reading {
    enum class outcome : std::uint8_t {
        read,
        unchanged,  ///< the fingerprint is the one that was known
        failed,     ///< no answer
    };
    outcome what = outcome::failed;
    std::shared_ptr<const definition_list> definitions;  ///< read
    std::string fingerprint;  ///< of what was read; equal ones mean equal definitions
    std::string error;        ///< failed: for people
};

}  // namespace weir::replication_monitor
