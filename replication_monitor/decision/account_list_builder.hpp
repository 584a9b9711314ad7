#pragma once

#include "replication_monitor/model/account.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir::replication_monitor {

/// One attempt to read a server's accounts.
struct accounts_reading {
    enum class outcome : std::uint8_t {
        read,
        refused,  ///< the server answers, but the monitor's account may not read them
        failed,   ///< no answer
    };
    outcome what = outcome::failed;
    std::vector<account> accounts;  ///< one per account and method; secret
    std::string error;              ///< for people; empty if read
};

/// Readings in, account lists out. A failed reading changes nothing: what was known last still
/// counts. Lists wipe their secrets when their last owner lets go. Thread: the decider's.
class account_list_builder {
public:
    /// The list as of `reading`: the previous one, same generation, unless something is different.
    [[nodiscard]] std::shared_ptr<const account_list> update(accounts_reading reading);

private:
    std::shared_ptr<const account_list> last_ = std::make_shared<const account_list>();
};

}  // namespace weir::replication_monitor
