#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// One row of the primary's account table. The verifier is a secret: never logged, wiped with its
/// list.
struct account {
    std::string user;
    std::string host;    ///< pattern, "%" included
    std::string plugin;  ///< "mysql_native_password", "caching_sha2_password", "ed25519", ...
    std::string
        authentication_string;  ///< "*HEX" for native; "$A$005$..." for sha2; base64 for ed25519
    friend bool operator==(const account&, const account&) = default;
};

/// All accounts of the primary as of one reading. Immutable once published; `generation` moves only
/// on a change.
struct account_list {
    std::uint64_t generation = 0;
    bool readable = false;  ///< false: the monitor's account may not read them
    std::multimap<std::string, account, std::less<>> by_user;
};

}  // namespace weir::replication_monitor
