#include "config/loader/validate.hpp"

#include "tests/unit/config/loader/load_support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace weir::config::test {
namespace {

std::string with_listen(const std::string& list) {
    return "proxy: {listen: " + list + "}\n" + servers_line + monitor_line;
}

std::string with_servers(const std::string& list) {
    return proxy_line + "servers: " + list + "\n" + monitor_line;
}

TEST(validate, refuses_listening_twice) {
    expect_errors({
        {"same address",
         with_listen("['127.0.0.1:6033', '127.0.0.1:6033']"),
         {"1:36: proxy.listen[1]: takes the same address as proxy.listen[0]; write each address "
          "once"}},
        {"same socket",
         with_listen("['unix:/x', 'unix:/x']"),
         {"1:29: proxy.listen[1]: takes the same address as proxy.listen[0]; write each address "
          "once"}},
        {"all addresses and one of them",
         with_listen("['127.0.0.1:6033', '0.0.0.0:6033']"),
         {"1:36: proxy.listen[1]: takes the same address as proxy.listen[0]; write each address "
          "once"}},
        {"all IPv6 addresses and one of them",
         with_listen("['[::]:6033', '[::1]:6033']"),
         {"1:31: proxy.listen[1]: takes the same address as proxy.listen[0]; write each address "
          "once"}},
        {"all addresses of both families", with_listen("['0.0.0.0:6033', '[::]:6033']"), {}},
        {"two ports and a socket", with_listen("['127.0.0.1:1', '127.0.0.1:2', 'unix:/x']"), {}},
        {"metrics on the only listener",
         base + "metrics: {listen: 127.0.0.1:6033}\n",
         {"4:19: metrics.listen: takes the same address as proxy.listen; write another port"}},
        {"metrics on one of several listeners",
         with_listen("['127.0.0.1:1', '0.0.0.0:2']") + "metrics: {listen: 127.0.0.1:2}\n",
         {"4:19: metrics.listen: takes the same address as proxy.listen[1]; write another port"}},
        {"metrics on another port", base + "metrics: {listen: 127.0.0.1:6080}\n", {}},
    });
}

TEST(validate, refuses_servers_that_contradict_each_other) {
    expect_errors({
        {"same name",
         with_servers("[{name: a, address: db1}, {name: a, address: db2}]"),
         {"2:43: servers[1].name: is the same as servers[0].name; give each server a name of its "
          "own"}},
        {"same address, its port once implied",
         with_servers("[{name: a, address: db1}, {name: b, address: 'db1:3306'}]"),
         {"2:55: servers[1].address: is the same as servers[0].address; list each server once"}},
        {"a name that no hint could hold",
         with_servers("[{name: 'a b', address: db1}]"),
         {"2:18: servers[0].name: \"a b\" is not a name; write letters, digits, `-`, `_` and `.` "
          "only"}},
        {"weights that leave no reader",
         with_servers("[{name: a, address: x, weight: 0}, {name: b, address: y, weight: 0}]"),
         {"2:10: servers: all have weight 0, so none takes reads; give one a weight of 1 or more"}},
        {"one weight of zero",
         with_servers("[{name: a, address: x, weight: 0}, {name: b, address: y}]"),
         {}},
        {"the proxy itself",
         with_servers("[{name: a, address: '127.0.0.1:6033'}]"),
         {"2:30: servers[0].address: is an address of proxy.listen; write the server's own"}},
    });
}

TEST(validate, says_nothing_about_keys_that_are_wrong_already) {
    const std::string forms = "write host, host:port, [IPv6 address]:port or unix:/path";
    expect_errors({
        {"two addresses that were not read",
         with_servers("[{name: a, address: '::1'}, {name: b, address: '::1'}]"),
         {"2:30: servers[0].address: \"::1\" is an IPv6 address without brackets; " + forms,
          "2:57: servers[1].address: \"::1\" is an IPv6 address without brackets; " + forms}},
        {"a listener that was not read",
         with_listen("[x, x]"),
         {"1:18: proxy.listen[0]: \"x\" has no port; write host:port, [IPv6 address]:port or "
          "unix:/path",
          "1:21: proxy.listen[1]: \"x\" has no port; write host:port, [IPv6 address]:port or "
          "unix:/path"}},
    });
}

TEST(validate, refuses_users_listed_twice) {
    expect_errors({
        {"same name",
         base + "users: [{name: app, password: x}, {name: app, password: y}]\n",
         {"4:42: users[1].name: is the same as users[0].name; list each user once"}},
        {"names that differ in case",
         base + "users: [{name: app, password: x}, {name: App, password: y}]\n",
         {}},
    });
}

TEST(validate, wants_certificates_complete) {
    const temporary_directory directory;
    const std::string pem = directory.write("x.pem", "");
    expect_errors({
        {"require without a certificate",
         base + "tls: {client: {mode: require}}\n",
         {"4:22: tls.client.mode: needs a certificate; write tls.client.cert and tls.client.key"}},
        {"allow without a certificate",
         base + "tls: {client: {mode: allow}}\n",
         {"4:22: tls.client.mode: needs a certificate; write tls.client.cert and tls.client.key"}},
        {"certificate without its key",
         base + "tls: {client: {mode: allow, cert: " + pem + "}}\n",
         {"4:35: tls.client.cert: has no key; write tls.client.key too"}},
        {"key without its certificate",
         base + "tls: {server: {key: " + pem + "}}\n",
         {"4:21: tls.server.key: has no certificate; write tls.server.cert too"}},
        {"verify-ca without an authority",
         base + "tls: {server: {mode: verify-ca}}\n",
         {"4:22: tls.server.mode: needs the authority that signs the servers' certificates; write "
          "tls.server.ca"}},
        {"verify-identity without an authority",
         base + "tls: {server: {mode: verify-identity}}\n",
         {"4:22: tls.server.mode: needs the authority that signs the servers' certificates; write "
          "tls.server.ca"}},
        {"complete on both sides",
         base + "tls:\n  client: {mode: require, cert: " + pem + ", key: " + pem +
             "}\n  server: {mode: verify-ca, ca: " + pem + "}\n",
         {}},
    });
}

TEST(validate, wants_to_verify_names_only_where_there_are_names) {
    const temporary_directory directory;
    const std::string ca = directory.write("ca.pem", "");
    expect_errors({
        {"a Unix socket has none",
         with_servers("[{name: a, address: 'unix:/x'}]") +
             "tls: {server: {mode: verify-identity, ca: " + ca + "}}\n",
         {"2:30: servers[0].address: is a Unix socket, whose name no certificate holds; write "
          "host:port, or "
          "tls.server.mode verify-ca"}},
    });
}

TEST(validate, wants_named_files_readable) {
    const std::string reason =
        " cannot be read: No such file or directory; write the path of a readable PEM file";
    expect_errors({
        {"each of them",
         base + "tls: {client: {mode: allow, cert: /no/c.pem, key: /no/k.pem, ca: /no/a.pem}}\n",
         {"4:35: tls.client.cert: \"/no/c.pem\"" + reason,
          "4:51: tls.client.key: \"/no/k.pem\"" + reason,
          "4:66: tls.client.ca: \"/no/a.pem\"" + reason}},
        {"a directory",
         base + "tls: {server: {ca: /}}\n",
         {"4:20: tls.server.ca: \"/\" cannot be read: it is not a regular file; write the path of "
          "a readable PEM "
          "file"}},
    });
}

}  // namespace
}  // namespace weir::config::test
