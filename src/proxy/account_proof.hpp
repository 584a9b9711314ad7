#pragma once

#include "config/schema/proxy_settings.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "replication_monitor/model/account.hpp"
#include "splitter/relay/credential.hpp"

#include <string>
#include <string_view>

namespace weir::proxy {

/// How a client proved itself: its method, our scramble, its answer.
struct client_proof {
    std::string_view method;
    protocol::wire::bytes_view scramble;
    protocol::wire::bytes_view response;
};

/// The client-side name of the method that all accounts of this user have; empty if there are
/// several, or none is known.
[[nodiscard]] std::string_view method_of(
    const replication_monitor::account_list& accounts, std::string_view user
);

/// What the stored hashes make of the client's answer: a key if one of the user's accounts is
/// proven. `none` does not mean that the password is wrong, only that it is not known to be right:
/// the server decides.
[[nodiscard]] splitter::credential derive_credential(
    const replication_monitor::account_list& accounts,
    std::string_view user,
    const client_proof& proof
);

/// Does the answer prove this password?
[[nodiscard]] bool proves(const client_proof& proof, std::string_view password);

}  // namespace weir::proxy
