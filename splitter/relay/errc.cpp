#include "splitter/relay/errc.hpp"

#include "protocol/wire/error_category.hpp"

namespace weir::splitter {
namespace {

[[nodiscard]] const char* message_of(int value) {
    switch (static_cast<errc>(value)) {
        case errc::preparation_refused: return "a server refused the session's state";
        case errc::local_infile_refused:
            return "a server asked for a file that the client did not offer";
        case errc::unexpected_bytes: return "a server spoke without being asked";
        case errc::authentication_failed: return "a server refused the account";
        case errc::method_not_relayable:
            return "the account's authentication method needs the password itself";
        case errc::tls_required: return "TLS is required";
        case errc::server_unreachable: return "the server does not answer its probes";
        case errc::replay_differs: return "the transaction did not come out the same elsewhere";
        case errc::connection_ended_by_server: return "the server has ended the connection";
    }
    return "unknown error";
}

}  // namespace

const boost::system::error_category& splitter_category() noexcept {
    static const protocol::wire::error_category instance("weir.splitter", message_of);
    return instance;
}

}  // namespace weir::splitter
