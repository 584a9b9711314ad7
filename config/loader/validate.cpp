#include "config/loader/validate.hpp"

#include "config/loader/plain_name.hpp"
#include "config/loader/small_file.hpp"
#include "config/loader/validate_rules.hpp"
#include "config/schema/endpoint_text.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::config {

namespace {

std::string element_path(std::string_view list, std::size_t index) {
    return std::string{list} + "[" + std::to_string(index) + "]";
}

/// Notes each value that stands in the list before. `message`: what is wrong, up to the name of the
/// earlier place.
class duplicate_finder {
public:
    duplicate_finder(problem_list& problems, std::string advice)
        : problems_{problems}, advice_{std::move(advice)} {}

    void add(const std::string& path, const std::string& value) {
        if (value.empty() || problems_.is_wrong(path)) return;
        const auto [first, is_new] = seen_.emplace(value, path);
        if (!is_new) problems_.add(path, "is the same as " + first->second + "; " + advice_);
    }

private:
    problem_list& problems_;
    std::string advice_;
    std::map<std::string, std::string> seen_;  ///< value -> path of its first place
};

/// Empty for an address that was not read.
std::string text_of(const endpoint& address) {
    return address.host.empty() && address.path.empty() ? std::string{} : to_string(address);
}

bool is_ipv6(const endpoint& address) {
    return address.host.find(':') != std::string::npos;
}

bool is_any_address(const endpoint& address) {
    return address.host == "0.0.0.0" || address.host == "::";
}

/// True if both cannot be bound at once. `[::]` is bound for IPv6 alone, so it goes together with
/// `0.0.0.0`.
bool clash(const endpoint& left, const endpoint& right) {
    if (left.what != right.what) return false;
    if (left.what == endpoint::kind::unix_socket) return left.path == right.path;
    if (left.port != right.port || is_ipv6(left) != is_ipv6(right)) return false;
    return left.host == right.host || is_any_address(left) || is_any_address(right);
}

std::string listen_path(
    const proxy_settings& settings, const problem_list& problems, std::size_t index
) {
    const std::string path = element_path("proxy.listen", index);
    const bool is_single = settings.listen.size() == 1 && !problems.is_given(path);
    return is_single ? "proxy.listen" : path;
}

void check_listen(const proxy_settings& settings, problem_list& problems) {
    for (std::size_t later = 0; later < settings.listen.size(); ++later) {
        const endpoint& address = settings.listen[later];
        if (text_of(address).empty()) continue;
        const std::string path = listen_path(settings, problems, later);
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (!clash(settings.listen[earlier], address)) continue;
            problems.add(
                path,
                "takes the same address as " + listen_path(settings, problems, earlier) +
                    "; write each address once"
            );
            break;
        }
    }
    if (!settings.metrics.enabled) return;
    for (std::size_t index = 0; index < settings.listen.size(); ++index) {
        if (!clash(settings.listen[index], settings.metrics.listen)) continue;
        const std::string path = listen_path(settings, problems, index);
        problems.add(
            "metrics.listen", "takes the same address as " + path + "; write another port"
        );
        return;
    }
}

void check_servers(const proxy_settings& settings, problem_list& problems) {
    duplicate_finder names{problems, "give each server a name of its own"};
    duplicate_finder addresses{problems, "list each server once"};
    for (std::size_t index = 0; index < settings.servers.size(); ++index) {
        const server_settings& server = settings.servers[index];
        const std::string path = element_path("servers", index);
        names.add(path + ".name", server.name);
        addresses.add(path + ".address", text_of(server.address));
        if (!is_plain_name(server.name)) {
            problems.add(
                path + ".name",
                in_quotes(server.name) + " is not a name; " + std::string{plain_name_form}
            );
        }
        const auto own = std::find(settings.listen.begin(), settings.listen.end(), server.address);
        if (!text_of(server.address).empty() && own != settings.listen.end()) {
            problems.add(
                path + ".address", "is an address of proxy.listen; write the server's own"
            );
        }
    }
    const bool takes_no_reads =
        std::all_of(settings.servers.begin(), settings.servers.end(), [](const auto& server) {
            return server.weight == 0;
        });
    if (!settings.servers.empty() && takes_no_reads) {
        problems.add(
            "servers", "all have weight 0, so none takes reads; give one a weight of 1 or more"
        );
    }
}

void check_users(const proxy_settings& settings, problem_list& problems) {
    duplicate_finder names{problems, "list each user once"};
    for (std::size_t index = 0; index < settings.users.size(); ++index) {
        names.add(element_path("users", index) + ".name", settings.users[index].name);
    }
}

void check_readable(const std::string& path, const std::string& file, problem_list& problems) {
    if (file.empty() || problems.is_wrong(path)) return;
    const std::string reason = unreadable_reason(file);
    if (reason.empty()) return;
    problems.add(path, in_quotes(file) + " " + reason + "; write the path of a readable PEM file");
}

/// A certificate is of no use without its key, nor the other way round.
void check_certificate(const std::string& section, const auto& side, problem_list& problems) {
    const std::string cert = section + ".cert";
    const std::string key = section + ".key";
    const bool has_cert = problems.is_given(cert);
    const bool has_key = problems.is_given(key);
    if (has_cert && !has_key) {
        problems.add(cert, "has no key; write " + key + " too");
    }
    if (has_key && !has_cert) {
        problems.add(key, "has no certificate; write " + cert + " too");
    }
    check_readable(cert, side.cert, problems);
    check_readable(key, side.key, problems);
    check_readable(section + ".ca", side.ca, problems);
}

void check_client_tls(const client_tls_settings& tls, problem_list& problems) {
    check_certificate("tls.client", tls, problems);
    const bool has_neither =
        !problems.is_given("tls.client.cert") && !problems.is_given("tls.client.key");
    if (tls.mode != client_tls_mode::disabled && has_neither) {
        problems.add(
            "tls.client.mode", "needs a certificate; write tls.client.cert and tls.client.key"
        );
    }
}

void check_server_tls(const proxy_settings& settings, problem_list& problems) {
    const server_tls_settings& tls = settings.server_tls;
    check_certificate("tls.server", tls, problems);
    const bool is_verified =
        tls.mode == server_tls_mode::verify_ca || tls.mode == server_tls_mode::verify_identity;
    if (is_verified && !problems.is_given("tls.server.ca")) {
        problems.add(
            "tls.server.mode",
            "needs the authority that signs the servers' certificates; write tls.server.ca"
        );
    }
    if (tls.mode != server_tls_mode::verify_identity) return;
    for (std::size_t index = 0; index < settings.servers.size(); ++index) {
        if (settings.servers[index].address.what != endpoint::kind::unix_socket) continue;
        problems.add(
            element_path("servers", index) + ".address",
            "is a Unix socket, whose name no certificate holds; write host:port, or "
            "tls.server.mode verify-ca"
        );
    }
}

}  // namespace

void validate(const proxy_settings& settings, problem_list& problems) {
    check_listen(settings, problems);
    check_servers(settings, problems);
    check_users(settings, problems);
    check_client_tls(settings.client_tls, problems);
    check_server_tls(settings, problems);
    validate_rules(settings, problems);
}

}  // namespace weir::config
