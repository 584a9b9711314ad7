#pragma once

#include "config/schema/secret_text.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace weir::config {

struct monitor_settings {
    std::string user;                          ///< required
    secret_text password;                      ///< from password, password_file or password_env
    std::chrono::milliseconds interval{1000};  ///< between probes of one server, 10 ms..1 h
    std::chrono::milliseconds connect_timeout{1000};
    std::chrono::milliseconds query_timeout{1000};  ///< of one probe's answers
    std::uint32_t failures_to_down =
        2;  ///< failed probes in a row before a server counts as unreachable
    std::uint32_t successes_to_up = 2;  ///< good probes in a row before it is used again
    std::chrono::milliseconds accounts_interval{
        2000};  ///< between readings of the primary's accounts
    std::chrono::milliseconds catalog_interval{
        10000};  ///< between readings of the primary's routines and views; 0: they are not read
    bool allow_several_primaries = false;  ///< false: two writable primaries and none gets writes
    friend bool operator==(const monitor_settings&, const monitor_settings&) = default;
};

}  // namespace weir::config
